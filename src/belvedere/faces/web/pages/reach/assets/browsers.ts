/* "This device": whether notifications come to this browser, and the button that switches them on. */
const card = document.getElementById("re-browser")!;
const form = card.querySelector<HTMLFormElement>("form[data-adds]")!;
const button = form.querySelector<HTMLButtonElement>("button")!;

/** What is said of this browser: one of the notes of the card. */
function say(state: string): void {
  for (const note of card.querySelectorAll<HTMLElement>("[data-when]")) note.hidden = note.dataset["when"] !== state;
  form.hidden = !["off", "failed"].includes(state);
}

const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

async function subscription(): Promise<PushSubscription | null> {
  const found = await navigator.serviceWorker.getRegistration(card.dataset["worker"]);
  return (await found?.pushManager.getSubscription()) ?? null;
}

/** The beginning of the SHA-256 of an endpoint, as the list has it. */
async function mark(endpoint: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 16);
}

async function look(): Promise<void> {
  if (!able) {
    // On an iPhone notifications come to what is on the home screen only.
    const onHome = matchMedia("(display-mode: standalone)").matches;
    return say(/iPhone|iPad/.test(navigator.userAgent) && !onHome ? "home" : "unable");
  }
  if (Notification.permission === "denied") return say("denied");
  const known = await subscription();
  const row = known && card.querySelector<HTMLElement>(`[data-mark="${await mark(known.endpoint)}"]`);
  row?.querySelector<HTMLElement>("[data-this]")?.removeAttribute("hidden");
  say(row ? "on" : "off");
}

function text(key: ArrayBuffer | null): string {
  const letters = String.fromCharCode(...new Uint8Array(key ?? new ArrayBuffer(0)));
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function bytes(key: string): Uint8Array<ArrayBuffer> {
  const letters = atob(key.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

async function switchOn(): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") return say(Notification.permission === "denied" ? "denied" : "off");
  const { worker = "", scope = "", key = "" } = card.dataset;
  const made = await navigator.serviceWorker.register(worker, { scope });
  await ready(made);
  // One that the platform let go, or that was made for another one, would take nothing.
  await (await made.pushManager.getSubscription())?.unsubscribe();
  const found = await made.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
  const given: Record<string, string> = { endpoint: found.endpoint, key: text(found.getKey("p256dh")), auth: text(found.getKey("auth")) };
  for (const [name, value] of Object.entries(given)) form.querySelector<HTMLInputElement>(`[name=${name}]`)!.value = value;
  form.submit();
}

/** Subscribing asks for a service worker that is active. */
function ready(made: ServiceWorkerRegistration): Promise<void> {
  const coming = made.installing ?? made.waiting;
  if (made.active || !coming) return Promise.resolve();
  return new Promise((done) => coming.addEventListener("statechange", () => coming.state === "activated" && done()));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  button.disabled = true;
  switchOn()
    .catch(() => say("failed"))
    .finally(() => (button.disabled = false));
});

// Removed here, this browser asks its push service for nothing more either.
for (const one of card.querySelectorAll<HTMLFormElement>("form[data-removes]"))
  one.addEventListener("submit", (event) => {
    if (one.closest("[data-mark]")?.querySelector("[data-this]")?.hasAttribute("hidden")) return;
    event.preventDefault();
    subscription()
      .then((known) => known?.unsubscribe())
      .catch(() => undefined)
      .finally(() => one.submit());
  });

void look();
export {};
