/* The map style: our own drawing, no network. One line weight per meaning, one role per label. */
import type { ExpressionSpecification, FilterSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import type { FeatureCollection } from "geojson";
import { theme, token } from "./images.js";
import type { Ground } from "./outlines.js";
import type { Points } from "./points.js";

export interface BaseMap {
  tiles: string;
  attribution: string;
  maxzoom?: number;
}
export interface Content {
  ground: Ground;
  shown: Points;
  faint: Points;
  alone: Points;
  /** Things of the live territory: groups tell their states, the chosen one keeps its sign. */
  live: boolean;
  sites: FeatureCollection;
  chosen: FeatureCollection;
  base: BaseMap | null;
  cluster: boolean;
}

const REGULAR = ["BV Map Regular"];
const SEMIBOLD = ["BV Map Semibold"];
const ITALIC = ["BV Map Italic"];
/** How much a thing of the live territory calls: 3 in alarm, 2 to watch, 1 silent, else 0. */
const WORST: ExpressionSpecification = ["case", ["in", ".alarm", ["get", "p"]], 3, ["in", ".watch", ["get", "p"]], 2, ["in", ".silent", ["get", "p"]], 1, 0];
const countOf = (state: string): ExpressionSpecification => ["case", ["in", `.${state}`, ["get", "p"]], ["get", "n"], 0];
/** Clusters open at this zoom at the latest. */
export const CLUSTER_MAX_ZOOM = 13;

const POLYGONS: FilterSpecification = ["in", ["geometry-type"], ["literal", ["Polygon", "MultiPolygon"]]];
const POINTS: FilterSpecification = ["in", ["geometry-type"], ["literal", ["Point", "MultiPoint"]]];
const NOT_POINTS: FilterSpecification = ["!", POINTS as never];

const byZoom = (from: number, a: number, to: number, b: number): ["interpolate", ["exponential", number], ["zoom"], number, number, number, number] => ["interpolate", ["exponential", 1.5], ["zoom"], from, a, to, b];

function groundLayers(base: boolean): LayerSpecification[] {
  const paper: LayerSpecification[] = base
    ? [{ id: "base", type: "raster", source: "base", paint: { "raster-saturation": -0.35, "raster-opacity": theme() === "dark" ? 0.6 : 0.9 } }]
    : [
        { id: "land", type: "fill", source: "areas", filter: ["!", ["to-boolean", ["get", "ours"]]], paint: { "fill-color": token("--bv-map-land"), "fill-antialias": false } },
        { id: "land-line", type: "line", source: "around", paint: { "line-color": token("--bv-map-line-out"), "line-width": 0.8 } },
        { id: "edge-glow", type: "line", source: "outer", layout: { "line-join": "round" }, paint: { "line-color": token("--bv-map-glow"), "line-width": byZoom(8, 6, 12, 12) } },
        { id: "ours", type: "fill", source: "areas", filter: ["to-boolean", ["get", "ours"]], paint: { "fill-color": token("--bv-map-ours"), "fill-antialias": false } },
        { id: "river-case", type: "line", source: "rivers", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": token("--bv-map-water-case"), "line-width": byZoom(8, 2, 14, 16) } },
        { id: "river", type: "line", source: "rivers", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": token("--bv-map-water"), "line-width": byZoom(8, 1.4, 14, 14) } },
        { id: "lake", type: "fill", source: "lakes", paint: { "fill-color": token("--bv-map-water") } },
      ];
  return [
    { id: "outside", type: "background", paint: { "background-color": token("--bv-map-outside") } },
    ...paper,
    { id: "commune-line", type: "line", source: "inner", layout: { "line-join": "round" }, paint: { "line-color": token(base ? "--bv-map-edge" : "--bv-map-line"), "line-width": byZoom(8, 0.7, 13, 1.4), "line-opacity": base ? 0.5 : 1 } },
    { id: "edge", type: "line", source: "outer", layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": token("--bv-map-edge"), "line-width": byZoom(8, 1.2, 12, 2), "line-opacity": 0.75 } },
  ];
}

function labelLayers(): LayerSpecification[] {
  const halo = token("--bv-map-ours");
  const water = { "text-color": token("--bv-map-water-ink"), "text-halo-color": halo, "text-halo-width": 1.2 };
  const ours = { "text-color": token("--bv-map-label"), "text-halo-color": halo, "text-halo-width": 1.8 };
  return [
    { id: "label-river", type: "symbol", source: "rivers", minzoom: 10, layout: { "symbol-placement": "line", "symbol-spacing": 420, "text-field": ["coalesce", ["get", "name"], ""], "text-font": ITALIC, "text-size": 11.5, "text-letter-spacing": 0.04, "text-offset": [0, -0.9], "text-max-angle": 30 }, paint: water },
    { id: "label-lake", type: "symbol", source: "lakes", minzoom: 10, layout: { "text-field": ["coalesce", ["get", "name"], ""], "text-font": ITALIC, "text-size": 11, "text-max-width": 5 }, paint: water },
    { id: "label-other", type: "symbol", source: "labels", filter: ["==", ["get", "role"], "other"], layout: { "text-field": ["get", "name"], "text-font": REGULAR, "text-size": 11, "symbol-sort-key": ["get", "order"] }, paint: { "text-color": token("--bv-map-label-out"), "text-halo-color": token("--bv-map-land"), "text-halo-width": 1.4 } },
    { id: "label-ours", type: "symbol", source: "labels", filter: ["==", ["get", "role"], "ours"], layout: { "text-field": ["get", "name"], "text-font": SEMIBOLD, "text-size": ["interpolate", ["linear"], ["zoom"], 9, 11, 12, 12.5], "text-max-width": 7, "text-variable-anchor": ["center", "bottom", "top", "left", "right"], "text-radial-offset": 1.2, "text-justify": "auto", "symbol-sort-key": ["get", "order"], "text-padding": 4 }, paint: ours },
    { id: "label-town", type: "symbol", source: "labels", filter: ["==", ["get", "role"], "town"], layout: { "text-field": ["get", "name"], "text-font": SEMIBOLD, "text-size": ["interpolate", ["linear"], ["zoom"], 9, 13, 12, 16], "text-max-width": 8, "symbol-sort-key": ["get", "order"] }, paint: { ...ours, "text-halo-width": 2 } },
  ];
}

function siteLayers(): LayerSpecification[] {
  const accent = token("--bv-map-select");
  const round = { "line-cap": "round", "line-join": "round" } as const;
  return [
    { id: "site-area", type: "fill", source: "sites", filter: POLYGONS, paint: { "fill-color": accent, "fill-opacity": 0.16 } },
    { id: "site-case", type: "line", source: "sites", filter: NOT_POINTS, layout: round, paint: { "line-color": token("--bv-surface"), "line-width": ["match", ["geometry-type"], ["LineString", "MultiLineString"], 8, 4.5] } },
    { id: "site-line", type: "line", source: "sites", filter: NOT_POINTS, layout: round, paint: { "line-color": accent, "line-width": ["match", ["geometry-type"], ["LineString", "MultiLineString"], 4.5, 2.2] } },
    { id: "site-point", type: "symbol", source: "sites", filter: POINTS, layout: { "icon-image": ["concat", `pin:${theme()}:`, ["coalesce", ["get", "p"], ""]], "icon-anchor": "bottom", "icon-allow-overlap": true } },
    { id: "chosen-area", type: "fill", source: "chosen", filter: POLYGONS, paint: { "fill-color": accent, "fill-opacity": 0.24 } },
    { id: "chosen-line", type: "line", source: "chosen", filter: NOT_POINTS, layout: round, paint: { "line-color": accent, "line-width": 5 } },
  ];
}

const marker = (now: string): ExpressionSpecification => ["concat", `marker:${now}:`, ["get", "p"], ":", ["to-string", ["get", "about"]]];

function groupLayers(): LayerSpecification[] {
  const surface = token("--bv-surface");
  return [
    { id: "group", type: "circle", source: "shown", filter: ["has", "point_count"], paint: { "circle-radius": ["interpolate", ["linear"], ["get", "point_count"], 2, 11, 12, 15, 200, 21, 5000, 28], "circle-color": token("--bv-brand"), "circle-stroke-color": ["match", ["get", "worst"], 3, token("--bv-critical"), 2, token("--bv-warn"), surface], "circle-stroke-width": ["case", [">=", ["get", "worst"], 2], 3.5, 2] } },
    { id: "group-count", type: "symbol", source: "shown", filter: ["has", "point_count"], layout: { "text-field": ["concat", ["number-format", ["get", "point_count"], { locale: document.documentElement.lang }], ["case", [">=", ["get", "worst"], 3], " !", ""]], "text-font": SEMIBOLD, "text-size": 11.5, "text-allow-overlap": true }, paint: { "text-color": token("--bv-brand-ink") } },
  ];
}

/** Groups of things as rings with the share of their states; alarms beside them with their value. */
function ringLayers(now: string): LayerSpecification[] {
  const text = (name: string): ExpressionSpecification => ["to-string", ["get", name]];
  const cell = (state: string): ExpressionSpecification => ["to-string", ["coalesce", ["get", state], countOf(state)]];
  return [
    { id: "group", type: "symbol", source: "shown", filter: [">", ["get", "n"], 1], layout: { "icon-image": ["concat", `ring:${now}:`, text("n"), ":", cell("alarm"), ":", cell("watch"), ":", cell("silent")], "icon-allow-overlap": true, "symbol-sort-key": ["get", "n"] } },
    { id: "alone", type: "symbol", source: "alone", layout: { "icon-image": marker(now), "icon-allow-overlap": true, "text-field": ["get", "label"], "text-font": SEMIBOLD, "text-size": 11.5, "text-anchor": "left", "text-offset": [1.5, 0], "text-optional": true }, paint: { "text-color": token("--bv-critical"), "text-halo-color": token("--bv-map-ours"), "text-halo-width": 1.8 } },
  ];
}

function chosenLayers(now: string): LayerSpecification[] {
  const accent = token("--bv-map-select");
  const thing: FilterSpecification = ["==", ["slice", ["coalesce", ["get", "p"], ""], 0, 1], "~"];
  return [
    { id: "pin", type: "symbol", source: "chosen", filter: ["all", POINTS, ["!", thing]] as FilterSpecification, layout: { "icon-image": ["concat", `pin:${now}:`, ["coalesce", ["get", "p"], ""]], "icon-anchor": "bottom", "icon-allow-overlap": true } },
    { id: "chosen-ring", type: "circle", source: "chosen", filter: thing, paint: { "circle-radius": 19, "circle-color": accent, "circle-opacity": 0.16, "circle-stroke-color": accent, "circle-stroke-width": 2.5 } },
    { id: "chosen-sign", type: "symbol", source: "chosen", filter: thing, layout: { "icon-image": marker(now), "icon-allow-overlap": true, "icon-size": 1.15, "text-field": ["get", "name"], "text-font": SEMIBOLD, "text-size": 13, "text-anchor": "left", "text-offset": [1.9, 0], "text-max-width": 16, "text-justify": "left", "text-allow-overlap": true }, paint: { "text-color": token("--bv-ink"), "text-halo-color": token("--bv-map-ours"), "text-halo-width": 2.2 } },
  ];
}

function pointLayers(live: boolean): LayerSpecification[] {
  const now = theme();
  return [
    { id: "faint", type: "circle", source: "faint", paint: { "circle-radius": 2.2, "circle-color": token("--bv-ink-3"), "circle-opacity": 0.5 } },
    { id: "point", type: "symbol", source: "shown", filter: ["==", ["get", "n"], 1], layout: { "icon-image": marker(now), "icon-allow-overlap": true, "symbol-sort-key": ["match", ["get", "p"], "A", 3, "B", 2, "C", 1, WORST] } },
    ...(live ? ringLayers(now) : groupLayers()),
    ...chosenLayers(now),
  ];
}

/** The whole style in the colours of the theme now. Called again when the theme or the base map changes. */
export function style(content: Content): StyleSpecification {
  const geo = (data: unknown): SourceSpecification => ({ type: "geojson", data: data as GeoJSON.GeoJSON });
  const g = content.ground;
  const sources: Record<string, SourceSpecification> = {
    areas: geo(g.areas), outer: geo(g.outer), inner: geo(g.inner), around: geo(g.around), lakes: geo(g.lakes), rivers: geo(g.rivers), labels: geo(g.labels),
    sites: geo(content.sites), chosen: geo(content.chosen), faint: geo(content.faint), alone: geo(content.alone),
    shown: { type: "geojson", data: content.shown, cluster: content.cluster, clusterRadius: content.live ? 40 : 36, clusterMaxZoom: CLUSTER_MAX_ZOOM, clusterProperties: { worst: ["max", WORST], n: ["+", ["get", "n"]], ...(content.live ? { alarm: ["+", countOf("alarm")], watch: ["+", countOf("watch")], silent: ["+", countOf("silent")] } : {}) } },
  };
  if (content.base) sources.base = { type: "raster", tiles: [content.base.tiles], tileSize: 256, maxzoom: content.base.maxzoom ?? 18, attribution: content.base.attribution };
  return { version: 8, sources, layers: [...groundLayers(content.base !== null), ...labelLayers(), ...siteLayers(), ...pointLayers(content.live)] };
}
