/* Geometry of an edit: plain functions on GeoJSON, no map. Positions are kept to six decimals (a decimetre). */
import type { Feature, FeatureCollection, Geometry, LineString, Point, Polygon, Position } from "geojson";

export type Shape = Point | LineString | Polygon;

const rounded = (p: Position): Position => [Math.round(p[0]! * 1e6) / 1e6, Math.round(p[1]! * 1e6) / 1e6];

function singles(geometry: Geometry | null): Shape[] {
  if (!geometry) return [];
  switch (geometry.type) {
    case "Point":
      return [{ type: "Point", coordinates: rounded(geometry.coordinates) }];
    case "MultiPoint":
      return geometry.coordinates.map((p) => ({ type: "Point", coordinates: rounded(p) }));
    case "LineString":
      return [{ type: "LineString", coordinates: geometry.coordinates.map(rounded) }];
    case "MultiLineString":
      return geometry.coordinates.map((line) => ({ type: "LineString", coordinates: line.map(rounded) }));
    case "Polygon":
      return [{ type: "Polygon", coordinates: geometry.coordinates.map((ring) => ring.map(rounded)) }];
    case "MultiPolygon":
      return geometry.coordinates.map((polygon) => ({ type: "Polygon", coordinates: polygon.map((ring) => ring.map(rounded)) }));
    case "GeometryCollection":
      return geometry.geometries.flatMap(singles);
  }
}

/** What a form field holds, as single shapes: a geometry, a feature, a collection, or nothing. */
export function shapesOf(value: string): Shape[] {
  if (!value.trim()) return [];
  const data = JSON.parse(value) as Geometry | Feature | FeatureCollection | null;
  if (!data) return [];
  if (data.type === "FeatureCollection") return data.features.flatMap((f) => singles(f.geometry));
  if (data.type === "Feature") return singles(data.geometry);
  return singles(data);
}

/** What is sent with the form. */
export function collection(shapes: Shape[]): FeatureCollection<Shape> {
  return { type: "FeatureCollection", features: shapes.flatMap((shape) => singles(shape)).map((geometry) => ({ type: "Feature", properties: {}, geometry })) };
}

/** The positions a person can move: of a ring without the repeated last one. */
export function positions(shape: Shape): Position[] {
  if (shape.type === "Point") return [shape.coordinates];
  if (shape.type === "LineString") return shape.coordinates;
  return (shape.coordinates[0] ?? []).slice(0, -1);
}

/** The same shape through other positions; a ring is closed again, holes are kept. */
export function through(shape: Shape, next: Position[]): Shape {
  const all = next.map(rounded);
  if (shape.type === "Point") return { type: "Point", coordinates: all[0] ?? shape.coordinates };
  if (shape.type === "LineString") return { type: "LineString", coordinates: all };
  return { type: "Polygon", coordinates: [[...all, all[0]!], ...shape.coordinates.slice(1)] };
}

const DEGREE_M = (6_371_008.8 * Math.PI) / 180; // of a great circle, mean radius of the Earth (IUGG)

/** A position some metres further east and north. */
export function movedBy([lon, lat]: Position, east_m: number, north_m: number): Position {
  return rounded([lon! + east_m / (DEGREE_M * Math.cos((lat! * Math.PI) / 180)), lat! + north_m / DEGREE_M]);
}

/** How many positions a shape needs at least. */
export const fewest = (shape: Shape): number => ({ Point: 1, LineString: 2, Polygon: 3 })[shape.type];

/** Halfway between a position and the next one: where a new one goes. */
export function between(shape: Shape, at: number): Position {
  const all = positions(shape);
  const a = all[at]!;
  const b = all[at + 1] ?? (shape.type === "Polygon" ? all[0]! : [a[0]! + (a[0]! - (all[at - 1]?.[0] ?? a[0]! - 0.001)), a[1]! + (a[1]! - (all[at - 1]?.[1] ?? a[1]!))]);
  return rounded([(a[0]! + b[0]!) / 2, (a[1]! + b[1]!) / 2]);
}
