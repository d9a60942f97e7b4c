/* One selection for list, map and panel.
 *
 * A list is an element with data-select; its items carry data-id. Choosing one sends `bv:select` on the
 * document with detail {id, from}; everyone who shows the thing listens, whoever sent it.
 * An element with data-panel-url="/…/{id}/" loads the panel of what is chosen.
 */
import { load } from "./pieces.js";

export interface Selection {
  id: string;
  from: "list" | "map" | "panel" | "url";
}

let current = "";

/** Tell everyone that `id` is chosen; an empty id clears the choice. */
export function select(detail: Selection): void {
  document.dispatchEvent(new CustomEvent<Selection>("bv:select", { detail }));
}

/** What is chosen now, or "". */
export const selected = (): string => current;

function items(list: Element): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[data-id]")];
}

function mark(scroll: boolean): void {
  for (const list of document.querySelectorAll("[data-select]"))
    for (const item of items(list)) {
      const on = item.dataset.id === current;
      item.classList.toggle("is-current", on);
      if (on) item.setAttribute("aria-current", "true");
      else item.removeAttribute("aria-current");
      if (on && scroll) item.scrollIntoView({ block: "nearest" });
    }
}

function loadPanel(from: Selection["from"]): void {
  const panel = document.querySelector<HTMLElement>("[data-panel-url]");
  const mine = current;
  if (!panel || !mine || panel.dataset.panelId === mine) return;
  panel.dataset.panelId = mine;
  panel.inert = true; // what it still shows is of another one
  const url = (panel.dataset.panelUrl ?? "").replace("{id}", encodeURIComponent(current)).replace("%7Bid%7D", encodeURIComponent(current));
  const isOther = () => panel.dataset.panelId !== mine; // closed, or of another one by now
  void load(url, panel, { unless: isOther }).then((isShown) => {
    if (!isOther() && !isShown) {
      panel.replaceChildren();
      delete panel.dataset.panelId;
    }
    if (!panel.dataset.panelId || !isOther()) panel.inert = false;
  });
  if (from === "url") return;
  const here = new URL(location.href);
  here.searchParams.set("sel", current);
  history.replaceState(history.state, "", here);
}

function onSelect(event: Event): void {
  const { id, from } = (event as CustomEvent<Selection>).detail;
  current = id;
  mark(from !== "list");
  loadPanel(from);
}

function step(by: number): void {
  const list = document.querySelector("[data-select]");
  if (!list) return;
  const all = items(list);
  const at = all.findIndex((item) => item.dataset.id === current);
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
  if (!next?.dataset.id) return;
  next.scrollIntoView({ block: "nearest" });
  select({ id: next.dataset.id, from: "list" });
}

function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea, [contenteditable], dialog, .maplibregl-map")) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "Enter" && target === document.body && current) {
    const item = document.querySelector<HTMLElement>(`[data-select] [data-id="${CSS.escape(current)}"]`);
    const link = item?.querySelector<HTMLAnchorElement>("a[href]");
    link?.click();
  }
}

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  const mover = target.closest<HTMLElement>("[data-select-step]");
  if (mover) return step(Number(mover.dataset.selectStep));
  if (target.closest("a, button, input, label, select, textarea, summary")) return;
  const item = target.closest<HTMLElement>("[data-select] [data-id]");
  if (item?.dataset.id) return select({ id: item.dataset.id, from: "list" });
  const row = target.closest<HTMLElement>("tr[data-href]");
  if (row?.dataset.href && !getSelection()?.toString()) location.assign(row.dataset.href);
}

/** J and K walk the list; a click on a row chooses it; ?sel=… in the address chooses at the start. */
export function startLists(): void {
  document.addEventListener("bv:select", onSelect);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("htmx:after:swap", () => mark(false));
  const asked = new URL(location.href).searchParams.get("sel");
  const shown = document.querySelector<HTMLElement>("[data-panel-url][data-panel-id]")?.dataset.panelId;
  if (asked || shown) current = asked ?? shown ?? "";
  if (asked && asked !== shown) select({ id: asked, from: "url" });
  else if (current) mark(true);
}
