// Where a pin was and where it is, on a map. Without this, the numbers above it say the same.
/* global L */

for (const element of window.L ? document.querySelectorAll("[data-move]") : []) draw(element);

function draw(element) {
  const words = element.dataset;
  element.hidden = false;
  const map = L.map(element, { zoomControl: false, scrollWheelZoom: false, zoomAnimation: false, fadeAnimation: false });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.tileLayer(words.tiles, { maxZoom: 19, attribution: words.attribution }).addTo(map);

  const [from, to] = [words.from, words.to].map((text) => text?.split(",").map(Number));
  const ends = [
    [from, words.before, "pin-before", "left"],
    [to, words.after, "pin-own", "right"],
  ].filter(([place]) => place);
  const bounds = L.latLngBounds([]);
  for (const [[lat, lon, precision], label, kind, side] of ends) {
    const icon = L.divIcon({ className: `pin ${kind}`, html: "<span></span>", iconSize: [32, 32], iconAnchor: [16, 38] });
    const marker = L.marker([lat, lon], { icon, title: label, alt: label, keyboard: false }).addTo(map);
    marker.bindTooltip(label, { permanent: true, direction: side, offset: [side === "left" ? -14 : 14, -22] });
    bounds.extend([lat, lon]);
    L.circle([lat, lon], { radius: precision, interactive: false, fill: false, color: "#a93a24", weight: 1 }).addTo(map);
  }
  if (from && to) L.polyline([from, to].map(([lat, lon]) => [lat, lon]), { color: "#14120e", weight: 2, dashArray: "6 6", interactive: false }).addTo(map);
  map.fitBounds(bounds, { paddingTopLeft: [72, 72], paddingBottomRight: [72, 32], maxZoom: 17, animate: false });
}
