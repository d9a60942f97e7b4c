/* Changes as they happen. A page listens to the process of live updates with a ticket of its own:
 *
 *     const live = listen({ ticketUrl, things: [12, 15], onStates, onValues, onReset, onStatus });
 *     live.watch([12]);  live.close();
 *
 * What was missed while the line was cut is told when it is back. Where that cannot be told, or where nothing can
 * be heard, the page reads itself anew (`onReset`). Being told twice does no harm: what comes is always the latest.
 */

/** A thing and its state. */
export type StateRow = [thing: number, state: string];
/** `observedAt` in seconds since 1970; `level`: 0 normal, 1 watch, 2 alarm. */
export type ValueRow = [thing: number, series: number, term: string, number: number | null, value: unknown, unit: string, observedAt: number, level: number];
/** "waiting": what changes is not heard now; the page reads itself anew every half minute. */
export type Status = "live" | "waiting";

export interface Wishes {
  /** Where the web process gives tickets: …/live/ticket.json. */
  ticketUrl: string;
  /** Those whose values are shown, 300 at most; states come of all that the reader may see. */
  things?: number[];
  onStates?: (rows: StateRow[]) => void;
  onValues?: (rows: ValueRow[]) => void;
  /** Alarms moved: lists of alarms are to be read anew. */
  onAlarms?: () => void;
  /** More changed than can be told: read the page anew. Its failures are the caller's. */
  onReset: () => void;
  onStatus?: (status: Status) => void;
}

export interface Live {
  /** Other things are shown from now on. What they say was read within the last seconds. */
  watch(things: number[]): void;
  close(): void;
}

interface Ticket {
  url: string;
  ticket: string;
  valid_s: number;
}

const MOST_THINGS = 300;
const SLACK_S = 5; // clocks, and what is on its way
const AGAIN_MS = 1000;
const MOST_AGAIN_MS = 30_000;
const READ_MS = 30_000; // between two readings while nothing is heard
const GRACE_MS = 4000; // a short cut is not told
const DEAF_MS = 45_000; // three beats
const HIDDEN_MS = 60_000; // a page that nobody looks at lets its line go
const SPREAD_MS = 3000; // not all pages at once

/** Begin to listen. */
export function listen(wishes: Wishes): Live {
  let things = sound(wishes.things ?? []);
  let source: EventSource | undefined;
  let closed = false;
  let asleep = false;
  let turn = 0; // a newer one makes the answers of the former ones void
  let last = ""; // the id of the last event
  let backS = Math.ceil(performance.now() / 1000) + SLACK_S; // since the page was asked for
  let backFrom = performance.now();
  let failures = 0;
  let status: Status | undefined;
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  function later(name: string, ms: number, work: () => void): void {
    never(name);
    timers.set(name, setTimeout(() => (timers.delete(name), work()), ms));
  }

  function never(name: string): void {
    clearTimeout(timers.get(name));
    timers.delete(name);
  }

  function tell(now: Status): void {
    never("grace");
    if (now === "live") never("read");
    else if (!timers.has("read")) later("read", READ_MS, readAgain);
    if (now === status) return;
    status = now;
    wishes.onStatus?.(now);
  }

  function readAgain(): void {
    if (closed || asleep || status === "live") return;
    wishes.onReset();
    later("read", READ_MS, readAgain);
  }

  /** Anew, though not all pages at once; several wishes are one. */
  function reset(): void {
    if (!timers.has("reset")) later("reset", 100 + Math.random() * SPREAD_MS, () => closed || wishes.onReset());
  }

  /** How far back what the page shows was read, in seconds; 0 once all since then has been told. */
  function back(): number {
    return backS && backS + Math.ceil((performance.now() - backFrom) / 1000);
  }

  async function open(): Promise<void> {
    const mine = ++turn;
    never("open");
    let ticket: Ticket | undefined;
    try {
      const answer = await fetch(wishes.ticketUrl, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (answer.ok) ticket = (await answer.json()) as Ticket;
    } catch {
      // as if refused: asked again later
    }
    if (mine !== turn || closed || asleep) return;
    if (!ticket?.url) return failed();
    connect(ticket, mine);
  }

  function connect(ticket: Ticket, mine: number): void {
    const asked = new URLSearchParams({ ticket: ticket.ticket, things: things.join(",") });
    if (last) asked.set("after", last);
    if (backS) asked.set("back", String(back()));
    const former = source;
    const next = new EventSource(`${ticket.url}?${asked}`);
    source = next;
    const on = (name: string, work: (data: string) => void) =>
      next.addEventListener(name, (event) => {
        if (mine !== turn) return;
        if (event.lastEventId) last = event.lastEventId;
        later("deaf", DEAF_MS, () => failed());
        work((event as MessageEvent<string>).data);
      });
    on("at", () => {
      // The first word: what was missed has been told.
      backS = 0;
      failures = 0;
      tell("live");
    });
    on("states", (data) => wishes.onStates?.(JSON.parse(data) as StateRow[]));
    on("values", (data) => wishes.onValues?.(JSON.parse(data) as ValueRow[]));
    on("alarms", () => wishes.onAlarms?.());
    on("reset", reset);
    next.onerror = () => mine === turn && failed();
    former?.close();
    later("deaf", DEAF_MS, () => failed());
    // Before it is over, at a moment of its own.
    later("open", ticket.valid_s * 1000 * (0.7 + Math.random() * 0.2), () => void open());
  }

  function failed(): void {
    turn++;
    cut();
    if (!timers.has("grace")) later("grace", status === undefined ? 0 : GRACE_MS, () => tell("waiting"));
    const wait = Math.min(MOST_AGAIN_MS, AGAIN_MS * 2 ** Math.min(failures++, 5)) * (0.5 + Math.random());
    later("open", wait, () => void open());
  }

  function cut(): void {
    source?.close();
    source = undefined;
    never("open");
    never("deaf");
  }

  function onVisibility(): void {
    if (document.hidden) {
      later("hidden", HIDDEN_MS, () => {
        asleep = true;
        turn++;
        cut();
      });
      return;
    }
    never("hidden");
    if (!asleep) return;
    asleep = false;
    void open();
  }

  function onPageShow(event: PageTransitionEvent): void {
    // Back out of the browser's memory: as if it had been asleep.
    if (event.persisted && !closed) void open();
  }

  document.addEventListener("visibilitychange", onVisibility);
  addEventListener("pageshow", onPageShow);
  void open();
  return {
    watch(wanted) {
      const others = sound(wanted);
      if (others.join() === things.join()) return;
      things = others;
      backS = Math.max(back(), SLACK_S * 2);
      backFrom = performance.now();
      if (!closed && !asleep) later("open", 150, () => void open());
    },
    close() {
      closed = true;
      turn++;
      cut();
      for (const name of [...timers.keys()]) never(name);
      document.removeEventListener("visibilitychange", onVisibility);
      removeEventListener("pageshow", onPageShow);
    },
  };
}

function sound(things: number[]): number[] {
  return [...new Set(things)].filter((one) => Number.isSafeInteger(one) && one > 0).sort((a, b) => a - b).slice(0, MOST_THINGS);
}
