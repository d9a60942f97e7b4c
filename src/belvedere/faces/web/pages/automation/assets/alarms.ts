/* Alarms as they come, and what is done about them by key. Without it the pages still list, open and act. */
import htmx from "htmx.org";
import { inTurn, watched } from "../../../assets/shell/fresh.js";
import { listen, type Status } from "../../../assets/shell/live.js";
import { select, selected } from "../../../assets/shell/lists.js";
import { load } from "../../../assets/shell/pieces.js";
import { toast } from "../../../assets/shell/requests.js";
import { text } from "../../../assets/shell/texts.js";
import { every, one, page } from "./_page.js";

const SOON_MS = 150;
const AGAIN_MS = 5000; // what could not be read is read again
const AGES_MS = 60_000;
const STALE_MS = 150_000; // two readings were missed

/* ---- the page read anew */

const fresh = one(".al-list") ? watched(STALE_MS, page?.zone) : null;

let soon = 0;
function refreshSoon(after = SOON_MS): void {
  soon ||= window.setTimeout(() => {
    soon = 0;
    void refresh();
  }, after);
}

const refresh = inTurn(async (withPanel) => {
  clearTimeout(soon);
  soon = 0;
  const known = new Set(every(".al-r[data-id]").map((row) => row.dataset.id));
  const url = new URL(location.href);
  url.searchParams.set("rows", String(known.size));
  let answer: Response;
  try {
    answer = await fetch(url, { headers: { Accept: "text/html" } });
  } catch {
    return refreshSoon(AGAIN_MS); // the line is cut
  }
  if (answer.redirected) return; // signed out: the page says since when it is not fresh
  if (!answer.ok) return refreshSoon(AGAIN_MS);
  fresh?.read();
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const ticked = new Set(every<HTMLInputElement>(".al-r input[name=alarm]:checked").map((box) => box.value));
  const focus = focused();
  for (const old of every("[data-fresh]")) {
    const part = one(`[data-fresh="${old.dataset.fresh}"]`, next);
    if (part) old.replaceChildren(...part.childNodes);
  }
  for (const box of every<HTMLInputElement>(".al-r input[name=alarm]")) box.checked = ticked.has(box.value);
  const list = one("[data-fresh=list]");
  if (list) htmx.process(list);
  document.dispatchEvent(new CustomEvent("htmx:after:swap"));
  document.dispatchEvent(new CustomEvent("al:fresh", { detail: { news: tellNews(known) } }));
  if (focus) one(focus)?.focus({ preventScroll: true });
  for (const box of every<HTMLInputElement>(".al-r input[name=alarm]").slice(0, 1)) box.dispatchEvent(new Event("change", { bubbles: true }));
  if (withPanel) refreshPanel();
});

/** Where the focus was, to find the same place among the new rows. */
function focused(): string {
  const at = document.activeElement as HTMLElement | null;
  const row = at?.closest<HTMLElement>(".al-r[data-id]");
  if (!at || !row) return "";
  const key = at.dataset.key ? `[data-key="${at.dataset.key}"]` : "a";
  return `.al-r[data-id="${row.dataset.id}"] ${key}`;
}

/** Say which alarms were not there before; how urgent they are. */
function tellNews(known: Set<string | undefined>): number[] {
  const news = every(".al-r[data-waits]").filter((row) => !known.has(row.dataset.id));
  for (const row of news) row.classList.add("is-new");
  const told = one("[data-told]");
  if (told && news.length && page) told.textContent = page.told.replace("%(name)s", news.slice(0, 5).map((row) => row.dataset.name ?? "").join(" · "));
  return news.map((row) => Number(row.dataset.severity));
}

