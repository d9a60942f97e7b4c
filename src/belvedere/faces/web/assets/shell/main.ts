/* Every page: the frame, htmx, toasts, lists. Maps and charts are fetched only where a page has one. */
import htmx from "htmx.org";
import { startComponents } from "./components.js";
import { startFrame } from "./frame.js";
import { startLists } from "./lists.js";
import { startRequests } from "./requests.js";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;

/** Start what the fragment holds; called for the page and for every piece htmx swaps in. */
function start(root: ParentNode): void {
  const maps = root.querySelectorAll<HTMLElement>("[data-map]:not([data-started])");
  if (maps.length) void import("../map/map.js").then((module) => module.startMaps(maps));
  const charts = root.querySelectorAll<HTMLElement>("figure[data-chart]:not([data-started])");
  if (charts.length) void import("../chart/chart.js").then((module) => module.startCharts(charts));
  startComponents(root);
}

startFrame();
startRequests();
startLists();
start(document);
document.addEventListener("htmx:after:swap", () => start(document));
document.documentElement.dataset.ready = "";
