// A map to put the pin on, beside the fields that hold its place. The map, like GPS, is in WGS-84; numbers of a Chinese
// map are converted by the server, which does the same when the form is saved without this.
/* global L */

const PAIR = /^\s*(-?\d+(?:\.\d+)?)\s*[,;，\s]\s*(-?\d+(?:\.\d+)?)\s*$/;
const element = document.getElementById("pin-map");
if (element && window.L) begin();

function begin() {
  const words = element.dataset;
  const group = element.closest("fieldset");
  const [lat, lon, precision, datum] = ["lat", "lon", "precision_m", "datum"].map((name) => group.querySelector(`[name=${name}]`));
  const state = group.querySelector("[data-pin-state]");
  element.hidden = false;
  for (const control of group.querySelectorAll("[data-pin]")) control.hidden = false;

  const map = L.map(element, { zoomControl: false, scrollWheelZoom: false });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.tileLayer(words.tiles, { maxZoom: 19, attribution: words.attribution }).addTo(map);
  const icon = L.divIcon({ className: "pin pin-own", html: "<span></span>", iconSize: [32, 32], iconAnchor: [16, 38] });
  const marker = L.marker([0, 0], { icon, draggable: true, autoPan: true, title: words.pin, alt: words.pin });
  const circle = L.circle([0, 0], { radius: 100, interactive: false, color: "#a93a24", weight: 1 });

  const place = () => (lat.value && lon.value && isFinite(lat.value) && isFinite(lon.value) ? [Number(lat.value), Number(lon.value)] : null);
  const draw = () => {
    const at = datum.value === "WGS-84" ? place() : null;
    if (!at || Math.abs(at[0]) > 90 || Math.abs(at[1]) > 180) {
      marker.remove();
      circle.remove();
      return null;
    }
    marker.setLatLng(at).addTo(map);
    circle.setLatLng(at).setRadius(Number(precision.value) || 100).addTo(map);
    return at;
  };
  const settle = ([north, east]) => {
    lat.value = north.toFixed(6);
    lon.value = east.toFixed(6);
    datum.value = "WGS-84";
    datum.removeAttribute("data-unsettled");
    draw();
    lat.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const put = ({ lat: north, lng: east }) => {
    settle([north, east]);
    state.textContent = `${lat.value}, ${lon.value} (WGS-84)`;
  };

  async function convert() {
    const from = datum.value;
    const address = new URL(words.convert, location.href);
    for (const field of [lat, lon, datum]) address.searchParams.set(field.name, field.value);
    const answer = await fetch(address, { redirect: "manual" });
    if (!answer.ok) return;
    const point = await answer.json();
    settle([point.lat, point.lon]);
    state.textContent = from === "WGS-84" ? "" : words.converted.replace("{datum}", from);
    map.setView([point.lat, point.lon], Math.max(map.getZoom(), 16));
  }

  map.setView(draw() ?? words.center.split(",").map(Number), draw() ? 16 : 12);
  map.on("click", (event) => put(event.latlng));
  marker.on("dragend", () => put(marker.getLatLng()));
  group.querySelector("[data-pin=middle]").addEventListener("click", () => put(map.getCenter()));
  group.querySelector("[data-pin=find]").addEventListener("click", convert);
  for (const field of [lat, lon, precision]) field.addEventListener("input", draw);
  for (const field of [lat, lon]) {
    field.addEventListener("paste", (event) => {
      const pair = PAIR.exec(event.clipboardData.getData("text"));
      if (!pair) return;
      event.preventDefault();
      const numbers = [Number(pair[1]), Number(pair[2])];
      [lat.value, lon.value] = Math.abs(numbers[0]) > 90 ? numbers.reverse() : numbers; // Amap and Baidu name the east first
      convert();
    });
  }
  datum.addEventListener("change", () => {
    datum.toggleAttribute("data-unsettled", datum.value !== "WGS-84"); // nothing is saved by itself in between
    draw();
  });
}
