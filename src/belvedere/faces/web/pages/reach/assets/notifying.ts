/* The service worker that shows notifications, and opens what they are about. */
interface Told {
  title: string;
  text: string;
  link: string;
  key: string;
  language: string;
  urgent: boolean;
}
interface Tab {
  url: string;
  focus(): Promise<Tab>;
}
const worker = self as unknown as {
  registration: { showNotification(title: string, options: object): Promise<void> };
  skipWaiting(): Promise<void>;
  clients: { matchAll(options: object): Promise<Tab[]>; openWindow(url: string): Promise<unknown> };
  addEventListener(type: string, handler: (event: never) => void): void;
};
type Lasting = Event & { waitUntil(work: Promise<unknown>): void };

worker.addEventListener("install", ((event: Lasting) => event.waitUntil(worker.skipWaiting())) as never);

/** The same message twice has the same key: it takes the place of the first without a sound. */
worker.addEventListener("push", ((event: Lasting & { data: { json(): Told } | null }) => {
  if (!event.data) return;
  const told = event.data.json();
  event.waitUntil(
    worker.registration.showNotification(told.title, {
      body: told.text,
      tag: told.key,
      lang: told.language,
      requireInteraction: told.urgent,
      data: { link: told.link },
    }),
  );
}) as never);

worker.addEventListener("notificationclick", ((event: Lasting & { notification: { close(): void; data: { link: string } } }) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.link));
}) as never);

/** The tab that shows it already, else a new one; never another server's address. */
async function open(link: string): Promise<void> {
  const url = new URL(link, location.origin);
  if (url.origin !== location.origin) return;
  const tabs = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = tabs.find((one) => one.url.split("#")[0] === url.href);
  await (shown ? shown.focus() : worker.clients.openWindow(url.href));
}
export {};
