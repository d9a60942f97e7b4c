/* The map that moves, and its list. Without it the page still filters, lists and opens. */
import { listen, type StateRow, type Status, type ValueRow } from "../../../assets/shell/live.js";
import { select, selected, type Selection } from "../../../assets/shell/lists.js";
import type { TerritoryMap } from "../../../assets/map/map.js";
import { counted, fill, page, URGENCY, type State } from "./_page.js";
import { Replay } from "./_replay.js";
import { Store, sums, type Table } from "./_store.js";
import { flash, tickAges, written } from "./_values.js";

const REDRAW_MS = 500;
const COUNT_MS = 4000;
const MOST_WATCHED = 300;

const store = new Store();
let component: TerritoryMap | null = null;
let replay: Replay | null = null;
let past: Map<number, State> | undefined;
let due = 0;

const every = <E extends HTMLElement>(what: string, root: ParentNode = document): E[] => [...root.querySelectorAll<E>(what)];
const one = <E extends HTMLElement>(what: string): E | null => document.querySelector<E>(what);
const of = (id: number): string => `[data-id="${id}"], [data-thing="${id}"]`;

/* ---- what the page says of the present (or of the instant shown) */

function tellCounts(): void {
  if (store.cells) return; // the server counted
  const counts = store.counts(past);
  for (const layer of every("#lm-layers [data-kind]")) {
    const found = counts.get(layer.dataset.kind ?? "");
    if (!found) continue;
    for (const link of every<HTMLElement>("[data-count]", layer)) {
      const state = link.dataset.count as State;
      link.hidden = !found[state];
      link.querySelector("span")!.textContent = counted(page!.counts[state], found[state]);
    }
  }
  const all = sums(counts);
  const worst = URGENCY.find((state) => all[state]) ?? "normal";
  const title = one("[data-finding]");
  if (title && all[worst]) title.textContent = counted(page!.findings[worst], all[worst]);
  for (const mark of every("[data-sum] [data-of]")) {
    const state = mark.dataset.of as State;
    mark.hidden = !all[state];
    const word = mark.querySelector(".bv-signal span");
    if (word) word.textContent = counted(page!.counts[state], all[state]);
  }
}

/** Draw soon: changes come in crowds. */
function draw(): void {
  if (due) return;
  due = window.setTimeout(() => {
    due = 0;
    component?.setPoints(store.drawn(past));
    tellCounts();
  }, REDRAW_MS);
}

function drawNow(): void {
  clearTimeout(due);
  due = 0;
  component?.setPoints(store.drawn(past));
  tellCounts();
}

function showState(id: number, state: State): void {
  for (const place of every(of(id))) {
    place.dataset.state = state;
    for (const sign of place.querySelectorAll(".lm-g")) sign.setAttribute("class", `lm-g is-${state}`);
    for (const how of every("[data-how]", place)) {
      const mark = one<HTMLTemplateElement>(`template[data-mark="${state}"]`);
      if (mark) how.replaceChildren(mark.content.cloneNode(true));
    }
    flash(place.matches("tr, li") ? place : place.querySelector("[data-how]"));
  }
}

/* ---- what arrives */

function onStates(states: StateRow[]): void {
  let changed = false;
  const alarms: string[] = [];
  for (const [id, word] of states) {
    const state = word as State;
    const before = store.state(id) ?? (one(of(id))?.dataset.state as State | undefined);
    if (before === state) continue;
    changed = store.set(id, state) || changed;
    showState(id, state);
    if (state === "alarm") alarms.push(store.name(id) || one(of(id))?.dataset.name || "");
  }
  const told = one("[data-told]");
  if (told && alarms.length) told.textContent = fill(page!.told, { name: alarms.filter(Boolean).slice(0, 5).join(" · ") });
  if (store.cells) fetchSoon();
  else if (changed) draw();
}

function onValues(values: ValueRow[]): void {
  for (const [id, series, , number, value, , at] of values) {
    const places = every(`[data-series="${series}"]`);
    for (const place of places) {
      const text = written(place, number, value);
      if (place.textContent !== text) flash(place);
      place.textContent = text;
      const age = (place.closest("tr") ?? place.closest(of(id)))?.querySelector<HTMLElement>("time[data-at]");
      if (age) age.dataset.at = String(at);
    }
  }
  tickAges();
}

/** Read the page anew: something may have been missed. */
async function onReset(): Promise<void> {
  void fetchPoints();
  if (replay && !replay.past) void replay.load();
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const what of ["[data-select]", "#lm-layers", "[data-finding]", "[data-sum]"]) {
    const [old, next] = [one(what), fresh.querySelector(what)];
    if (old && next && !old.contains(document.activeElement)) old.replaceChildren(...next.childNodes);
  }
  hideLayers();
  watch();
}

/** Squares are counted by the server: not anew for each change. */
let soon = 0;
function fetchSoon(): void {
  if (!page!.many || !component || soon) return;
  soon = window.setTimeout(() => {
    soon = 0;
    void fetchPoints();
  }, COUNT_MS);
}

let fetching = 0;
async function fetchPoints(): Promise<void> {
  if (page!.many && !component) return; // a list of too many to hold: its title stays as it was read
  const turn = ++fetching;
  const url = new URL(page!.points, location.href);
  if (page!.many && component) {
    const box = component.map.getBounds();
    const within = [Math.max(-180, box.getWest()), Math.max(-90, box.getSouth()), Math.min(180, box.getEast()), Math.min(90, box.getNorth())];
    url.searchParams.set("box", within.map((value) => value.toFixed(5)).join(","));
  }
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok || turn !== fetching) return;
  store.take((await answer.json()) as Table);
  drawNow();
}

