import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./modules.mjs";

const { freshness, inTurn } = await load("shell/fresh.ts");
const MINUTE = 60_000;
let at, place, since;

beforeEach(() => {
  at = Date.parse("2026-01-15T02:00:00Z");
  since = { textContent: "" };
  place = { hidden: true, querySelector: () => since };
  globalThis.document = { hidden: false, documentElement: { lang: "fr" }, querySelector: () => place };
});

const after = (made, ms) => {
  at += ms;
  made.check();
};

test("a page that cannot be read says since when, and no longer once it is read", () => {
  const made = freshness(2 * MINUTE, "Europe/Zurich", () => at);
  after(made, 2 * MINUTE);
  assert.equal(place.hidden, true);
  after(made, 1);
  assert.equal(place.hidden, false);
  assert.equal(since.textContent, "03:00");
  made.read();
  assert.equal(place.hidden, true);
});

test("a page that nobody looked at has its time to be read first", () => {
  const made = freshness(2 * MINUTE, undefined, () => at);
  document.hidden = true;
  after(made, 60 * MINUTE);
  assert.equal(place.hidden, true);
  document.hidden = false;
  after(made, MINUTE);
  assert.equal(place.hidden, true);
  after(made, 2 * MINUTE);
  assert.equal(place.hidden, false);
});

test("a page is read one after the other, and once more where something happened meanwhile", async () => {
  const readings = [];
  const ask = inTurn((all) => new Promise((done) => readings.push({ all, done })));
  const first = ask(false);
  void ask(false);
  void ask(true);
  void ask(false);
  assert.deepEqual(readings.map((one) => one.all), [false], "the others wait");
  readings[0].done();
  await new Promise(setImmediate);
  assert.deepEqual(readings.map((one) => one.all), [false, true], "once for all of them");
  readings[1].done();
  await first;
  void ask();
  assert.equal(readings.length, 3);
});

test("a reading that fails holds nothing up", async () => {
  let times = 0;
  const ask = inTurn(async () => {
    times += 1;
    throw new Error("cut");
  });
  await assert.rejects(ask());
  await assert.rejects(ask());
  assert.equal(times, 2);
});
