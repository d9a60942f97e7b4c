/* What Django gives the script: addresses and words. */

export type State = "normal" | "watch" | "alarm" | "silent";
export const URGENCY: State[] = ["alarm", "watch", "silent", "normal"];

export interface PageData {
  points: string;
  day: string;
  ticket: string;
  many: boolean;
  zone: string;
  states: Record<string, State>;
  labels: Record<State, string>;
  counts: Record<State, [string, string]>;
  findings: Record<State, [string, string]>;
  spans: Record<"s" | "m" | "h" | "hm" | "d", string>;
  told: string;
  past: string;
  replay: [string, string];
  status: Record<"live" | "waiting", string>;
}

export const page = JSON.parse(document.getElementById("lm-page")?.textContent ?? "null") as PageData | null;

const TAGS: Record<string, string> = { fr: "fr-CH", de: "de-CH", en: "en-GB" };
/** The locale whose numbers the server writes too. */
export const tag = TAGS[document.documentElement.lang.slice(0, 2)] ?? "en-GB";
const plural = new Intl.PluralRules(tag);

export const fill = (words: string, values: Record<string, string>): string => words.replace(/%\((\w+)\)s/g, (whole, key: string) => values[key] ?? whole);

/** One of two forms, with its number. */
export const counted = (forms: [string, string], n: number): string => {
  const number = n.toLocaleString(tag);
  return fill(forms[plural.select(n) === "one" ? 0 : 1], { n: number, count: number });
};
