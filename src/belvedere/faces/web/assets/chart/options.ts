/* From the data of a table to what ECharts draws: few lines, our tokens, the table's own words as labels. */
import type { EChartsCoreOption } from "echarts/core";
import { token } from "../map/images.js";
import type { ChartData, Series } from "./data.js";

export type ChartKind = "columns" | "rows" | "band";
export interface Look {
  kind: ChartKind;
  /** What one unit on the axis is: values are divided by it. */
  scale: number;
  unit: string;
  locale: string;
  narrow: boolean;
  /** Small: thresholds are named on their line, nothing stands at the right. */
  plain?: boolean;
  /** Words for a time without values, with {n} for its hours; a row is two hours. */
  gap?: string;
}

const TAGS: Record<string, string> = { fr: "fr-CH", de: "de-CH", en: "en-GB" };

export const colour = (name: string): string => (/^[1-8]$/.test(name) ? token(`--bv-d${name}`) : token(`--bv-${name === "line" ? "line-strong" : name}`)) || token("--bv-d1");

function axisNumber(look: Look): (value: number) => string {
  const format = new Intl.NumberFormat(TAGS[look.locale.slice(0, 2)] ?? look.locale, { maximumFractionDigits: 2 });
  return (value) => format.format(value / look.scale);
}

function escape(words: string): string {
  return words.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? c);
}

/** All that the table says of one row, in the order of its columns. */
function rowTooltip(data: ChartData, at: number): string {
  const lines = data.series
    .filter((s) => s.cells[at]?.text)
    .map((s) => `<div style="display:flex;gap:16px;justify-content:space-between"><span>${escape(s.name)}</span><b style="font-variant-numeric:tabular-nums">${escape(s.cells[at]!.text)}</b></div>`);
  return `<b>${escape(data.rows[at]?.name ?? "")}</b>${lines.join("")}`;
}

function barOf(series: Series, look: Look, last: boolean, totals: Series | undefined): object {
  const fill = colour(series.color);
  const horizontal = look.kind === "rows";
  return {
    type: "bar",
    name: series.name,
    stack: "all",
    barMaxWidth: horizontal ? 20 : 44,
    barCategoryGap: horizontal ? "30%" : "28%",
    itemStyle: { color: fill, borderColor: token("--bv-surface"), borderWidth: 0.5, ...(series.pattern ? { decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4, color: token("--bv-surface") } } : {}) },
    emphasis: { disabled: false, itemStyle: { opacity: 0.85 } },
    cursor: series.cells.some((c) => c.href) ? "pointer" : "default",
    data: series.cells.map((c) => c.value ?? 0),
    label: last && totals ? { show: true, position: horizontal ? "right" : "top", color: token("--bv-ink"), fontWeight: 600, fontSize: 11, textBorderColor: token("--bv-surface"), textBorderWidth: 3, formatter: (p: { dataIndex: number }) => totals.cells[p.dataIndex]?.text ?? "" } : { show: false },
    labelLayout: { hideOverlap: true },
  };
}

const isFlat = (series: Series): boolean => series.cells.every((c) => c.value === series.cells[0]!.value);

function lineOf(series: Series, look: Look, hasForecast: boolean): object {
  const stroke = colour(series.color);
  const dense = look.kind === "band" && series.pattern && series.cells.length > 60;
  const threshold = dense && isFlat(series);
  const forecast = dense && !threshold;
  return {
    type: "line",
    name: series.name,
    data: series.cells.map((c) => c.value),
    symbol: series.pattern && series.cells.length > 60 ? "none" : "circle",
    symbolSize: series.cells.length > 60 ? 2 : 5,
    connectNulls: false,
    z: 5,
    // The words at the end follow a line that grows: they have no place while it begins with a gap.
    animation: series.cells[0]?.value != null,
    lineStyle: { color: stroke, width: 2, ...(series.pattern ? { type: "dashed" } : {}) },
    itemStyle: { color: stroke },
    endLabel: { show: !look.plain && (forecast || (!dense && !hasForecast)), formatter: series.name, color: stroke, fontWeight: 600, fontSize: 11, distance: look.kind !== "columns" ? 6 : look.narrow ? 12 : 26, textBorderColor: token("--bv-surface"), textBorderWidth: 3 },
    labelLayout: { moveOverlap: "shiftY" },
    ...(threshold ? onLine(series, stroke) : forecast && look.plain ? onForecast(series, stroke) : {}),
  };
}

const HOURS_A_ROW = 2;
const SHORTEST_GAP = 3;

/** Times without values between values, as grey grounds with their length in words. */
function gapsOf(series: Series, rows: ChartData["rows"], words: string): object {
  const found: [number, number][] = [];
  let since = -1;
  series.cells.forEach((cell, at) => {
    if (cell.value === null) return;
    if (since >= 0 && at - since - 1 >= SHORTEST_GAP) found.push([since + 1, at - 1]);
    since = at;
  });
  return {
    silent: true,
    itemStyle: { color: token("--bv-line"), opacity: 0.55 },
    label: { color: token("--bv-ink-2"), fontSize: 11, position: "insideBottom" },
    data: found.map(([from, to]) => [{ xAxis: rows[from]!.name, name: to - from > 10 ? words.replace("{n}", String((to - from + 1) * HOURS_A_ROW)) : "" }, { xAxis: rows[to]!.name }]),
  };
}