function refreshPanel(): void {
  const panel = one("[data-panel-url]");
  const id = panel?.dataset.panelId;
  const writes = () => every<HTMLTextAreaElement>("textarea, input:not([type=hidden])", panel!).some((field) => field === document.activeElement || (field.matches("textarea, [name=why]") && field.value));
  if (!panel || !id || writes()) return;
  const isOther = () => panel.dataset.panelId !== id;
  void load(panel.dataset.panelUrl!.replace("{id}", id).replace("%7Bid%7D", id), panel, { again: true, unless: () => isOther() || writes() });
}

/* ---- acts without leaving the page */

async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  const asked = submitter?.getAttribute("formaction") || form.getAttribute("action") || "";
  let answer: Response;
  try {
    answer = await fetch(asked, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  } catch {
    return toast(text(navigator.onLine ? "failed" : "offline"), "alert");
  }
  const told = (await answer.json().catch(() => ({}))) as { message?: string };
  toast(told.message ?? text(answer.status === 403 ? "refused" : "failed"), answer.ok ? "status" : "alert");
  const typed = form.matches("[data-empties]") ? "input[name=text]" : "textarea, input[name=why]";
  if (answer.ok) for (const field of every<HTMLInputElement>(typed, form)) field.value = "";
  if (answer.ok && !submitter?.hasAttribute("formaction")) for (const box of every<HTMLInputElement>("input[name=alarm]", form)) box.checked = false;
  await refresh();
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target as HTMLFormElement;
    const here = form.matches("[data-acts]") || (form.matches("[data-act]") && one("[data-panel-url]"));
    if (!here) return;
    event.preventDefault();
    void send(form, (event as SubmitEvent).submitter);
  },
  true,
);

/* ---- keys */

/** What a key is for: in the chosen row, else in the panel or on the page. */
function target(key: string): HTMLElement | null {
  const where = `[data-key="${CSS.escape(key)}"]`;
  const row = selected() ? one(`.al-r[data-id="${CSS.escape(selected())}"]`) : null;
  return (row && one(where, row)) ?? one(`[data-alarm] ${where}:not([inert] *), [data-desk] > :not(.dk-al) ${where}:not([inert] *)`);
}

function work(place: HTMLElement): void {
  const details = place.closest("details");
  if (details) details.open = true;
  if (place.matches("textarea, select, input:not([type=checkbox])")) place.focus();
  else place.click();
}

function closePanel(): boolean {
  const panel = one("#al-panel");
  if (!panel?.dataset.panelId) return false;
  const was = panel.dataset.panelId;
  delete panel.dataset.panelId;
  panel.replaceChildren();
  const here = new URL(location.href);
  here.searchParams.delete("sel");
  history.replaceState(history.state, "", here);
  select({ id: "", from: "panel" });
  one(`.al-r[data-id="${CSS.escape(was)}"] a`)?.focus({ preventScroll: true });
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const at = event.target as Element;
  if (event.key === "Escape") {
    if (!one("details[data-menu][open], dialog[open]") && closePanel()) event.preventDefault();
    return;
  }
  if (at.closest("textarea, select, [contenteditable], dialog, input:not([type=checkbox])")) return;
  if (event.key === "?") one<HTMLDialogElement>("#al-keys")?.showModal();
  else if (event.key === "/") one("#al-q")?.focus();
  else if (/^[a-z]$/.test(event.key)) {
    const place = target(event.key);
    if (!place) return;
    work(place);
  } else return;
  event.preventDefault();
});
document.addEventListener("click", (event) => {
  if ((event.target as Element).closest("[data-panel-close]")) closePanel();
});

/* ---- start */

function onStatus(status: Status): void {
  for (const place of every("[data-status]")) {
    place.textContent = page![status];
    place.classList.toggle("is-live", status === "live");
  }
}

if (one(".al-list")) {
  setInterval(() => document.hidden || void refresh(false), AGES_MS); // ages go on though nothing happens
  document.addEventListener("visibilitychange", () => document.hidden || refreshSoon());
}
if (page?.ticket && one("[data-fresh]")) listen({ ticketUrl: page.ticket, onAlarms: () => refreshSoon(), onReset: () => refreshSoon(), onStatus });
