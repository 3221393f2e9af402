// Suggestions below a search box as one types: a combobox after the ARIA practices (list autocomplete, manual selection).
// Without this script the box is what it looks like, a field of a form.

const WAIT_MS = 90;
const MOST_RECENT = 8;
const STORE = "recent-searches";

// Storage may be switched off; searching goes on without it.
const recent = {
  all() {
    try {
      const kept = JSON.parse(localStorage.getItem(STORE) ?? "[]");
      return Array.isArray(kept) ? kept.filter((text) => typeof text === "string").slice(0, MOST_RECENT) : [];
    } catch {
      return [];
    }
  },
  add(text) {
    const words = text.trim();
    if (!words) return;
    const rest = this.all().filter((kept) => kept !== words);
    this.keep([words, ...rest].slice(0, MOST_RECENT));
  },
  keep(texts) {
    try {
      if (texts.length) localStorage.setItem(STORE, JSON.stringify(texts));
      else localStorage.removeItem(STORE);
    } catch {}
  },
};

class Combobox {
  constructor(input) {
    this.input = input;
    this.words = input.dataset;
    this.options = [];
    this.active = -1;
    this.composing = false;
    this.make();
    input.addEventListener("input", () => this.composing || this.soon());
    input.addEventListener("focus", () => input.value.trim() || this.show(this.remembered(), true));
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.key(event));
    // An input method's letters are not yet words, and its Enter and arrows belong to it.
    input.addEventListener("compositionstart", () => {
      this.composing = true;
      this.close(); // what it shows was for what stood there before, and would lie under the input method's own list
    });
    input.addEventListener("compositionend", () => {
      this.composing = false;
      this.soon();
    });
    input.form.addEventListener("submit", () => recent.add(input.value));
  }

  make() {
    const id = `${this.input.id}-suggestions`;
    this.panel = Object.assign(document.createElement("div"), { className: "suggestions", hidden: true });
    this.title = Object.assign(document.createElement("p"), { className: "suggestions-title" });
    this.list = Object.assign(document.createElement("ul"), { id });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.words.label);
    this.clear = Object.assign(document.createElement("button"), {
      type: "button",
      className: "button-quiet",
      textContent: this.words.clear,
    });
    this.clear.addEventListener("click", () => {
      recent.keep([]);
      this.show([], true);
      this.input.focus();
    });
    this.status = Object.assign(document.createElement("p"), { className: "visually-hidden" });
    this.status.setAttribute("role", "status");
    this.panel.append(this.title, this.list, this.clear);
    // Pressing on the panel, by mouse or finger, must not take the focus from the box before the click arrives.
    this.panel.addEventListener("pointerdown", (event) => event.preventDefault());
    this.panel.addEventListener("mousedown", (event) => event.preventDefault());
    this.input.parentElement.append(this.panel, this.status);
    const box = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
    for (const [name, value] of Object.entries(box)) this.input.setAttribute(name, value);
  }

  soon() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    const typed = this.input.value.trim();
    if (!typed) return this.show(this.remembered(), true);
    this.request = new AbortController();
    const address = new URL(this.words.suggest, location.href);
    address.searchParams.set("q", typed);
    try {
      const answer = await fetch(address, { signal: this.request.signal });
      if (!answer.ok) return this.close();
      const { suggestions } = await answer.json();
      if (document.activeElement !== this.input) return;
      this.show(suggestions.map((one) => ({ text: one.name, note: one.note, lang: one.language, url: one.url })), false);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  remembered() {
    return recent.all().map((text) => ({ text }));
  }

  show(choices, areRecent) {
    this.options = choices;
    this.title.textContent = this.words.recent;
    this.title.hidden = this.clear.hidden = !areRecent;
    this.list.replaceChildren(...choices.map((choice, index) => this.option(choice, index)));
    this.mark(-1);
    this.panel.hidden = choices.length === 0;
    this.input.setAttribute("aria-expanded", String(choices.length > 0));
    const count = choices.length.toLocaleString(document.documentElement.lang);
    this.status.textContent = choices.length ? this.words.some.replace("{count}", count) : areRecent ? "" : this.words.none;
  }

  option(choice, index) {
    const item = Object.assign(document.createElement("li"), { id: `${this.list.id}-${index}` });
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const name = Object.assign(document.createElement("span"), { textContent: choice.text, dir: "auto" });
    if (choice.lang) name.lang = choice.lang;
    item.append(name);
    if (choice.note) item.append(Object.assign(document.createElement("small"), { textContent: choice.note }));
    item.addEventListener("click", () => this.choose(index));
    return item;
  }

  key(event) {
    if (event.isComposing || this.composing || event.keyCode === 229) return;
    const last = this.options.length - 1;
    const open = !this.panel.hidden;
    if (event.key === "Escape" && open) {
      event.preventDefault(); // the first Escape closes the list, the next one empties the box
      this.close();
    } else if (event.key === "ArrowDown" && !open) {
      this.ask();
      event.preventDefault();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = this.active + step;
      this.mark(next > last ? -1 : next < -1 ? last : next);
    } else if (event.key === "Enter" && open && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Tab") {
      this.close();
    }
  }

  mark(index) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const item = this.list.children[index];
    if (!item) return this.input.removeAttribute("aria-activedescendant");
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", item.id);
  }

  choose(index) {
    const { text, url } = this.options[index];
    recent.add(text);
    this.close();
    if (url) return location.assign(url);
    this.input.value = text;
    this.input.form.requestSubmit();
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.panel.hidden = true;
    this.mark(-1);
    this.input.setAttribute("aria-expanded", "false");
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) new Combobox(input);
