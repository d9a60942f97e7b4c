/* What happens around htmx requests: failures said in words, toasts, work that would be lost. */
import { text } from "./texts.js";

/** Show a sentence at the bottom of the page; it leaves by itself after a while unless it asks for a choice. */
export function toast(message: string, kind: "status" | "alert" = "status"): void {
  const holder = document.getElementById("bv-toasts");
  if (!holder || !message) return;
  const box = document.createElement("div");
  box.className = "bv-toast";
  box.setAttribute("role", kind);
  const words = document.createElement("p");
  words.textContent = message;
  const close = document.createElement("button");
  close.type = "button";
  close.dataset.close = "";
  close.textContent = text("close");
  box.append(words, close);
  holder.append(box);
  fade(box);
}

function fade(box: HTMLElement): void {
  if (box.dataset.fading !== undefined || box.querySelector("form")) return;
  box.dataset.fading = "";
  let left = 8000;
  let last = performance.now();
  const tick = () => {
    const now = performance.now();
    if (!box.matches(":hover, :focus-within")) left -= now - last;
    last = now;
    if (left <= 0) box.remove();
    else if (box.isConnected) setTimeout(tick, 500);
  };
  setTimeout(tick, 500);
}

interface Answer {
  ctx?: { response?: { status?: number }; text?: string };
}

/** The sentence our server put into its answer (errors/fragment.html), or "" when there is none. */
function sentenceOf(answer: Answer): string {
  const flag = new DOMParser().parseFromString(answer.ctx?.text ?? "", "text/html").querySelector("[role=alert]");
  return [...(flag?.querySelectorAll("h2, p") ?? [])].map((part) => part.textContent?.trim()).filter(Boolean).join(". ").replace(/([.!?…])\. /g, "$1 ");
}

const SENDING_MS = 3000;

/** A second click while the answer is on its way would send a form again. htmx holds back its own. */
function sendOnce(): void {
  const sent = new WeakSet<HTMLFormElement>();
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
    if (sent.has(form)) return event.preventDefault();
    sent.add(form);
    setTimeout(() => sent.delete(form), SENDING_MS);
  });
}

export function startRequests(): void {
  sendOnce();
  document.addEventListener("click", (event) => {
    const close = (event.target as Element).closest("[data-close]");
    if (close) close.closest(".bv-toast")?.remove();
  });
  // A 422 brings the form back with its sentences and is swapped in; the rest is said in a toast.
  document.addEventListener("htmx:response:error", (event) => {
    const answer = (event as CustomEvent<Answer>).detail;
    const status = answer.ctx?.response?.status;
    if (status === 422) return;
    toast(sentenceOf(answer) || text(status === 403 ? "refused" : status === 404 ? "gone" : status === 409 ? "conflict" : "failed"), "alert");
  });
  document.addEventListener("htmx:error", () => toast(text(navigator.onLine ? "failed" : "offline"), "alert"));
  document.addEventListener("bv:toast", (event) => toast(String((event as CustomEvent<{ value?: string }>).detail?.value ?? "")));
  // A form with data-guard warns before its words are lost.
  let dirty = false;
  document.addEventListener("input", (event) => {
    if ((event.target as Element).closest("form[data-guard]")) dirty = true;
  });
  document.addEventListener("submit", () => (dirty = false));
  addEventListener("beforeunload", (event) => {
    if (dirty && document.querySelector("form[data-guard]")) event.preventDefault();
  });
  for (const box of document.querySelectorAll<HTMLElement>("#bv-toasts > .bv-toast")) fade(box);
}
