/* The last 24 hours again: a slider of ten minutes a step, hours as bars, alarms as marks. */
import { fill, page, tag, type State } from "./_page.js";

interface Day {
  start: number;
  known: number;
  end: number;
  hours: [number, number][];
  first: Record<string, string>;
  ids: number[];
  at: number[];
  to: string;
}

const STEP_S = 600;
const STEPS = 144;
const PACE_MS = 160;
const SVG = "http://www.w3.org/2000/svg";

export class Replay {
  private day: Day | null = null;
  private playing = 0;
  private readonly slider: HTMLInputElement;
  private readonly play: HTMLButtonElement;

  /** `show` is given the states of an instant that differ from now's, or null to come back to the present. */
  constructor(
    private readonly bar: HTMLElement,
    private readonly show: (states: Map<number, State> | null, words: string) => void,
  ) {
    this.slider = bar.querySelector("[data-instant]")!;
    this.play = bar.querySelector("[data-play]")!;
    this.slider.addEventListener("input", () => {
      this.stop();
      this.go();
    });
    this.play.addEventListener("click", () => (this.playing ? this.stop() : this.start()));
    bar.querySelector("[data-back]")!.addEventListener("click", () => {
      this.back();
      this.slider.focus();
    });
    setInterval(() => !this.past && this.say(), 30_000);
    this.say();
  }

  async load(): Promise<void> {
    const answer = await fetch(page!.day, { headers: { Accept: "application/json" } });
    if (!answer.ok) return; // without it the present is still there
    this.day = (await answer.json()) as Day;
    this.bar.hidden = false;
    this.draw();
  }

  get past(): boolean {
    return Number(this.slider.value) < STEPS;
  }

  back(): void {
    this.stop();
    this.slider.value = String(STEPS);
    this.go();
  }

  private start(): void {
    if (!this.past) this.slider.value = "0";
    this.playing = window.setInterval(() => {
      this.slider.value = String(Number(this.slider.value) + 1);
      if (!this.past) this.stop();
      this.go();
    }, PACE_MS);
    this.pressed();
    this.go();
  }

  private stop(): void {
    clearInterval(this.playing);
    this.playing = 0;
    this.pressed();
  }

  private pressed(): void {
    this.play.setAttribute("aria-pressed", String(this.playing !== 0));
    this.play.setAttribute("aria-label", page!.replay[this.playing ? 1 : 0]);
  }

  private instant(): number {
    return (this.day?.end ?? Date.now() / 1000) - (STEPS - Number(this.slider.value)) * STEP_S;
  }

  private words(instant: number): string {
    return new Intl.DateTimeFormat(tag, { timeZone: page!.zone, weekday: "short", day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" }).format(instant * 1000);
  }

  private say(): void {
    const words = this.words(this.past ? this.instant() : Date.now() / 1000);
    this.slider.setAttribute("aria-valuetext", this.past ? words : `${page!.status.live}, ${words}`);
    this.bar.querySelector("[data-when]")!.textContent = words;
    this.bar.querySelector<HTMLElement>("[data-back]")!.hidden = !this.past;
    this.bar.querySelector<HTMLElement>("[data-status]")!.hidden = this.past;
  }

  private go(): void {
    this.say();
    if (!this.day || !this.past) return this.show(null, "");
    const instant = this.instant();
    this.show(this.states(instant), fill(page!.past, { when: this.words(instant) }));
  }

  /** The states at an instant of the things that changed since. */
  private states(instant: number): Map<number, State> {
    const { first, ids, at, to } = this.day!;
    const found = new Map<number, State>(Object.entries(first).map(([id, letter]) => [Number(id), page!.states[letter]!]));
    for (let i = 0; i < ids.length && at[i]! <= instant; i++) found.set(ids[i]!, page!.states[to[i]!]!);
    return found;
  }

  private draw(): void {
    const svg = this.bar.querySelector<SVGElement>("[data-hours]")!;
    const { start, end, hours, at, to } = this.day!;
    const add = (name: string, given: Record<string, string | number>, text = ""): void => {
      const made = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(given)) made.setAttribute(key, String(value));
      made.textContent = text;
      svg.append(made);
    };
    const share = (instant: number): number => Math.min(1, Math.max(0, (instant - start) / (end - start)));
    svg.replaceChildren();
    const most = Math.max(1, ...hours.map(([, n]) => n));
    for (const [hour, n] of hours) {
      const [from, until] = [share(hour), share(hour + 3600)];
      add("rect", { x: `${(from * 100).toFixed(2)}%`, width: `${((until - from) * 100 * 0.86).toFixed(2)}%`, y: (38 - (n / most) * 30).toFixed(1), height: ((n / most) * 30).toFixed(1) });
    }
    const marks = new Set(at.filter((_, i) => page!.states[to[i]!] === "alarm").map((instant) => Math.round(share(instant) * 200) / 2));
    for (const mark of marks) {
      const inner = document.createElementNS(SVG, "svg");
      inner.setAttribute("x", `${mark}%`);
      inner.setAttribute("overflow", "visible");
      for (const [cls, d] of [["mt", "M0 0l4 7h-8z"], ["m", "M0 7v32"]] as const) {
        const path = document.createElementNS(SVG, "path");
        path.setAttribute("class", cls);
        path.setAttribute("d", d);
        inner.append(path);
      }
      svg.append(inner);
    }
    const clock = new Intl.DateTimeFormat(tag, { timeZone: page!.zone, hour: "2-digit", minute: "2-digit" });
    const every = svg.clientWidth < 420 ? 6 : 3;
    for (let hour = Math.ceil(start / 3600) * 3600; hour < end; hour += 3600) {
      const words = clock.format(hour * 1000);
      if (Number.parseInt(words, 10) % every === 0) add("text", { x: `${(share(hour) * 100).toFixed(2)}%`, y: 63, "text-anchor": "middle" }, words);
    }
  }
}
