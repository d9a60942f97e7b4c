/* The chart component. Fetched only by pages that have one; see docs/reference/components.md. */
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, MarkPointComponent, TooltipComponent } from "echarts/components";
import { init, use, type ECharts } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import { locale, text } from "../shell/texts.js";
import { read, type ChartData } from "./data.js";
import { colour, options, type ChartKind, type Look } from "./options.js";

use([BarChart, LineChart, GridComponent, MarkAreaComponent, MarkPointComponent, TooltipComponent, LabelLayout, SVGRenderer]);

function lookOf(figure: HTMLElement, canvas: HTMLElement): Look {
  const kind = figure.dataset.chart;
  return {
    kind: (kind === "rows" || kind === "band" ? kind : "columns") satisfies ChartKind,
    scale: Number(figure.dataset.chartScale) || 1,
    unit: figure.dataset.chartUnit ?? "",
    locale: locale(),
    narrow: canvas.clientWidth < 520,
    plain: figure.dataset.chartPlain !== undefined,
    gap: figure.dataset.chartGap ?? "",
  };
}

/** The key: which colour is which series, in the order of the stack; lines carry their words themselves. */
function drawKey(figure: HTMLElement, data: ChartData, canvas: HTMLElement): void {
  const bars = data.series.filter((s) => s.kind === "bar");
  let key = figure.querySelector<HTMLElement>(".bv-chart-key");
  if (bars.length < 2) return void key?.remove();
  if (!key) {
    key = document.createElement("p");
    key.className = "bv-chart-key";
    key.setAttribute("aria-hidden", "true"); // the table's heads say the same
    canvas.before(key);
  }
  key.replaceChildren(
    ...bars.map((s) => {
      const entry = document.createElement("span");
      const swatch = document.createElement("i");
      swatch.className = s.pattern ? "bv-swatch is-hatched" : "bv-swatch";
      swatch.style.setProperty("--c", colour(s.color));
      entry.append(swatch, s.name);
      return entry;
    }),
  );
}

function label(figure: HTMLElement): string {
  const title = figure.querySelector("figcaption")?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  return `${title} ${text("chart_table")}`.trim();
}

function start(figure: HTMLElement): void {
  const canvas = figure.querySelector<HTMLElement>(".bv-chart-canvas");
  const table = figure.querySelector<HTMLTableElement>("table[data-chart-table]") ?? (document.getElementById(figure.dataset.chartTable ?? "") as HTMLTableElement | null);
  if (!canvas || !table) return;
  const data = read(table);
  if (figure.dataset.chart === "rows") canvas.style.setProperty("--bv-chart-h", `${data.rows.length * 30 + 36}px`);
  figure.dataset.ready = "";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label(figure));
  const chart: ECharts = init(canvas, null, { renderer: "svg" });
  const draw = () => {
    drawKey(figure, data, canvas);
    chart.setOption(options(data, lookOf(figure, canvas)), true);
  };
  draw();
  chart.on("click", (event) => {
    const at = event.dataIndex;
    const series = data.series.find((s) => s.name === event.seriesName);
    const href = series?.cells[at]?.href || data.rows[at]?.href;
    if (href) location.assign(href);
  });
  document.addEventListener("bv:theme", draw);
  new ResizeObserver(() => {
    if (!figure.isConnected) return chart.dispose();
    chart.resize();
    draw();
  }).observe(canvas);
}

export function startCharts(figures: Iterable<HTMLElement>): void {
  for (const figure of figures) start(figure);
}
