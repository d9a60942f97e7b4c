/* Pieces of a page that a script asks for: of those on their way into one place, the one asked for last is shown. */
import htmx from "htmx.org";

interface Wishes {
  swap?: "innerHTML" | "outerHTML";
  /** What is there is read again: it gives way to what somebody asked for. */
  again?: boolean;
  /** Not shown when this says so by then. */
  unless?: () => boolean;
}

/** Whether it is shown: not when something else was asked for meanwhile, nor when it could not be had. */
export async function load(url: string, place: HTMLElement, { swap = "innerHTML", again, unless }: Wishes = {}): Promise<boolean> {
  let isShown = false;
  place.setAttribute("hx-sync", again ? "this:drop" : "this:replace");
  const wishes = { source: place, target: place, swap, unless, shown: () => (isShown = true) };
  await htmx.ajax("GET", url, wishes);
  return isShown;
}

type Told = CustomEvent<{ ctx?: Wishes & { shown?: () => void } } | null>;

document.addEventListener("htmx:before:swap", (event) => {
  if ((event as Told).detail?.ctx?.unless?.()) event.preventDefault();
});
document.addEventListener("htmx:after:swap", (event) => (event as Told).detail?.ctx?.shown?.());
