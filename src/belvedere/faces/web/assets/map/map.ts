/* The map component. Fetched only by pages that have one; see docs/reference/components.md for its attributes. */
import * as maplibregl from "maplibre-gl";
import type { GeoJSONSource, Map as GlMap, MapMouseEvent } from "maplibre-gl";
import type { Feature, FeatureCollection, Point } from "geojson";
import { select, selected, type Selection } from "../shell/lists.js";
import { text } from "../shell/texts.js";
import { loadFonts, picture, pixelRatio } from "./images.js";
import { ground, type Outlines } from "./outlines.js";
import { boundsOf, nothing, points, type PointProperties, type Points, type PointTable } from "./points.js";
import { CLUSTER_MAX_ZOOM, style, type BaseMap, type Content } from "./style.js";

const base = document.documentElement.dataset.static ?? "/static/belvedere/";
let prepared = false;

/** The library's style sheet and worker, once. */
function prepare(): void {
  if (prepared) return;
  prepared = true;
  maplibregl.setWorkerUrl(new URL(`${base}map-worker.mjs`, location.href).href);
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = `${base}map.css`;
  document.head.prepend(link); // before our own rules, which then win
}

const empty = (): FeatureCollection => ({ type: "FeatureCollection", features: [] });

/** JSON from an address, or from a <script type="application/json"> given as "#id". */
async function load<T>(from: string | undefined): Promise<T | null> {
  if (!from) return null;
  if (from.startsWith("#")) return JSON.parse(document.getElementById(from.slice(1))?.textContent ?? "null") as T | null;
  const answer = await fetch(from, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${from}: ${answer.status}`);
  return (await answer.json()) as T;
}

export class TerritoryMap {
  readonly map: GlMap;
  /** The things as they were fetched. */
  table: PointTable | null;
  private readonly content: Content;
  private outlineBounds: [number, number, number, number] | null;
  private byId = new Map<string, Feature<Point, PointProperties>>();
  private popup: maplibregl.Popup | null = null;

  private constructor(
    readonly element: HTMLElement,
    outlines: Outlines,
    table: PointTable | null,
    sites: FeatureCollection | null,
  ) {
    this.table = table;
    const { shown, faint, alone } = table ? points(table) : nothing();
    this.content = { ground: ground(outlines), shown, faint, alone, live: table?.words !== undefined || element.dataset.mapLive !== undefined, sites: sites ?? empty(), chosen: empty(), base: null, cluster: element.dataset.mapCluster !== "no" };
    this.outlineBounds = outlines.bounds ?? boundsOf(outlines);
    this.index();
    const canvas = document.createElement("div");
    canvas.className = "bv-map-canvas";
    element.prepend(canvas);
    const start = this.startBounds();
    this.map = new maplibregl.Map({
      container: canvas,
      style: style(this.content),
      attributionControl: false,
      fadeDuration: 0,
      maxZoom: 19,
      hash: element.dataset.mapHash !== undefined ? "map" : false,
      cooperativeGestures: element.dataset.mapEmbedded !== undefined,
      dragRotate: false,
      pitchWithRotate: false,
      ...(start ? { bounds: start, fitBoundsOptions: { padding: this.padding(), maxZoom: this.closest(15) } } : {}),
      locale: {
        "NavigationControl.ZoomIn": text("zoom_in"), "NavigationControl.ZoomOut": text("zoom_out"), "Map.Title": element.dataset.mapLabel ?? text("map"),
        "CooperativeGesturesHandler.WindowsHelpText": text("map_ctrl"), "CooperativeGesturesHandler.MacHelpText": text("map_ctrl"), "CooperativeGesturesHandler.MobileHelpText": text("map_two_fingers"),
        "Popup.Close": text("close"),
      },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    this.attribution(outlines.attribution);
    this.wire();
  }

  /** Fetch what the element names, then draw. */
  static async start(element: HTMLElement): Promise<TerritoryMap> {
    const data = element.dataset;
    const [outlines, table, sites] = await Promise.all([
      load<Outlines>(data.mapOutlines), load<PointTable>(data.mapSource), load<FeatureCollection>(data.mapSites), loadFonts(base), document.fonts.load('600 12px "Inter Variable"'),
    ]);
    return new TerritoryMap(element, outlines ?? { type: "FeatureCollection", features: [] }, table, sites);
  }

  private padding(): maplibregl.PaddingOptions {
    const legend = this.element.querySelector(".bv-map-foot")?.clientHeight ?? 0;
    // What lies over the map at its left, [data-map-beside], hides nothing where there is room enough.
    const over = this.element.clientWidth > 640 ? (this.element.parentElement?.querySelector<HTMLElement>("[data-map-beside]")?.offsetWidth ?? 0) : 0;
    const beside = this.content.live ? 72 : 24; // their values stand at the right of things
    return { top: 24, left: 24 + over, right: beside, bottom: 24 + legend };
  }

  /** How near it goes to what it fits, so that a single thing is still seen within its surroundings. */
  private closest(usual: number): number {
    return Number(this.element.dataset.mapClosest) || usual;
  }

  private startBounds(): [number, number, number, number] | null {
    const box = this.element.dataset.mapBox?.split(",").map(Number);
    if (box?.length === 4 && box.every(Number.isFinite)) return box as [number, number, number, number];
    const fit = this.element.dataset.mapFit;
    const data = fit === "sites" ? boundsOf(this.content.sites) : fit === "data" ? boundsOf(this.things()) : null;
    return data ?? this.outlineBounds ?? boundsOf(this.content.shown);
  }

  private things(): Points {
    return { type: "FeatureCollection", features: [...this.content.shown.features, ...this.content.alone.features] };
  }

  private index(): void {
    this.byId = new Map();
    for (const feature of [...this.content.faint.features, ...this.things().features]) this.byId.set(feature.properties.id, feature);
  }

  private source(name: string): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>(name);
  }

  private wire(): void {
    this.map.setMissingStyleImageResolver((id: string) => {
      const made = picture(id);
      if (made && !this.map.hasImage(id)) this.map.addImage(id, made, { pixelRatio });
    });
    document.addEventListener("bv:theme", () => this.redraw());
    document.addEventListener("bv:select", (event) => this.onSelect((event as CustomEvent<Selection>).detail));
    document.addEventListener("htmx:after:swap", () => void this.refresh());
    this.map.on("click", (event) => void this.onClick(event));
    for (const layer of ["point", "alone", "group", "faint", "site-line", "site-point"]) {
      this.map.on("mouseenter", layer, () => (this.map.getCanvas().style.cursor = "pointer"));
      this.map.on("mouseleave", layer, () => {
        this.map.getCanvas().style.cursor = "";
        this.hint(null);
      });
    }
    for (const layer of ["point", "alone"])
      this.map.on("mousemove", layer, (event) => {
        const found = event.features?.[0];
        if (found) this.hint(found.properties.title as string, (found.geometry as Point).coordinates as [number, number]);
      });
    for (const box of this.element.querySelectorAll<HTMLInputElement>("input[data-map-base]"))
      box.addEventListener("change", () => {
        this.content.base = box.checked ? { tiles: box.dataset.tiles ?? "", attribution: box.dataset.attribution ?? "", ...(box.dataset.maxzoom ? { maxzoom: Number(box.dataset.maxzoom) } : {}) } satisfies BaseMap : null;
        this.redraw();
        const note = this.element.querySelector("[data-map-base-attribution]");
        if (note) note.textContent = this.content.base?.attribution ?? "";
      });
    this.map.once("load", () => {
      this.element.dataset.ready = "";
      if (selected()) this.onSelect({ id: selected(), from: "url" });
      this.element.dispatchEvent(new CustomEvent("bv:map-ready", { bubbles: true, detail: { map: this.map, component: this } }));
    });
    new ResizeObserver(() => this.map.resize()).observe(this.element);
  }

  private redraw(): void {
    this.map.setStyle(style(this.content), {
      diff: true,
      // What is being drawn lies in layers of its own, named td-…: they stay.
      transformStyle: (old, next) => {
        const own = (id: string) => id.startsWith("td-");
        return { ...next, sources: { ...next.sources, ...Object.fromEntries(Object.entries(old?.sources ?? {}).filter(([id]) => own(id))) }, layers: [...next.layers, ...(old?.layers ?? []).filter((layer) => own(layer.id))] };
      },
    });
  }

  private attribution(words: string | undefined): void {
    const note = this.element.querySelector<HTMLElement>("[data-map-attribution]");
    if (note && words && !note.textContent?.trim()) note.textContent = words;
    const sources = this.element.querySelector<HTMLDetailsElement>(".bv-map-attr");
    if (sources) sources.open = this.element.clientWidth >= 560; // a small map keeps them one press away
  }

  private hint(title: string | null, at?: [number, number]): void {
    this.popup?.remove();
    this.popup = null;
    if (!title || !at) return;
    this.popup = new maplibregl.Popup({ closeButton: false, closeOnClick: false, offset: 14, className: "bv-map-popup" }).setLngLat(at).setText(title).addTo(this.map);
  }

  private async onClick(event: MapMouseEvent): Promise<void> {
    if (this.element.dataset.mapEditing !== undefined) return;
    const near: [maplibregl.PointLike, maplibregl.PointLike] = [[event.point.x - 4, event.point.y - 4], [event.point.x + 4, event.point.y + 4]];
    const layers = ["point", "alone", "group", "faint", "site-line", "site-area", "site-point"].filter((id) => this.map.getLayer(id));
    const found = this.map.queryRenderedFeatures(near, { layers })[0];
    if (!found) return;
    if (found.layer.id === "group") return this.openGroup(found as unknown as Feature<Point>);
    const id = (found.properties as { id?: string }).id;
    if (id) select({ id: String(id), from: "map" });
    else if (this.content.live) this.map.easeTo({ center: (found.geometry as Point).coordinates as [number, number], zoom: this.map.getZoom() + 2 });
  }

  /** A group opens by zooming in; things on one and the same spot are listed to choose from. */
  private async openGroup(group: Feature<Point>): Promise<void> {
    const source = this.source("shown");
    const cluster = Number(group.properties?.cluster_id);
    const at = group.geometry.coordinates as [number, number];
    if (!source) return;
    // Counted by square on the server: nearer there are more squares, or the things themselves.
    if (group.properties?.cluster_id === undefined) return void this.map.easeTo({ center: at, zoom: this.map.getZoom() + 2 });
    const zoom = await source.getClusterExpansionZoom(cluster);
    if (zoom <= CLUSTER_MAX_ZOOM) return void this.map.easeTo({ center: at, zoom: zoom + 0.2 });
    const leaves = (await source.getClusterLeaves(cluster, 100, 0)) as Feature<Point, PointProperties>[];
    const spread = boundsOf({ type: "FeatureCollection", features: leaves });
    if (spread && (spread[2] - spread[0] > 1e-5 || spread[3] - spread[1] > 1e-5) && this.map.getZoom() < CLUSTER_MAX_ZOOM + 1)
      return void this.map.easeTo({ center: at, zoom: CLUSTER_MAX_ZOOM + 1.2 });
    this.listHere(at, leaves);
  }

  private listHere(at: [number, number], leaves: Feature<Point, PointProperties>[]): void {
    const list = document.createElement("ul");
    list.className = "bv-map-list";
    for (const leaf of leaves) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "bv-link";
      button.textContent = leaf.properties.title || leaf.properties.id;
      button.addEventListener("click", () => select({ id: leaf.properties.id, from: "map" }));
      const row = document.createElement("li");
      row.append(button);
      list.append(row);
    }
    this.hint(null);
    new maplibregl.Popup({ offset: 14, className: "bv-map-popup", maxWidth: "320px" }).setLngLat(at).setDOMContent(list).addTo(this.map);
  }

  /** Show what is chosen, whoever chose it; move only if it is out of sight. */
  private onSelect({ id, from }: Selection): void {
    const feature = this.byId.get(id);
    const name = this.content.live ? feature?.properties.title.replace(/, [^,]*$/, "") : undefined;
    this.content.chosen = { type: "FeatureCollection", features: feature ? [{ ...feature, properties: { ...feature.properties, name } }] : [] };
    this.source("chosen")?.setData(this.content.chosen);
    if (!feature || from === "map") return;
    const at = feature.geometry.coordinates as [number, number];
    if (!this.map.getBounds().contains(at)) this.map.easeTo({ center: at });
  }

  /** What is chosen comes out from under `cover`, which lies over the lower part of the map on a phone. */
  showAbove(cover: Element): void {
    const at = (this.content.chosen.features[0]?.geometry as Point | undefined)?.coordinates as [number, number] | undefined;
    const [mine, over] = [this.element.getBoundingClientRect(), cover.getBoundingClientRect()];
    const room = over.top - mine.top;
    if (!at || over.width < mine.width || over.top >= mine.bottom || room < 48) return;
    const { x, y } = this.map.project(at);
    if (y > room - 24) this.map.panBy([x - mine.width / 4, y - (room - 32)]);
  }

  /** After htmx brought a new list: an element [data-map-update="<id of the map>"] names the new data. */
  private async refresh(): Promise<void> {
    const order = document.querySelector<HTMLElement>(`[data-map-update="${CSS.escape(this.element.id)}"]`);
    const source = order?.dataset.source;
    if (!source || source === this.element.dataset.mapSource) return;
    this.element.dataset.mapSource = source;
    this.table = await load<PointTable>(source);
    this.setPoints(this.table, true);
  }

  /** Show other things; `fit` moves the view to them. What was fetched stays in `table`. */
  setPoints(table: PointTable | null, fit = false): void {
    Object.assign(this.content, table ? points(table) : nothing());
    this.index();
    this.source("shown")?.setData(this.content.shown);
    this.source("faint")?.setData(this.content.faint);
    this.source("alone")?.setData(this.content.alone);
    this.onSelect({ id: selected(), from: "map" });
    const box = boundsOf(this.things());
    if (fit && box) this.map.fitBounds(box, { padding: this.padding(), maxZoom: this.closest(14) });
  }

  /** Show other geometries (after an edit was saved). */
  setSites(sites: FeatureCollection): void {
    this.content.sites = sites;
    this.source("sites")?.setData(sites);
  }

  get sites(): FeatureCollection {
    return this.content.sites;
  }

}

/** Editing starts at once, or with the button [data-map-edit-start="<id of the map>"] when there is one. */
function waitForEdit(element: HTMLElement, map: TerritoryMap): void {
  const begin = () => void import("./edit.js").then((module) => module.startEditing(map));
  const opener = document.querySelector<HTMLElement>(`[data-map-edit-start="${CSS.escape(element.id)}"]`);
  if (opener) opener.addEventListener("click", begin);
  else if (element.dataset.ready !== undefined) begin();
  else element.addEventListener("bv:map-ready", begin, { once: true });
}

/** Start each element; a map that cannot be drawn says so, the list beside it stays. */
export function startMaps(elements: Iterable<HTMLElement>): void {
  prepare();
  for (const element of elements) {
    TerritoryMap.start(element).then(
      (map) => {
        if (element.dataset.mapEditFor !== undefined) waitForEdit(element, map);
      },
      (error: unknown) => {
        console.warn(error);
        element.dataset.failed = "";
        const status = element.querySelector("[data-map-status]");
        if (status) status.textContent = text("map_failed");
      },
    );
  }
}
