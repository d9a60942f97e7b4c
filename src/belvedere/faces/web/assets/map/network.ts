/* The lines of the territory's networks under an editor: fetched for the view, drawn faintly, snapped to. */
import type { GeoJSONSource, Map as GlMap } from "maplibre-gl";
import type { FeatureCollection, Position } from "geojson";
import { text } from "../shell/texts.js";
import { token } from "./images.js";
import { linesOf, snapTo, type Line, type Snap } from "./snapping.js";

const LAYER = "td-network"; // named as what is drawn: a new style leaves it
const WIDEST = 0.34; // degrees; the server answers for no wider box
const BY_HAND_M = 200; // how far the button looks
const DEGREE_M = 111_320;

export class Network {
  private lines: Line[] = [];
  private fetched = "";
  private readonly told: HTMLElement | null;
  private readonly box: HTMLInputElement | null;
  private readonly reach: HTMLInputElement | null;

  constructor(
    private readonly map: GlMap,
    private readonly url: string,
    panel: HTMLElement,
    signal: AbortSignal,
  ) {
    this.told = panel.querySelector("[data-edit-network]");
    this.box = panel.querySelector("[data-edit-snap]");
    this.reach = panel.querySelector("[data-edit-reach]");
    map.addSource(LAYER, { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addLayer({ id: LAYER, type: "line", source: LAYER, layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-width": 2, "line-opacity": 0.55 } });
    const paint = () => map.setPaintProperty(LAYER, "line-color", token("--bv-ink-3"));
    const load = () => void this.load(signal);
    paint();
    document.addEventListener("bv:theme", paint, { signal });
    map.on("moveend", load);
    signal.addEventListener("abort", () => {
      map.off("moveend", load);
      map.removeLayer(LAYER);
      map.removeSource(LAYER);
    });
    this.box?.addEventListener("change", () => map.setLayoutProperty(LAYER, "visibility", this.on ? "visible" : "none"), { signal });
    load();
  }

  get on(): boolean {
    return this.box?.checked ?? true;
  }

  /** Where a pointer at `at` snaps to within the pixels asked for; null when it is free. */
  near(at: Position): Snap | null {
    const pixels = this.reach?.valueAsNumber ?? NaN;
    if (!this.on || !(pixels > 0)) return null;
    const { x, y } = this.map.project([at[0]!, at[1]!]);
    const side = this.map.unproject([x + pixels, y - pixels]);
    return snapTo(this.lines, at, { lon: side.lng - at[0]!, lat: side.lat - at[1]! });
  }

  /** The nearest place for who does not point: within 200 m on the ground. */
  nearest(at: Position): Snap | null {
    const lat = BY_HAND_M / DEGREE_M;
    return snapTo(this.lines, at, { lon: lat / Math.cos((at[1]! * Math.PI) / 180), lat });
  }

  private async load(signal: AbortSignal): Promise<void> {
    const b = this.map.getBounds();
    const [west, south, east, north] = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()];
    if (east - west > WIDEST || north - south > WIDEST) return this.show([], "edit_network_far");
    const box = [west, south, east, north].map((value) => value.toFixed(4)).join(",");
    if (box === this.fetched) return;
    this.fetched = box;
    try {
      const answer = await fetch(`${this.url}?box=${box}`, { headers: { Accept: "application/json" }, signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = (await answer.json()) as FeatureCollection & { complete: boolean };
      if (box === this.fetched) this.show(found.features, !found.complete ? "edit_network_far" : found.features.length ? "" : "edit_network_none");
    } catch {
      if (!signal.aborted) this.show([], "edit_network_failed");
    }
  }

  private show(features: FeatureCollection["features"], note: string): void {
    const data: FeatureCollection = { type: "FeatureCollection", features };
    if (!features.length) this.fetched = note === "edit_network_none" ? this.fetched : "";
    this.lines = linesOf(data);
    this.map.getSource<GeoJSONSource>(LAYER)?.setData(data);
    if (this.told) this.told.textContent = note ? text(note) : "";
  }
}
