import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const square = (x, y, properties) => ({ type: "Feature", properties, geometry: { type: "Polygon", coordinates: [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]] } });
const commune = (name, x, population) => square(x, 46, { kind: "commune", ours: true, name, population, label: [x + 0.5, 46.5] });

test("a border between two communes is drawn once, inside; the outer edge is closed", async () => {
  const { ground } = await load("map/outlines.ts");
  const made = ground({ type: "FeatureCollection", features: [commune("A", 7, 10), commune("B", 8, 20), square(20, 46, { kind: "lake", name: "L" }), square(9, 46, { kind: "neighbour", name: "N", label: [9.5, 46.5] })] });
  assert.deepEqual(made.inner.geometry.coordinates.map((line) => line.length), [2]);
  const outer = made.outer.geometry.coordinates;
  assert.equal(outer.reduce((sum, line) => sum + line.length - 1, 0), 6);
  assert.equal(made.lakes.features.length, 1);
  assert.deepEqual(made.labels.features.map((f) => [f.properties.name, f.properties.role]), [["B", "town"], ["A", "ours"], ["N", "other"]]);
});

test("points without a place, or with an impossible one, are left out; dim ones go apart", async () => {
  const { points, boundsOf } = await load("map/points.ts");
  const { shown, faint } = points({ ids: ["a", "b", "c", 4], lon: [7, null, 7.5, 8], lat: [46, 46, 4600, 47], prio: ["A", "B", "C", ""], dim: [0, 0, 0, 1] });
  assert.deepEqual(shown.features.map((f) => f.properties.id), ["a"]);
  assert.deepEqual(faint.features.map((f) => f.properties.id), ["4"]);
  assert.deepEqual(boundsOf({ type: "FeatureCollection", features: [...shown.features, ...faint.features] }), [7, 46, 8, 47]);
  assert.equal(boundsOf({ type: "FeatureCollection", features: [] }), null);
});

test("shapes: multi geometries become single ones and back, rounded", async () => {
  const { shapesOf, collection } = await load("map/shapes.ts");
  const shapes = shapesOf(JSON.stringify({ type: "MultiPoint", coordinates: [[7.123456789, 46], [8, 47]] }));
  assert.deepEqual(shapes.map((s) => s.coordinates), [[7.123457, 46], [8, 47]]);
  assert.deepEqual(collection(shapes).features.map((f) => f.geometry.type), ["Point", "Point"]);
  assert.deepEqual(shapesOf(""), []);
  assert.deepEqual(shapesOf("null"), []);
});

test("shapes: a ring stays closed and keeps its holes when a corner moves", async () => {
  const { positions, through, between } = await load("map/shapes.ts");
  const ring = [[0, 0], [4, 0], [4, 4], [0, 0]];
  const hole = [[1, 1], [2, 1], [2, 2], [1, 1]];
  const moved = through({ type: "Polygon", coordinates: [ring, hole] }, positions({ type: "Polygon", coordinates: [ring] }).map((p, i) => (i ? p : [-1, 0])));
  assert.deepEqual(moved.coordinates, [[[-1, 0], [4, 0], [4, 4], [-1, 0]], hole]);
  assert.deepEqual(between({ type: "Polygon", coordinates: [ring] }, 2), [2, 2]);
  assert.deepEqual(between({ type: "LineString", coordinates: [[0, 0], [2, 2]] }, 0), [1, 1]);
});

test("shapes: a nudge goes as far on the ground in every direction", async () => {
  const { movedBy } = await load("map/shapes.ts");
  const [lon, lat] = movedBy([7.36, 46.23], 0, 100);
  assert.equal(lon, 7.36);
  assert.ok(Math.abs((lat - 46.23) * 111_195 - 100) < 0.1);
  const [east, same] = movedBy([7.36, 46.23], -100, 0);
  assert.equal(same, 46.23);
  assert.ok(Math.abs((7.36 - east) * 111_195 * Math.cos((46.23 * Math.PI) / 180) - 100) < 0.1);
});

test("snapping: the nearest place on a line, a corner first, nothing beyond the reach", async () => {
  const { linesOf, snapTo } = await load("map/snapping.ts");
  const street = { type: "Feature", properties: { name: "Rue" }, geometry: { type: "MultiLineString", coordinates: [[[7, 46], [7.01, 46]], [[7.01, 46], [7.01, 46.01]]] } };
  const lines = linesOf({ type: "FeatureCollection", features: [street, { type: "Feature", properties: null, geometry: { type: "Point", coordinates: [7, 46] } }] });
  assert.equal(lines.length, 2);
  const reach = { lon: 0.001, lat: 0.0007 };
  const middle = snapTo(lines, [7.005, 46.0005], reach);
  assert.deepEqual([middle.at[0].toFixed(6), middle.at[1].toFixed(6), middle.name], ["7.005000", "46.000000", "Rue"]);
  assert.deepEqual(snapTo(lines, [7.0097, 46.0001], reach).at, [7.01, 46], "the corner, though the line is nearer");
  assert.equal(snapTo(lines, [7.005, 46.0008], reach), null);
  assert.equal(snapTo(lines, [6.998, 46], reach), null, "beyond the end");
  assert.equal(snapTo([], [7, 46], reach), null);
});
