/* A crisis as it runs: what others do appears by itself, keys press what stands on the page. */
import { inTurn, stayAwake, watched } from "../../../assets/shell/fresh.js";

const EVERY_MS = 15_000;
const STALE_MS = 60_000;

const fresh = document.querySelector("[data-fresh]") ? watched(STALE_MS) : null;

/** Read the page again and take over what is new, save where somebody is typing or has something open. */
const refresh = inTurn(async () => {
  if (document.hidden) return;
  let text: string;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    text = await answer.text();
    fresh?.read();
  } catch {
    return; // no network: what is shown stays, the next turn tries again
  }
  const next = new DOMParser().parseFromString(text, "text/html");
  for (const old of document.querySelectorAll<HTMLElement>("[data-fresh]")) {
    const now = next.querySelector<HTMLElement>(`[data-fresh="${CSS.escape(old.dataset.fresh ?? "")}"]`);
    if (!now || plain(now) === plain(old)) continue;
    const at = document.activeElement;
    const held = at instanceof HTMLElement && old.contains(at) ? at.dataset.held : undefined;
    if (at && old.contains(at) && held === undefined) continue;
    old.innerHTML = now.innerHTML;
    if (held) old.querySelector<HTMLElement>(`[data-held="${CSS.escape(held)}"]`)?.focus();
  }
});

/** The markup without what differs at each reading. */
function plain(part: HTMLElement): string {
  return part.innerHTML.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");
}

if (fresh) {
  setInterval(() => void refresh(), EVERY_MS);
  document.addEventListener("visibilitychange", () => void refresh());
}
if (document.querySelector(".cr-wall")) stayAwake();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if ((event.target as Element).closest("textarea, select, [contenteditable], dialog, input:not([type=checkbox])")) return;
  if (event.key === "Escape") document.querySelector<HTMLElement>("[data-leave]")?.click();
  const place = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key)}"]`);
  if (!place) return;
  event.preventDefault();
  place.click();
});
