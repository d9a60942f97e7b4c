/* The drawing of a territory as it comes from our server, made ready for the map's layers.
 *
 * Input: a FeatureCollection with `attribution` and `bounds`; each feature has `kind` (commune or another
 * level, neighbour, lake, river), `ours`, `name`, `population`, `label` ([lon, lat]).
 */
import type { Feature, FeatureCollection, Geometry, MultiLineString, Point, Position } from "geojson";

export interface OutlineProperties {
  kind: string;
  ours?: boolean;
  name?: string;
  population?: number | null;
  label?: Position;
}
export interface Outlines extends FeatureCollection<Geometry, OutlineProperties> {
  attribution?: string;
  bounds?: [number, number, number, number] | null;
}
export interface Ground {
  areas: FeatureCollection<Geometry, OutlineProperties>;
  lakes: FeatureCollection<Geometry, OutlineProperties>;
  rivers: FeatureCollection<Geometry, OutlineProperties>;
  outer: Feature<MultiLineString>;
  inner: Feature<MultiLineString>;
  around: Feature<MultiLineString>;
  labels: FeatureCollection<Point>;
}

const key = (p: Position): string => `${p[0]?.toFixed(5)},${p[1]?.toFixed(5)}`;

function rings(geometry: Geometry): Position[][] {
  if (geometry.type === "Polygon") return geometry.coordinates;
  if (geometry.type === "MultiPolygon") return geometry.coordinates.flat();
  return [];
}

type Edge = [string, string];

/** Edges met once are the outer edge, edges met twice inner lines: each is drawn once, none doubled. */
function edges(features: Feature<Geometry, OutlineProperties>[]): { outer: Position[][]; inner: Position[][] } {
  const met = new Map<string, { edge: Edge; times: number }>();
  for (const feature of features)
    for (const ring of rings(feature.geometry))
      for (let i = 1; i < ring.length; i++) {
        const [a, b] = [key(ring[i - 1]!), key(ring[i]!)];
        if (a === b) continue;
        const name = a < b ? `${a}|${b}` : `${b}|${a}`;
        const known = met.get(name);
        if (known) known.times++;
        else met.set(name, { edge: [a, b], times: 1 });
      }
  const outer: Edge[] = [];
  const inner: Edge[] = [];
  for (const { edge, times } of met.values()) (times === 1 ? outer : inner).push(edge);
  return { outer: chain(outer), inner: chain(inner) };
}

/** Join edges into long lines, so that joints and dashes are drawn well. */
function chain(all: Edge[]): Position[][] {
  const near = new Map<string, number[]>();
  all.forEach((edge, i) => {
    for (const end of edge) {
      const list = near.get(end);
      if (list) list.push(i);
      else near.set(end, [i]);
    }
  });
  const used = new Uint8Array(all.length);
  const walk = (from: string): string[] => {
    const line = [from];
    for (let now = from; ; ) {
      const next = near.get(now)?.find((i) => !used[i]);
      if (next === undefined) return line;
      used[next] = 1;
      const [a, b] = all[next]!;
      now = a === now ? b : a;
      line.push(now);
      if (near.get(now)?.length !== 2) return line;
    }
  };
  const lines: string[][] = [];
  for (const [node, list] of near) if (list.length !== 2) for (const i of list) if (!used[i]) lines.push(walk(node));
  all.forEach((edge, i) => {
    if (!used[i]) lines.push(walk(edge[0]));
  });
  return lines.filter((line) => line.length > 1).map((line) => line.map((name) => name.split(",").map(Number)));
}

const multi = (coordinates: Position[][]): Feature<MultiLineString> => ({ type: "Feature", properties: {}, geometry: { type: "MultiLineString", coordinates } });
const collect = (features: Feature<Geometry, OutlineProperties>[]): FeatureCollection<Geometry, OutlineProperties> => ({ type: "FeatureCollection", features });

/** Sort the features by their role; labels get a rank from 0 (largest) so that sizes need no fixed numbers. */
export function ground(outlines: Outlines): Ground {
  const of = (kind: string) => outlines.features.filter((f) => f.properties.kind === kind);
  const water = new Set(["lake", "river"]);
  const areas = outlines.features.filter((f) => !water.has(f.properties.kind));
  const ours = areas.filter((f) => f.properties.ours);
  const others = areas.filter((f) => !f.properties.ours);
  const named = areas.filter((f) => f.properties.name && f.properties.label);
  const bySize = [...named].sort((a, b) => (b.properties.population ?? 0) - (a.properties.population ?? 0));
  const towns = new Set(bySize.filter((f) => f.properties.ours).slice(0, Math.max(1, Math.round(ours.length / 10))));
  const { outer, inner } = edges(ours);
  const out = edges(others);
  return {
    areas: collect(areas),
    lakes: collect(of("lake")),
    rivers: collect(of("river")),
    outer: multi(outer),
    inner: multi(inner),
    around: multi([...out.inner, ...out.outer]),
    labels: {
      type: "FeatureCollection",
      features: bySize.map((f, order) => ({
        type: "Feature",
        properties: { name: f.properties.name, role: towns.has(f) ? "town" : f.properties.ours ? "ours" : "other", order },
        geometry: { type: "Point", coordinates: f.properties.label! },
      })),
    },
  };
}