let stream: ReturnType<typeof listen> | null = null;
function watched(): number[] {
  const ids = [selected(), ...every("[data-select] [data-id]").map((row) => row.dataset.id ?? "")];
  return [...new Set(ids.filter(Boolean).map(Number))].slice(0, MOST_WATCHED);
}
function watch(): void {
  stream?.watch(watched());
}

/* ---- layers */

function hideLayers(): void {
  store.hidden.clear();
  const here = new URL(location.href);
  here.searchParams.delete("hide");
  for (const box of every<HTMLInputElement>("[data-layer]")) {
    box.closest("li")?.classList.toggle("is-off", !box.checked);
    if (box.checked) continue;
    store.hidden.add(box.value);
    here.searchParams.append("hide", box.value);
  }
  history.replaceState(history.state, "", here);
  for (const link of every<HTMLAnchorElement>("a[data-layout]")) {
    const to = new URL(link.href, location.href);
    to.searchParams.delete("hide");
    for (const kind of store.hidden) to.searchParams.append("hide", kind);
    link.href = to.href;
  }
  for (const row of every("[data-select] [data-id]")) row.hidden = store.hidden.has(row.dataset.kind ?? "");
}

/* ---- keys, panel, links */

function panel(): HTMLElement | null {
  return one("#lm-panel");
}

function closePanel(): boolean {
  const box = panel();
  if (!box?.dataset.panelId) return false;
  delete box.dataset.panelId;
  box.replaceChildren();
  const here = new URL(location.href);
  here.searchParams.delete("sel");
  history.replaceState(history.state, "", here);
  const was = selected();
  select({ id: "", from: "panel" });
  (one(`[data-select] [data-id="${CSS.escape(was)}"] a`) ?? one("#m-list") ?? one<HTMLElement>(".lm-map canvas"))?.focus({ preventScroll: true });
  return true;
}

/** On a phone the panel covers half the map: what it tells of stays in sight. */
function aboveThePanel(): void {
  const box = panel();
  if (component && box?.firstElementChild) component.showAbove(box);
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target as Element;
  if (event.key === "Escape") {
    if (!one("details[data-menu][open]") && closePanel()) event.preventDefault();
    return;
  }
  if (target.closest("input, select, textarea, [contenteditable], dialog")) return;
  if (event.key === "/") {
    event.preventDefault();
    one<HTMLInputElement>("#lm-q")?.focus();
  } else if (event.key === "l") one<HTMLAnchorElement>("a[data-layout]:not([aria-current])")?.click();
}

document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  const target = event.target as Element;
  if (target.closest("[data-panel-close]")) closePanel();
  const fold = target.closest<HTMLElement>("[data-fold]");
  if (fold) {
    const folded = fold.closest(".lm-leg")!.classList.toggle("is-folded");
    fold.setAttribute("aria-expanded", String(!folded));
  }
  const copy = target.closest<HTMLElement>("[data-copy-here]");
  if (copy) copy.dataset.copy = location.href;
}, true);
document.addEventListener("change", (event) => {
  if (!(event.target as Element).matches("[data-layer]")) return;
  hideLayers();
  drawNow();
});
document.addEventListener("bv:select", (event) => {
  if ((event as CustomEvent<Selection>).detail.id) watch();
});
document.addEventListener("htmx:after:swap", () => {
  const note = one("[data-past-note]");
  if (note) note.hidden = past === undefined;
  tickAges();
  aboveThePanel();
});

/* ---- start */

function onPast(states: Map<number, State> | null, words: string): void {
  past = states ?? undefined;
  one(".lm")?.classList.toggle("is-past", past !== undefined);
  const then = one("[data-then]");
  if (then) {
    then.hidden = past === undefined;
    then.querySelector("span")!.textContent = words;
  }
  const note = one("[data-past-note]");
  if (note) note.hidden = past === undefined;
  drawNow();
}

function onMap(map: TerritoryMap): void {
  component = map;
  aboveThePanel();
  if (map.table) {
    store.take(map.table as Table);
    if (store.hidden.size) drawNow();
    else tellCounts();
  } else void fetchPoints();
  if (page!.many) map.map.on("moveend", () => void fetchPoints());
}

function onStatus(status: Status): void {
  for (const place of every("[data-status]")) {
    place.textContent = page!.status[status];
    place.classList.toggle("is-live", status === "live");
  }
}

if (page && one("[data-live]")) {
  if (innerWidth <= 800) one<HTMLElement>("[data-fold]")?.click();
  hideLayers();
  document.addEventListener("bv:map-ready", (event) => onMap((event as CustomEvent<{ component: TerritoryMap }>).detail.component));
  const bar = one("[data-replay]");
  if (bar && page.day && !page.many) {
    replay = new Replay(bar, onPast);
    void replay.load();
  }
  setInterval(() => tickAges(), 15_000);
  if (one("[data-finding]") && !one("[data-map]")) void fetchPoints(); // the list: for its title
  if (page.ticket) stream = listen({ ticketUrl: page.ticket, things: watched(), onStates, onValues, onReset: () => void onReset(), onStatus });
}
