import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./modules.mjs";

const { keep, kept, play, read, sounding, told, tones, usual } = await load("../pages/automation/assets/_sound.ts");
const WORDS = { off: "Sound off", on: "Sound: %(which)s", waits: "Sound waits", names: { 4: "Critical", 3: "Major", 2: "Minor", 1: "Information" } };

test("silence is usual, and what cannot be read is as usual", () => {
  assert.equal(usual().on, false);
  for (const wrong of [null, "", "on", "{", "4", "null", '{"on":"yes","of":7,"level":9}']) assert.deepEqual(read(wrong), usual());
});

test("what is kept comes back, without what is no severity", () => {
  const given = { on: true, of: [2, 4, 9], level: 3, again: false };
  assert.deepEqual(read(JSON.stringify(given)), { ...given, of: [4, 2] });
});

test("a browser that keeps nothing is silent and says so", () => {
  globalThis.localStorage = { getItem: () => assert.fail("refused"), setItem: () => assert.fail("refused") };
  assert.deepEqual(kept(), usual());
  assert.equal(keep(usual()), false);
});

test("the gravest that is chosen sounds, none while it is off", () => {
  const sounds = { ...usual(), on: true, of: [4, 2] };
  assert.equal(sounding(sounds, [1, 2, 3]), 2);
  assert.equal(sounding(sounds, [2, 4]), 4);
  assert.equal(sounding(sounds, [3, 1]), 0);
  assert.equal(sounding({ ...sounds, on: false }, [4]), 0);
});

test("severities are told apart by ear, levels are louder by steps", () => {
  const strokes = [4, 3, 2, 1].map((of) => tones(of, 2).length);
  assert.deepEqual(strokes, [4, 2, 1, 1]);
  assert.ok(tones(2, 2)[0].pitch > tones(1, 2)[0].pitch);
  const gains = [1, 2, 3].map((level) => tones(4, level)[0].gain);
  assert.deepEqual(gains, [...gains].sort((a, b) => a - b));
  for (const one of tones(4, 3)) assert.ok(one.gain <= 0.5 && one.length > 0);
});

test("what is set is said in words", () => {
  const sounds = { ...usual(), on: true };
  assert.equal(told(sounds, WORDS, true, "en"), "Sound: critical and major");
  assert.equal(told(sounds, WORDS, false, "en"), "Sound waits");
  assert.equal(told({ ...sounds, of: [] }, WORDS, true, "en"), "Sound off");
  assert.equal(told(usual(), WORDS, false, "en"), "Sound off");
});

test("no sound is made before a person has pressed something", () => {
  globalThis.AudioContext = class {
    constructor() {
      assert.fail("made without a gesture");
    }
  };
  play(4, 3);
});
