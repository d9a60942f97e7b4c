/* Snapping to lines: plain functions on positions, no map. Near a position, degrees are as good as a plane once scaled. */
import type { Position } from "geojson";

export interface Line {
  name: string;
  box: [number, number, number, number];
  path: Position[];
}
/** How far a snap reaches, in degrees each way; both are the same number of pixels. */
export interface Reach {
  lon: number;
  lat: number;
}
export interface Snap {
  at: Position;
  name: string;
  /** 0 at the position itself, 1 at the end of the reach. */
  share: number;
}

/** A corner or an end draws from this share of the reach, so that lines meet where the network's do. */
const CORNER = 0.5;

// Seven decimals are a centimetre.
const fine = (value: number): number => Math.round(value * 1e7) / 1e7;

/** The lines of GeoJSON features, each part alone with its box. */
export function linesOf(collection: GeoJSON.FeatureCollection): Line[] {
  const made: Line[] = [];
  for (const { geometry, properties } of collection.features) {
    const paths = geometry.type === "LineString" ? [geometry.coordinates] : geometry.type === "MultiLineString" ? geometry.coordinates : [];
    for (const path of paths) {
      const box: Line["box"] = [Infinity, Infinity, -Infinity, -Infinity];
      for (const [x, y] of path as [number, number][]) {
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
      made.push({ name: String(properties?.name ?? ""), box, path });
    }
  }
  return made;
}

/** The nearest place on `lines` within `reach` of a position, or null; a corner in reach of half of it wins. */
export function snapTo(lines: Line[], [lon, lat]: Position, reach: Reach): Snap | null {
  let best: Snap | null = null;
  let corner: Snap | null = null;
  for (const { name, box, path } of lines) {
    if (lon! < box[0] - reach.lon || lon! > box[2] + reach.lon || lat! < box[1] - reach.lat || lat! > box[3] + reach.lat) continue;
    for (let i = 0; i < path.length; i++) {
      const [bx, by] = [(path[i]![0]! - lon!) / reach.lon, (path[i]![1]! - lat!) / reach.lat];
      const far = Math.hypot(bx, by);
      if (far <= CORNER && (!corner || far < corner.share)) corner = { at: [fine(path[i]![0]!), fine(path[i]![1]!)], name, share: far };
      if (!i) continue;
      const [ax, ay] = [(path[i - 1]![0]! - lon!) / reach.lon, (path[i - 1]![1]! - lat!) / reach.lat];
      const [dx, dy] = [bx - ax, by - ay];
      const t = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
      const [x, y] = [ax + t * dx, ay + t * dy];
      const share = Math.hypot(x, y);
      if (share <= 1 && (!best || share < best.share)) best = { at: [fine(lon! + x * reach.lon), fine(lat! + y * reach.lat)], name, share };
    }
  }
  return corner ?? best;
}
