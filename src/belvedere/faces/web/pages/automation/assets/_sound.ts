/* The sounds of the desk: which alarms sound, how, and what is kept of it by this browser. */

/** `of`: severities, 4 critical to 1 information; `level`: 1 soft to 3 loud; `again`: each minute while a critical alarm has nobody. */
export interface Sounds {
  on: boolean;
  of: number[];
  level: number;
  again: boolean;
}

export interface SoundWords {
  off: string;
  on: string;
  waits: string;
  names: Record<string, string>;
}

export interface Tone {
  pitch: number; // Hz
  at: number; // s
  length: number; // s
  gain: number;
}

const KEY = "belvedere.alarm-sound";
const GAINS = [0.06, 0.2, 0.5];
// The graver, the more strokes and the higher: told apart without looking.
const STROKES: Record<number, number[]> = { 4: [988, 740, 988, 740], 3: [880, 660], 2: [587], 1: [392] };
const STROKE_S = 0.22;

/** What is set where nothing is kept: silence. */
export const usual = (): Sounds => ({ on: false, of: [4, 3], level: 2, again: true });

/** What was kept, whoever wrote it: what cannot be read is as usual. */
export function read(kept: string | null): Sounds {
  const begin = usual();
  let given: Partial<Sounds> | null = null;
  try {
    given = JSON.parse(kept ?? "null") as Partial<Sounds> | null;
  } catch {
    return begin;
  }
  if (typeof given !== "object" || given === null) return begin;
  return {
    on: given.on === true,
    of: Array.isArray(given.of) ? [4, 3, 2, 1].filter((one) => given.of!.includes(one)) : begin.of,
    level: [1, 2, 3].includes(given.level ?? 0) ? given.level! : begin.level,
    again: given.again !== false,
  };
}

export function kept(): Sounds {
  try {
    return read(localStorage.getItem(KEY));
  } catch {
    return usual();
  }
}

/** False where the browser keeps nothing. */
export function keep(sounds: Sounds): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(sounds));
    return true;
  } catch {
    return false;
  }
}

/** The gravest of `news` that sounds; 0 for none. */
export function sounding(sounds: Sounds, news: number[]): number {
  return sounds.on ? Math.max(0, ...news.filter((one) => sounds.of.includes(one))) : 0;
}

/** How a severity sounds. */
export function tones(severity: number, level: number): Tone[] {
  return (STROKES[severity] ?? []).map((pitch, n) => ({ pitch, at: n * STROKE_S, length: STROKE_S - 0.01, gain: GAINS[level - 1] ?? GAINS[1]! }));
}

/** What is set, in words: “Sound: critical and major”. */
export function told(sounds: Sounds, words: SoundWords, ready: boolean, lang: string): string {
  if (!sounds.on || !sounds.of.length) return words.off;
  if (!ready) return words.waits;
  const names = sounds.of.map((one) => (words.names[one] ?? "").toLocaleLowerCase(lang));
  return words.on.replace("%(which)s", new Intl.ListFormat(lang).format(names));
}

let context: AudioContext | null = null;

/** Within a key or a press only: a browser lets no page sound before. */
export async function wake(): Promise<void> {
  context ??= new AudioContext();
  if (context.state !== "running") await context.resume();
}

export const isReady = (): boolean => context?.state === "running";

/** Sound, where the page may. */
export function play(severity: number, level: number): void {
  if (!context || !isReady()) return;
  const start = context.currentTime;
  for (const { pitch, at, length, gain } of tones(severity, level)) {
    const tone = context.createOscillator();
    const loud = context.createGain();
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.0001, start + at);
    loud.gain.exponentialRampToValueAtTime(gain, start + at + 0.02);
    loud.gain.exponentialRampToValueAtTime(0.0001, start + at + length);
    tone.connect(loud).connect(context.destination);
    tone.start(start + at);
    tone.stop(start + at + length);
  }
}