/** Words on a threshold, each at a place of its own: two that are near would else stand on each other. */
function onLine(series: Series, stroke: string): object {
  const critical = series.color === "critical";
  return wordsAt(series, stroke, Math.round(series.cells.length * (critical ? 0.22 : 0.62)), critical ? "top" : "bottom");
}

/** Words over a dashed line that goes on where another one ends, in its middle. */
function onForecast(series: Series, stroke: string): object {
  const known = series.cells.flatMap((cell, at) => (cell.value === null ? [] : [at]));
  const at = known[Math.floor(known.length / 2)];
  return at === undefined ? {} : wordsAt(series, stroke, at, "top");
}

/** The name of a series at one of its cells. */
function wordsAt(series: Series, stroke: string, at: number, position: "top" | "bottom"): object {
  return { markPoint: { symbol: "circle", symbolSize: 0.1, silent: true, data: [{ coord: [at, series.cells[at]?.value ?? 0] }], label: { show: true, position, distance: 5, formatter: series.name, color: stroke, fontSize: 11, fontWeight: 600, textBorderColor: token("--bv-surface"), textBorderWidth: 3 } } };
}

/** Two invisible lines stacked, the upper with a ground: the band between them. */
function bandOf(low: Series, high: Series): object[] {
  // Below zero too: without a strategy only numbers of one sign are stacked.
  const base = { type: "line", stack: "band", stackStrategy: "all", symbol: "none", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
  return [
    { ...base, data: low.cells.map((c) => c.value) },
    { ...base, data: high.cells.map((c, i) => (c.value === null || low.cells[i]?.value == null ? null : c.value - (low.cells[i]!.value ?? 0))), areaStyle: { color: colour(high.color), opacity: 0.2 } },
  ];
}

/** Room at the right for the words at the end of lines. */
function rightMargin(data: ChartData, look: Look): number {
  if (look.kind === "rows") return 64;
  if (look.plain) return 28; // half of the last time's words
  const longest = Math.max(0, ...data.series.filter((s) => s.kind === "line").map((s) => s.name.length));
  return longest ? Math.min(look.narrow ? 96 : 180, 36 + longest * 6.2) : 8;
}

export function options(data: ChartData, look: Look): EChartsCoreOption {
  const bars = data.series.filter((s) => s.kind === "bar");
  const totals = data.series.find((s) => s.kind === "total");
  const low = data.series.find((s) => s.kind === "low");
  const high = data.series.find((s) => s.kind === "high");
  // What is forecast goes on where the line ends, and has the words at its end.
  const hasForecast = look.kind === "band" && data.series.some((s) => s.kind === "line" && s.pattern && !isFlat(s));
  const ink = { color: token("--bv-ink-3"), fontFamily: token("--bv-font"), fontSize: 11.5 };
  const categories = {
    type: "category",
    data: data.rows.map((r) => r.name),
    inverse: look.kind === "rows",
    axisTick: { show: false },
    axisLine: { lineStyle: { color: token("--bv-line-strong") } },
    axisLabel: { ...ink, color: token("--bv-ink"), interval: look.kind === "rows" ? 0 : "auto", ...(look.kind === "rows" ? { width: look.narrow ? 110 : 220, overflow: "truncate" } : {}) },
  };
  const number = axisNumber(look);
  const values = { type: "value", splitNumber: 4, name: look.kind === "rows" ? "" : look.unit, nameTextStyle: { ...ink, align: "left", padding: [0, 0, 4, -24] }, axisLabel: { ...ink, formatter: number }, splitLine: { lineStyle: { color: token("--bv-line") } } };
  return {
    animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 250,
    textStyle: { fontFamily: token("--bv-font") },
    aria: { enabled: false }, // the figure's own words and its table say it
    grid: { left: 4, right: rightMargin(data, look), top: look.kind === "rows" ? 4 : 32, bottom: 4, containLabel: true },
    tooltip: {
      trigger: "axis",
      axisPointer: { type: look.kind === "band" ? "line" : "shadow" },
      confine: true,
      backgroundColor: token("--bv-surface"),
      borderColor: token("--bv-line-strong"),
      textStyle: { color: token("--bv-ink"), fontSize: 12.5 },
      formatter: (items: { dataIndex: number }[]) => rowTooltip(data, items[0]?.dataIndex ?? 0),
    },
    xAxis: look.kind === "rows" ? values : categories,
    yAxis: look.kind === "rows" ? categories : values,
    series: [...(low && high ? bandOf(low, high) : []), ...bars.map((s, i) => barOf(s, look, i === bars.length - 1, totals)), ...data.series.filter((s) => s.kind === "line").map((s) => ({ ...lineOf(s, look, hasForecast), ...(look.gap && !s.pattern ? { markArea: gapsOf(s, data.rows, look.gap) } : {}) }))],
  };
}
