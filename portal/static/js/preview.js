// The page as it will be, beside the form it is made from: shown when asked for, made anew whenever the draft was saved.

const live = document.getElementById("live");
const toggle = document.querySelector("[data-live-toggle]");
if (live && toggle) begin();

function begin() {
  const frame = live.querySelector("iframe");
  const choice = live.querySelector("select");
  let depth = 0;

  const show = () => {
    if (live.hidden) return;
    depth = frame.contentWindow?.scrollY ?? 0;
    frame.contentWindow.location.replace(choice.value); // leaves no step behind in the browser's history
  };
  frame.addEventListener("load", () => {
    const page = frame.contentDocument;
    if (!page || page.URL === "about:blank") return;
    frame.contentWindow.scrollTo({ top: depth, behavior: "instant" });
    page.addEventListener("click", (event) => event.target.closest("a, button") && event.preventDefault(), true);
    page.addEventListener("submit", (event) => event.preventDefault(), true);
  });
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    live.hidden = !live.hidden;
    toggle.setAttribute("aria-expanded", String(!live.hidden));
    document.body.classList.toggle("with-preview", !live.hidden);
    show();
    if (!live.hidden) live.scrollIntoView({ block: "nearest" });
  });
  choice.addEventListener("change", () => {
    depth = 0;
    show();
  });
  document.addEventListener("autosaved", show);
}
