/* The words of the script, in the reader's language: rendered by Django into <script type="application/json">. */

let known: Record<string, string> | undefined;

/** The text called `name`; {placeholders} are filled from `values`. */
export function text(name: string, values: Record<string, string | number> = {}): string {
  known ??= JSON.parse(document.getElementById("bv-texts")?.textContent ?? "{}") as Record<string, string>;
  return (known[name] ?? name).replace(/\{(\w+)\}/g, (whole, key: string) => (key in values ? String(values[key]) : whole));
}

/** The reader's locale, for numbers: French and German of Switzerland or of the neighbour, as the page says. */
export const locale = (): string => document.documentElement.lang || "en";
