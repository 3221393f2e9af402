// Service worker: keeps the cards for drivers that were opened once, and nothing else. The network comes first.

const CACHE = "driver-cards-1";
const CARD = /^\/[a-z-]+\/[a-z]+\/[a-z0-9-]+\/driver\/?$/;
const PARTS = /^\/static\/(css\/driver\.css|js\/driver\.js|icons\/favicon\.svg)$/;

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
    return answer;
  } catch (error) {
    const kept = await cache.match(request);
    if (kept) return kept;
    throw error;
  }
}
