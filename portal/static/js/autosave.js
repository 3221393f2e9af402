// What somebody types is saved into the draft a few seconds later. Without a connection, or with a session that has
// ended, it is kept in the browser and offered again. Fields that somebody else changed meanwhile show their words;
// where both changed the same one, saving by hand leads to a comparison.

const PAUSE_MS = 2500;
const LONGEST_MS = 10_000;
const RETRY_MS = 15_000;

const form = document.querySelector("form[data-autosave]");
if (form) begin();
else if (document.querySelector(".notice[role=status]")) settled();

// The page after a form that was saved by hand: what the browser kept of it has arrived.
function settled() {
  const sent = sessionStorage.getItem("sent");
  if (sent) localStorage.removeItem(sent);
  sessionStorage.removeItem("sent");
}

function begin() {
  const words = form.dataset;
  const state = form.querySelector("[data-autosave-state]");
  const place = `typed:${words.person}:${location.pathname.replace(/^\/[^/]+/, "")}`;
  const begun = read(form);
  let saved = begun; // what the server has, as the controls say it
  let timer = 0;
  let dirtySince = 0;
  let sending = false;
  let stopped = words.autosave === "off"; // a draft that waits for its review is not pulled out of it by a key

  const say = (text, link) => {
    state.replaceChildren(text);
    if (link) {
      const anchor = Object.assign(document.createElement("a"), { href: link, textContent: words.signIn });
      state.append(" ", anchor);
    }
  };
  const keep = () => {
    const { csrf_token, version, ...values } = read(form);
    const typed = { version: version[0], at: Date.now(), values };
    try {
      localStorage.setItem(place, JSON.stringify(typed));
    } catch {
      // no room, or not allowed: then only the server keeps it
    }
  };
  const forget = () => localStorage.removeItem(place);

  offer();
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", () => {
    stopped = true;
    keep();
    sessionStorage.setItem("sent", place);
  });
  addEventListener("online", () => schedule(0));

  function changed(event) {
    if (event.target.closest("[data-only-on-save]")) return;
    keep();
    if (stopped) return;
    dirtySince ||= Date.now();
    schedule(Math.min(PAUSE_MS, Math.max(0, dirtySince + LONGEST_MS - Date.now())));
  }

  function schedule(wait) {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, wait);
  }

  async function save() {
    if (sending || stopped || same(read(form), saved)) return;
    if (form.querySelector("[data-unsettled]")) return schedule(PAUSE_MS);
    sending = true;
    const sent = read(form);
    dirtySince = 0;
    say(words.saving);
    try {
      const body = new URLSearchParams();
      for (const [name, values] of Object.entries(sent)) for (const value of values) body.append(name, value);
      const headers = { "X-Autosave": "1", Accept: "application/json" };
      const answer = await fetch(form.action, { method: "POST", body, headers, redirect: "manual" });
      await took(answer, sent);
    } catch {
      say(words.offline);
      schedule(RETRY_MS);
    } finally {
      sending = false;
    }
  }

  async function took(answer, sent) {
    if (answer.type === "opaqueredirect" || answer.status === 400 || answer.status === 403 || answer.status === 404) {
      stopped = true;
      return say(words.signedOut, words.signInAddress);
    }
    if (answer.status >= 500) throw new Error("try again");
    const told = await answer.json();
    if (answer.status === 409) {
      stopped = true;
      return say(`${told.problem} ${words.compare}`);
    }
    if (!answer.ok) return say(`${words.unsaved} ${told.problem}`);
    const now = read(form);
    if (told.others && !same(now, sent)) {
      stopped = true; // typed on while somebody else's words came: who saves by hand is shown both
      return say(words.compare);
    }
    write(told.form, now, sent);
    form.elements.version.value = told.version;
    saved = same(now, sent) ? read(form) : sent;
    form.dispatchEvent(new CustomEvent("autosaved", { bubbles: true }));
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    say(words.saved.replace("{time}", time));
    if (same(now, sent)) forget();
    else schedule(PAUSE_MS);
  }

  // Put what the server has into the controls nobody touched since it was sent; never under somebody's cursor.
  function write(values, now, sent) {
    for (const control of form.elements) {
      const { name, type } = control;
      if (!name || name === "csrf_token" || name === "version" || !(name in values)) continue;
      if (control.closest("[data-only-on-save]") || String(now[name]) !== String(sent[name])) continue;
      if (type === "checkbox" || type === "radio") control.checked = values[name].includes(control.value);
      else if (control !== document.activeElement || type === "hidden") control.value = values[name][0] ?? "";
    }
  }

  function offer() {
    const mine = localStorage.getItem(place);
    sessionStorage.removeItem("sent");
    if (!mine || document.getElementById("problem")) return; // a form that came back holds what was typed
    const typed = JSON.parse(mine);
    if (same(typed.values, begun)) return forget();
    const panel = form.parentElement.querySelector("[data-autosave-offer]");
    const when = new Date(typed.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    panel.querySelector("[data-when]").textContent = when;
    panel.hidden = false;
    panel.querySelector("[data-take]").addEventListener("click", () => {
      for (const control of form.elements) {
        const { name, type } = control;
        if (!name || ["csrf_token", "version"].includes(name) || control.closest("[data-only-on-save]")) continue;
        const values = typed.values[name] ?? [];
        if (type === "checkbox" || type === "radio") control.checked = values.includes(control.value);
        else if (values.length) control.value = values[0];
      }
      form.elements.version.value = typed.version; // so that what others did since is compared with it
      panel.hidden = true;
      form.dispatchEvent(new Event("input", { bubbles: true }));
      form.querySelector("textarea, input:not([type=hidden])").focus();
    });
    panel.querySelector("[data-drop]").addEventListener("click", () => {
      forget();
      panel.hidden = true;
    });
  }
}

// {name: [values]} as a browser would send them, without what only counts when saved by hand.
function read(form) {
  const values = {};
  for (const control of form.elements) {
    const { name, type } = control;
    if (!name || type === "submit" || type === "button" || type === "file" || control.closest("[data-only-on-save]")) continue;
    if ((type === "checkbox" || type === "radio") && !control.checked) continue;
    (values[name] ??= []).push(control.value);
  }
  return values;
}

function same(one, other) {
  const strip = ({ csrf_token, version, ...rest }) => JSON.stringify(rest);
  return strip(one) === strip(other);
}
