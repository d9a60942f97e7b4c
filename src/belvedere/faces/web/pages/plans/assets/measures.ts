/* Keys and small helps of the list of measures. Without it the page still filters, sorts and opens. */
import { select, selected, type Selection } from "../../../assets/shell/lists.js";

const busy = (target: EventTarget | null): boolean => target instanceof Element && target.closest("input, select, textarea, [contenteditable], dialog, .bv-map-canvas, details[open]") !== null;

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(".pm-table [data-id]")];
}

function move(by: number): void {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.dataset.id === selected());
  const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  if (!next?.dataset.id) return;
  next.scrollIntoView({ block: "nearest" });
  select({ id: next.dataset.id, from: "list" });
  if (all.indexOf(next) > all.length - 8) document.querySelector<HTMLElement>(".pm-next a")?.click();
}

function panel(): HTMLElement | null {
  return document.querySelector<HTMLElement>(".pm-panel");
}

function closePanel(): boolean {
  const box = panel();
  if (!box || !box.dataset.panelId) return false;
  delete box.dataset.panelId;
  box.replaceChildren();
  if (box.classList.contains("is-over") || innerWidth <= 800) box.hidden = true;
  const here = new URL(location.href);
  here.searchParams.delete("sel");
  history.replaceState(history.state, "", here);
  select({ id: "", from: "panel" });
  document.querySelector<HTMLElement>(".pm-scroll")?.focus({ preventScroll: true });
  return true;
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    const open = document.querySelector("details[data-menu][open]");
    if (!open && closePanel()) event.preventDefault();
    return;
  }
  // From the filter straight down into what it found.
  if (event.key === "ArrowDown" && event.target instanceof HTMLInputElement && event.target.id === "pm-q") {
    event.preventDefault();
    event.target.blur();
    move(1);
    return;
  }
  if (busy(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector<HTMLInputElement>("#pm-q")?.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && selected() && (event.target === document.body || (event.target as Element).matches(".pm-scroll")))
    document.querySelector<HTMLAnchorElement>(`.pm-table [data-id="${CSS.escape(selected())}"] .nm a`)?.click();
}

/** In a long menu of values: type to find one. */
function seek(box: HTMLInputElement): void {
  const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const wanted = fold(box.value);
  for (const label of box.closest(".pm-seek")?.parentElement?.querySelectorAll<HTMLElement>(".pm-options label") ?? [])
    label.hidden = !fold(label.textContent ?? "").includes(wanted);
}

document.addEventListener("keydown", onKey);
document.addEventListener("input", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.dataset.seek !== undefined) seek(event.target);
});
document.addEventListener("click", (event) => {
  if ((event.target as Element).closest("[data-panel-close]")) closePanel();
});
document.addEventListener("submit", (event) => {
  if (!(event.target instanceof HTMLFormElement) || event.target.id !== "pm-filters") return;
  for (const open of event.target.querySelectorAll<HTMLDetailsElement>(".bv-filter[open]")) open.open = false;
});
document.addEventListener("bv:select", (event) => {
  const box = panel();
  if (box && (event as CustomEvent<Selection>).detail.id) box.hidden = false;
});
// How many are ticked, for the bar that changes them together.
function tellPicked(): void {
  for (const told of document.querySelectorAll<HTMLElement>("[data-pick-told]")) {
    const ticked = document.querySelectorAll(".pm-table .pk input:checked").length;
    told.textContent = (told.dataset.pickTold ?? "").replace("{n}", String(ticked));
  }
}
document.addEventListener("change", (event) => {
  if ((event.target as Element).closest(".pk")) tellPicked();
});
document.addEventListener("reset", () => setTimeout(tellPicked));
addEventListener("pageshow", tellPicked); // the browser keeps what was ticked when a person comes back
// The export follows the filter in force.
document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-with-query]");
  if (link) link.search = location.search;
});
