/* Values and ages as the server writes them: the same rules as pages/live/words.py. */
import { fill, page, tag } from "./_page.js";

function digits(value: number, decimals: number): string {
  return new Intl.NumberFormat(tag, { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value).replace("-", "\u2212").replaceAll("'", "\u2019");
}

/** A number with three figures that matter, whole ones bare. */
export function figures(value: number): string {
  const size = Math.abs(value);
  return digits(value, size >= 1000 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4);
}

/** What an element with data-series says when its series has this value. */
export function written(element: HTMLElement, number: number | null, value: unknown): string {
  const { percent, unit, texts } = element.dataset;
  if (number !== null) {
    if (percent !== undefined) {
      const decimals = number === 0 || Math.abs(number) >= 0.1 ? 0 : 1;
      return `${digits(number * 100, decimals)}${tag.startsWith("fr") ? "\u00a0" : ""}%`;
    }
    return unit ? `${figures(number)}\u00a0${unit}` : figures(number);
  }
  if (value === null || value === undefined) return "–";
  const named = texts ? (JSON.parse(texts) as Record<string, string>) : {};
  return (Array.isArray(value) ? value : [value]).map((one) => named[String(one)] ?? String(one)).join(", ");
}

/** How long ago, as `words.span`. */
export function span(seconds: number): string {
  const words = page!.spans;
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return fill(words.s, { n: String(whole) });
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return fill(words.m, { n: String(minutes) });
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return fill(words.d, { n: Math.floor(hours / 24).toLocaleString(tag) });
  return minutes % 60 ? fill(words.hm, { h: String(hours), m: String(minutes % 60).padStart(2, "0") }) : fill(words.h, { n: String(hours) });
}

/** Write all ages anew. */
export function tickAges(root: ParentNode = document): void {
  for (const one of root.querySelectorAll<HTMLElement>("time[data-at]")) {
    const text = span(Date.now() / 1000 - Number(one.dataset.at));
    if (one.textContent !== text) one.textContent = text;
  }
}

/** A brief light on what changed. */
export function flash(element: Element | null): void {
  if (!element) return;
  element.classList.remove("is-new");
  void (element as HTMLElement).offsetWidth; // begin the animation again
  element.classList.add("is-new");
}
