// Service worker: keeps the cards for drivers and the vouchers that were opened once, and nothing else. The network
// comes first; a voucher that is none any more is kept no longer.

const CACHE = "driver-cards-1";
const CARD = /^\/[a-z-]+\/([a-z]+\/[a-z0-9-]+\/driver\/?|bookings\/[A-Za-z0-9-]+\/voucher)$/;
const PARTS = /^\/static\/(css\/(driver|voucher)\.css|js\/driver\.js|icons\/favicon\.svg)$/;

const GONE = (answer) => answer.type === "opaqueredirect" || answer.status === 404 || answer.status === 410;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim().then(keepOpenCards)));

self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) return;
  if (CARD.test(pathname) || PARTS.test(pathname)) event.respondWith(fromNetworkOrKept(event.request));
});

// The first card was loaded before there was a service worker.
async function keepOpenCards() {
  const cache = await caches.open(CACHE);
  const windows = await self.clients.matchAll({ type: "window" });
  for (const { url } of windows) {
    if (!CARD.test(new URL(url).pathname)) continue;
    const page = await fetch(url);
    if (!page.ok) continue;
    const html = await page.clone().text();
    await cache.put(url, page);
    const parts = [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((match) => match[1]);
    await cache.addAll(parts.filter((part) => PARTS.test(part.split("?")[0])));
  }
}

async function fromNetworkOrKept(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    else if (GONE(answer)) await cache.delete(request);
    return answer;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept) return kept;
    throw error;
  }
}
