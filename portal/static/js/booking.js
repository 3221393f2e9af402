// Booking made nicer: steppers and a running total, rules said as one chooses, arrow keys in the calendar, links that
// keep what was chosen, and the clock of a hold. All of it works without, only with more clicks.

// --- Tickets ---------------------------------------------------------------------------------------------------
const form = document.querySelector("#book");

if (form) {
  const units = [...form.querySelectorAll("[data-unit]")];
  const said = JSON.parse(form.dataset.rules);
  const pattern = JSON.parse(form.dataset.amount);
  const field = (unit) => unit.querySelector("input");
  const quantity = (unit) => Math.max(0, Math.trunc(Number(field(unit).value)) || 0);

  function amount(minor) {
    const decimals = Number(pattern.decimals);
    const [whole, part] = (minor / 10 ** decimals).toFixed(decimals).split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, pattern.group);
    return pattern.before + grouped + (part ? pattern.decimal + part : "") + pattern.after;
  }

  function brokenRule() {
    const count = units.reduce((sum, unit) => sum + quantity(unit), 0);
    const { least, most } = form.dataset;
    if (count < Number(least) || count > Number(most)) return said[""];
    for (const unit of units) {
      const { unit: id, least: fewest, most: highest, with: others } = unit.dataset;
      const wanted = quantity(unit);
      if (!wanted) continue;
      if (wanted < Number(fewest) || wanted > Number(highest)) return said[id];
      const along = units.filter((other) => others.split(" ").includes(other.dataset.unit));
      if (along.length && !along.some(quantity)) return said[`${id} alone`];
    }
    return "";
  }

  // Where there may be none, or two or more, the stepper leaves one out.
  function next(unit, by) {
    const { least, most } = unit.dataset;
    const wanted = quantity(unit) + by;
    if (wanted < Number(least)) return by > 0 ? Number(least) : 0;
    return Math.min(wanted, Number(most));
  }

  function show() {
    const count = units.reduce((sum, unit) => sum + quantity(unit), 0);
    form.querySelector("#total").textContent = amount(units.reduce((sum, unit) => sum + quantity(unit) * Number(unit.dataset.price), 0));
    const words = brokenRule();
    const place = form.querySelector("#broken");
    place.hidden = !words;
    if (place.textContent !== words) place.textContent = words;
    for (const unit of units) {
      for (const button of unit.querySelectorAll("[data-step]")) {
        const up = Number(button.dataset.step) > 0;
        const full = count >= Number(form.dataset.most) || quantity(unit) >= Number(unit.dataset.most);
        button.setAttribute("aria-disabled", up ? full : quantity(unit) === 0);
      }
    }
    keepInLinks();
  }

  // Another day, month or offer: with the tickets chosen so far.
  function keepInLinks() {
    for (const link of document.querySelectorAll("a[data-keep]")) {
      const address = new URL(link.href);
      for (const unit of units) address.searchParams.set(field(unit).name, quantity(unit));
      link.href = address;
    }
  }

  for (const unit of units) {
    field(unit).addEventListener("input", show);
    for (const button of unit.querySelectorAll("[data-step]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        if (button.getAttribute("aria-disabled") === "true") return;
        field(unit).value = next(unit, Number(button.dataset.step));
        show();
      });
    }
  }
  // Told here rather than by a page that comes back.
  form.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "hold" || !brokenRule()) return;
    event.preventDefault();
    const place = form.querySelector("#broken");
    place.scrollIntoView({ block: "center" });
  });
  show();
  addEventListener("pageshow", (event) => event.persisted && show());
}

// --- Calendar --------------------------------------------------------------------------------------------------
const month = document.querySelector(".month");

month?.addEventListener("keydown", (event) => {
  const forward = document.dir === "rtl" ? -1 : 1;
  const step = { ArrowRight: forward, ArrowLeft: -forward, ArrowDown: 7, ArrowUp: -7 }[event.key];
  if (!step || !event.target.matches("a")) return;
  const cells = [...month.querySelectorAll("td")];
  let at = cells.indexOf(event.target.closest("td")) + step;
  while (cells[at] && !cells[at].querySelector("a")) at += step;
  if (!cells[at]) return;
  event.preventDefault();
  cells[at].querySelector("a").focus();
});

// --- The clock of a hold ---------------------------------------------------------------------------------------
const clock = document.querySelector(".clock");

if (clock) {
  // The seconds left are the server's; how many have passed since is told by this device, however wrong its time is.
  const end = Date.now() + Number(clock.dataset.left) * 1000;
  const face = clock.querySelector(".clock-face");
  const words = clock.querySelector(".clock-words");
  const SOON_S = 300;
  face.hidden = false;

  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    face.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    clock.classList.toggle("is-soon", left <= SOON_S);
    const say = left === 0 ? words.dataset.over : left <= SOON_S ? words.dataset.soon : "";
    if (words.textContent !== say) words.textContent = say;
    if (left > 0) setTimeout(tick, 1000 - (Date.now() % 1000));
  };
  tick();
}
