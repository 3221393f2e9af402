// What every page has: the language menu closes like a menu, buttons copy and share, and the state of opening hours is
// that of this moment, however long ago the page was made.

const COPIED_MS = 2500;

function closeMenus() {
  const menus = document.querySelectorAll("details.switcher, details.menu");
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (!menu.open) continue;
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

// [{since: seconds, open: bool, words: string}, ...], in order; the last one that has begun holds. Without words, nothing is known.
function showOpenStates() {
  const now = Date.now() / 1000;
  let next = Infinity;
  for (const element of document.querySelectorAll("[data-states]")) {
    const states = JSON.parse(element.dataset.states);
    const current = states.filter((state) => state.since <= now).pop() ?? states[0];
    next = Math.min(next, ...states.map((state) => state.since).filter((since) => since > now));
    element.textContent = current.words;
    element.hidden = !current.words;
    element.classList.toggle("is-open", current.open);
  }
  if (next < Infinity) setTimeout(showOpenStates, Math.min((next - now) * 1000 + 500, 3_600_000));
}

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  document.execCommand("copy"); // without https there is no clipboard
  field.remove();
}

function answer(button) {
  const words = button.querySelector("[data-words]");
  const before = words.textContent;
  words.textContent = button.dataset.done;
  setTimeout(() => (words.textContent = before), COPIED_MS);
}

function wakeButtons() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await copy(button.dataset.copy);
      answer(button);
    });
  }
  for (const button of document.querySelectorAll("button[data-share]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const page = { title: document.title, url: button.dataset.share };
      if (!navigator.share) {
        await copy(page.url);
        answer(button);
        return;
      }
      await navigator.share(page).catch(() => {}); // closing the sheet is an answer too
    });
  }
  for (const button of document.querySelectorAll("button[data-near]")) {
    button.hidden = !navigator.geolocation;
    button.addEventListener("click", () => askPosition(button));
  }
}

function askPosition(button) {
  button.disabled = true;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const address = new URL(location.href);
      address.searchParams.set("near", `${coords.latitude.toFixed(4)},${coords.longitude.toFixed(4)}`);
      address.searchParams.set("sort", "nearest");
      address.searchParams.delete("page");
      location.assign(address);
    },
    () => {
      button.disabled = false;
      answer(button);
    },
    { maximumAge: 60_000, timeout: 15_000 },
  );
}

closeMenus();
showOpenStates();
document.addEventListener("visibilitychange", () => document.hidden || showOpenStates());
wakeButtons();
