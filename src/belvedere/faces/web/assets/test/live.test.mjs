import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { load } from "./modules.mjs";

let sources, tickets, answer, listeners;

class Source {
  constructor(url) {
    this.query = new URL(url).searchParams;
    this.handlers = {};
    this.closed = false;
    sources.push(this);
  }
  addEventListener(name, work) {
    this.handlers[name] = work;
  }
  close() {
    this.closed = true;
  }
  say(name, data, lastEventId = "") {
    this.handlers[name]?.({ data: JSON.stringify(data), lastEventId });
  }
}

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(Math, "random", () => 0.5);
  [sources, tickets, listeners] = [[], [], {}];
  answer = () => ({ url: "http://here/events", ticket: `t${tickets.length}`, valid_s: 300 });
  globalThis.EventSource = Source;
  globalThis.fetch = async (url) => {
    tickets.push(url);
    const told = answer();
    return { ok: told !== null, json: async () => told };
  };
  globalThis.document = { hidden: false, addEventListener: (name, work) => (listeners[name] = work), removeEventListener: () => {} };
  globalThis.addEventListener = (name, work) => (listeners[name] = work);
  globalThis.removeEventListener = () => {};
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

const settled = () => new Promise((done) => setImmediate(done));

async function begun(things = [5, 3, 5]) {
  const { listen } = await load("shell/live.ts");
  const heard = [];
  const live = listen({
    ticketUrl: "/ticket.json",
    things,
    onStates: (rows) => heard.push(["states", rows]),
    onValues: (rows) => heard.push(["values", rows]),
    onReset: () => heard.push("reset"),
    onStatus: (status) => heard.push(status),
  });
  await settled();
  return { live, heard };
}

test("it listens with a ticket, from when the page was read, and passes on what comes", async () => {
  const { heard } = await begun();
  const [source] = sources;
  assert.deepEqual([source.query.get("ticket"), source.query.get("things"), source.query.get("after")], ["t1", "3,5", null]);
  assert.ok(Number(source.query.get("back")) > 5);
  source.say("states", [[5, "alarm"]], "1-7");
  source.say("at", {}, "1-8");
  source.say("values", [[5, 9, "x", 1, null, "", 2, 0]], "1-9");
  assert.deepEqual(heard, [["states", [[5, "alarm"]]], "live", ["values", [[5, 9, "x", 1, null, "", 2, 0]]]]);
});

test("after a cut it comes back with a new ticket, behind the last word, and says nothing of a short one", async () => {
  const { heard } = await begun();
  sources[0].say("at", {}, "1-8");
  sources[0].onerror();
  assert.ok(sources[0].closed);
  mock.timers.tick(1000);
  await settled();
  assert.deepEqual([sources[1].query.get("ticket"), sources[1].query.get("after"), sources[1].query.get("back")], ["t2", "1-8", null]);
  sources[1].say("at", {}, "1-9");
  mock.timers.tick(10_000);
  assert.deepEqual(heard, ["live"]);
  sources[0].say("states", [[1, "alarm"]], "1-1"); // of a line that is cut
  assert.deepEqual(heard, ["live"]);
});

test("where nothing can be heard the page reads itself anew every half minute, and says so", async () => {
  answer = () => ({ url: "", ticket: "t", valid_s: 300 });
  const { heard, live } = await begun();
  for (let n = 0; n < 61; n++) {
    mock.timers.tick(1000);
    await settled();
  }
  assert.deepEqual(heard, ["waiting", "reset", "reset"]);
  assert.equal(sources.length, 0);
  answer = () => ({ url: "http://here/events", ticket: "t", valid_s: 300 });
  mock.timers.tick(30_000);
  await settled();
  sources[0].say("at", {}, "1-1");
  const before = heard.length;
  mock.timers.tick(40_000);
  assert.equal(heard.at(before - 1), "live");
  assert.equal(heard.length, before);
  live.close();
});

test("several resets are one reading", async () => {
  const { heard } = await begun();
  sources[0].say("reset", {}, "2-1");
  sources[0].say("reset", {}, "2-2");
  sources[0].say("at", {}, "2-2");
  mock.timers.tick(5000);
  assert.deepEqual(heard, ["live", "reset"]);
});

test("other things: a new line that tells also what changed just before", async () => {
  const { live } = await begun([1]);
  sources[0].say("at", {}, "1-8");
  live.watch([1]);
  mock.timers.tick(1000);
  await settled();
  assert.equal(sources.length, 1);
  live.watch([2, 1]);
  live.watch([7, 1]);
  mock.timers.tick(200);
  await settled();
  assert.equal(sources.length, 2);
  assert.deepEqual([sources[1].query.get("things"), sources[1].query.get("after")], ["1,7", "1-8"]);
  assert.ok(Number(sources[1].query.get("back")) >= 10);
  assert.ok(sources[0].closed && !sources[1].closed);
});

test("a ticket is renewed before it is over", async () => {
  await begun();
  sources[0].say("at", {}, "1-8");
  for (let n = 0; n < 30; n++) {
    mock.timers.tick(10_000);
    await settled();
    sources.at(-1).say("at", {}, `1-${n + 9}`);
  }
  assert.equal(tickets.length, 2);
  assert.ok(sources[0].closed);
});

test("a line that says nothing for long is cut; a page that nobody looks at lets it go", async () => {
  const { live } = await begun();
  sources[0].say("at", {}, "1-8");
  mock.timers.tick(46_000);
  assert.ok(sources[0].closed);
  mock.timers.tick(2000);
  await settled();
  sources[1].say("at", {}, "1-9");
  document.hidden = true;
  listeners.visibilitychange();
  for (let n = 0; n < 7; n++) {
    mock.timers.tick(10_000);
    if (!sources[1].closed) sources[1].say("at", {}, "1-9");
  }
  assert.ok(sources[1].closed);
  assert.equal(sources.length, 2);
  document.hidden = false;
  listeners.visibilitychange();
  await settled();
  assert.equal(sources[2].query.get("after"), "1-9");
  live.close();
  assert.ok(sources[2].closed);
});
