// A listing's pictures: files that are too large are named before they are sent, pictures are moved by buttons, and the
// point to keep in view is clicked on. Without this, the same is done with numbers.

const LARGEST = 20 * 1024 * 1024;

function watchUpload(form) {
  const files = form.querySelector("[type=file]");
  const state = form.querySelector("[role=status]");
  files.addEventListener("change", () => {
    const large = [...files.files].filter((file) => file.size > LARGEST);
    const problem = large.map((file) => `${file.name}: ${form.dataset.tooLarge}`).join(" ");
    files.setCustomValidity(problem);
    state.textContent = problem;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    state.textContent = form.dataset.busy;
    form.querySelector("[type=submit]").disabled = true;
    const problem = await inTheWay(form);
    if (!problem) return form.submit();
    form.querySelector("[type=submit]").disabled = false;
    state.textContent = problem;
  });
  addEventListener("pageshow", () => (form.querySelector("[type=submit]").disabled = false)); // back from another page
}

// What would lose the chosen files: no connection, or a session that has ended. After signing in again in another tab,
// the form proves itself with that session's token.
async function inTheWay(form) {
  try {
    const answer = await fetch(form.dataset.page, { redirect: "manual" });
    if (!answer.ok) return form.dataset.signedOut;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    form.elements.csrf_token.value = page.querySelector("#upload [name=csrf_token]").value;
    return "";
  } catch {
    return form.dataset.offline;
  }
}

function wakeItem(item) {
  item.querySelector("[data-hint]").hidden = false;
  const shown = item.querySelector(".picture-shown");
  const picture = shown.querySelector("img");
  const axes = { x: item.querySelector("[data-axis=x]"), y: item.querySelector("[data-axis=y]") };
  const point = Object.assign(document.createElement("span"), { className: "focus-mark" });
  const card = Object.assign(picture.cloneNode(), { className: "focus-card", alt: "", loading: "eager" });
  shown.append(point);
  item.querySelector(".focus-point").append(card);

  const follow = () => {
    const [x, y] = [axes.x, axes.y].map((field) => (/^\d+$/.test(field.value) ? Math.min(field.value, 100) : 50));
    point.hidden = !axes.x.value && !axes.y.value;
    point.style.left = `${x}%`; // a picture has a left side in every language
    point.style.top = `${y}%`;
    card.style.objectPosition = `${x}% ${y}%`;
  };
  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    axes.x.value = Math.round(((event.clientX - box.left) / box.width) * 100);
    axes.y.value = Math.round(((event.clientY - box.top) / box.height) * 100);
    axes.x.dispatchEvent(new Event("input", { bubbles: true }));
  });
  item.closest("form").addEventListener("input", follow);
  follow();
}

function wakeOrder(list) {
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const item = button.closest("li");
    const next = button.dataset.move < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!next) return;
    if (button.dataset.move < 0) next.before(item);
    else next.after(item);
    [...list.children].forEach((child, index) => (child.querySelector("[data-place]").value = index + 1));
    item.querySelector("[data-place]").dispatchEvent(new Event("input", { bubbles: true }));
    button.focus();
    item.scrollIntoView({ block: "nearest" });
  });
  for (const button of list.querySelectorAll("[data-move]")) button.hidden = false;
}

watchUpload(document.getElementById("upload"));
const list = document.querySelector(".picture-list");
if (list) {
  for (const item of list.children) wakeItem(item);
  wakeOrder(list);
}
