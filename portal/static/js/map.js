// The map beside the list of places. The list is the truth: markers are made from it, and it shows what is in view.
/* global L */

const KINDS = ["attractions", "dining", "entertainment"];
const element = document.getElementById("map");
const items = [...document.querySelectorAll("#places > li")];

if (element) {
  if (items.length && window.L) draw();
  else element.hidden = true;
}

function draw() {
  const words = element.dataset;
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", words.label);
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(element, { zoomControl: false, zoomAnimation: !reduced, fadeAnimation: !reduced });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.tileLayer(words.tiles, { maxZoom: 18, attribution: words.attribution }).addTo(map);

  const cluster = L.markerClusterGroup({
    showCoverageOnHover: false,
    maxClusterRadius: 44,
    animate: !reduced,
    iconCreateFunction: (group) =>
      L.divIcon({ className: "pin pin-group", html: `<span>${group.getChildCount()}</span>`, iconSize: [40, 40] }),
  });
  const markers = new Map(items.map((item) => [item, markerOf(item)]));
  cluster.addLayers([...markers.values()]);
  map.addLayer(cluster);
  map.fitBounds(cluster.getBounds(), { padding: [32, 32], maxZoom: 15, animate: false });

  const count = document.querySelector("[data-some]");
  const all = count.textContent;
  const follow = () => {
    const bounds = map.getBounds();
    const seen = items.filter((item) => bounds.contains(markers.get(item).getLatLng()));
    for (const item of items) item.hidden = !seen.includes(item);
    const words = count.dataset.some.replace("{count}", seen.length.toLocaleString(document.documentElement.lang));
    count.textContent = seen.length === items.length ? all : words;
  };
  map.on("moveend", follow);

  for (const [item, marker] of markers) {
    const light = (on) => {
      item.classList.toggle("is-lit", on);
      cluster.getVisibleParent(marker)?.getElement()?.classList.toggle("is-lit", on);
    };
    for (const event of ["mouseenter", "focusin"]) item.addEventListener(event, () => light(true));
    for (const event of ["mouseleave", "focusout"]) item.addEventListener(event, () => light(false));
    marker.on("mouseover", () => light(true)).on("mouseout", () => light(false));
  }
}

function markerOf(item) {
  const link = item.querySelector("a");
  const kind = KINDS.includes(item.dataset.kind) ? item.dataset.kind : "other";
  const icon = L.divIcon({ className: `pin pin-${kind}`, html: "<span></span>", iconSize: [28, 28], popupAnchor: [0, -10] });
  const marker = L.marker([item.dataset.lat, item.dataset.lon], { icon, title: link.textContent, alt: link.textContent });
  return marker.bindPopup(() => {
    const card = document.createElement("div");
    card.className = "pin-card";
    card.append(...[...item.childNodes].map((node) => node.cloneNode(true)));
    return card;
  });
}
