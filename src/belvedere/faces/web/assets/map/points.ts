/* Things on the map, from the compact table our server sends: one array a column, so that 25,000 rows stay small. */
import type { Feature, FeatureCollection, Point } from "geojson";

export interface PointTable {
  ids: (string | number)[];
  lon: (number | null)[];
  lat: (number | null)[];
  /** Priority letter, "" without one; for a thing of the live territory its shape and state, `~square.alarm`; for a stop of a way its place, `#3`. */
  prio?: string[];
  /** 1 where the position only stands for the place (a commune's centre). */
  about?: (0 | 1 | boolean)[];
  title?: string[];
  /** Words beside a thing in alarm. */
  label?: string[];
  /** How many things a row stands for: more than one where they are counted by square. */
  n?: number[];
  /** The words of the states, for the titles of things. Where they are given the table is one of things. */
  words?: Record<string, string>;
  /** 1 for a thing outside the filter: a faint dot. */
  dim?: (0 | 1 | boolean)[];
}
export interface PointProperties {
  id: string;
  p: string;
  about: 0 | 1;
  title: string;
  label: string;
  n: number;
}
export type Points = FeatureCollection<Point, PointProperties>;

/** So many things in alarm stand alone whatever is near; of more the groups tell. */
const ALONE = 300;

export interface Split {
  shown: Points;
  faint: Points;
  /** Things in alarm: never hidden in a group. */
  alone: Points;
}

/** The rows with a position, as GeoJSON: first those of the filter, then the faint ones. */
export function points(table: PointTable): Split {
  let shown: Feature<Point, PointProperties>[] = [];
  let alone: Feature<Point, PointProperties>[] = [];
  const faint: Feature<Point, PointProperties>[] = [];
  for (let i = 0; i < table.ids.length; i++) {
    const lon = table.lon[i];
    const lat = table.lat[i];
    if (lon == null || lat == null || !Number.isFinite(lon) || !Number.isFinite(lat) || Math.abs(lat) > 90) continue;
    const p = table.prio?.[i] ?? "";
    const n = table.n?.[i] ?? 1;
    const state = table.words?.[p.slice(p.indexOf(".") + 1)];
    const title = table.title?.[i] ?? "";
    (table.dim?.[i] ? faint : n === 1 && p.endsWith(".alarm") ? alone : shown).push({
      type: "Feature",
      id: i,
      properties: { id: String(table.ids[i] || ""), p, about: table.about?.[i] ? 1 : 0, title: state ? `${title}, ${state}` : title, label: table.label?.[i] ?? "", n },
      geometry: { type: "Point", coordinates: [lon, lat] },
    });
  }
  if (alone.length > ALONE) [shown, alone] = [[...shown, ...alone], []];
  const all = (features: Feature<Point, PointProperties>[]): Points => ({ type: "FeatureCollection", features });
  return { shown: all(shown), faint: all(faint), alone: all(alone) };
}

export const nothing = (): Split => points({ ids: [], lon: [], lat: [] });

type Box = [number, number, number, number];

/** The box around GeoJSON, or null when it holds no position. */
export function boundsOf(data: FeatureCollection): Box | null {
  let box: Box | null = null;
  const take = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] === "number" && typeof value[1] === "number") {
      const [x, y] = value as [number, number];
      box = box ? [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)] : [x, y, x, y];
    } else for (const inner of value) take(inner);
  };
  for (const { geometry } of data.features) {
    if (!geometry) continue;
    if (geometry.type === "GeometryCollection") for (const g of geometry.geometries) take((g as { coordinates?: unknown }).coordinates);
    else take(geometry.coordinates);
  }
  return box;
}
