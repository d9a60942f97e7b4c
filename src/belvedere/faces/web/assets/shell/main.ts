/* Every page: the frame, htmx, toasts, lists. Maps and charts are fetched only where a page has one. */
import htmx from "htmx.org";
import { startComponents } from "./components.js";
import { keepDrafts } from "./drafts.js";
import { startFrame } from "./frame.js";
import { keepEdits } from "./keeping.js";
import { startLists } from "./lists.js";
import { startRequests } from "./requests.js";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;

/** What matches and nobody has started, marked as started at once: its script may take longer than the next swap. */
function claim(root: ParentNode, selector: string): HTMLElement[] {
  const found = [...root.querySelectorAll<HTMLElement>(`${selector}:not([data-started])`)];
  for (const element of found) element.dataset.started = "";
  return found;
}

/** Start what the fragment holds; called for the page and for every piece htmx swaps in. */
function start(root: ParentNode): void {
  const maps = claim(root, "[data-map]");
  if (maps.length) void import("../map/map.js").then((module) => module.startMaps(maps));
  const charts = claim(root, "figure[data-chart]");
  if (charts.length) void import("../chart/chart.js").then((module) => module.startCharts(charts));
  startComponents(root);
}

if ("clipboard" in navigator) document.documentElement.dataset.copies = "";
startFrame();
startRequests();
keepEdits();
keepDrafts(); // before maps and lists read their fields
startLists();
start(document);
document.addEventListener("htmx:after:swap", () => start(document));
document.documentElement.dataset.ready = "";
