/* The service worker of the phone page: its shell and what it needs is there without a network.
 * Data and acts are not its business: the page keeps them (IndexedDB). */
const worker = self as unknown as {
  registration: { scope: string };
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  addEventListener(type: string, handler: (event: never) => void): void;
};
const CACHE = "belvedere-field-1";
type Lasting = Event & { waitUntil(work: Promise<unknown>): void };

worker.addEventListener("install", ((event: Lasting) => event.waitUntil(worker.skipWaiting())) as never);
worker.addEventListener("activate", ((event: Lasting) => event.waitUntil(worker.clients.claim())) as never);

/** The page tells what it was made of: kept at once, for the next time without a network. */
worker.addEventListener("message", ((event: Lasting & { data: unknown }) => {
  const urls = (event.data as { keep?: string[] }).keep ?? [];
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all(urls.map((url) => keep(cache, url)))));
}) as never);

async function keep(cache: Cache, url: string): Promise<void> {
  try {
    const answer = await fetch(url, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected) await cache.put(url, answer);
  } catch {
    // Offline already: what an earlier visit kept stays.
  }
}

worker.addEventListener("fetch", ((event: Event & { request: Request; respondWith(answer: Promise<Response>): void }) => {
  const { request } = event;
  const url = new URL(request.url);
  const isPage = request.mode === "navigate" && url.href.split("#")[0] === worker.registration.scope;
  const isAsset = url.origin === location.origin && url.pathname.startsWith("/static/");
  if (request.method === "GET" && (isPage || isAsset)) event.respondWith(fresh(request, isPage ? worker.registration.scope : request.url));
}) as never);

/** From the network, kept; without one, what was kept. */
async function fresh(request: Request, key: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await cache.put(key, answer.clone());
    return answer;
  } catch {
    return (await cache.match(key, { ignoreSearch: true })) ?? Response.error();
  }
}
