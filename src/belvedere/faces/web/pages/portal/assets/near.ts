/* Works near me: the position of the browser, and a click on the map, become a question rounded to about 100 m.
 * Without it the form asks by itself. */
import type { Map as GlMap, MapMouseEvent } from "maplibre-gl";

const form = document.querySelector<HTMLFormElement>("form[data-near]");
const told = document.querySelector<HTMLElement>("[data-near-told]");
const say = (text: string | undefined) => told && (told.textContent = text ?? "");

/** Ask for what lies round a point; nothing more precise than 0.001 degree leaves the browser. */
function ask(longitude: number, latitude: number): void {
  if (!form) return;
  const to = new URL(form.action, location.href);
  to.searchParams.set("lon", longitude.toFixed(3));
  to.searchParams.set("lat", latitude.toFixed(3));
  const radius = form.elements.namedItem("r");
  if (radius instanceof HTMLSelectElement) to.searchParams.set("r", radius.value);
  location.assign(to);
}

const button = form?.querySelector<HTMLButtonElement>("[data-near-me]");
if (button && "geolocation" in navigator) {
  button.hidden = false;
  button.addEventListener("click", () => {
    say(told?.dataset.asking);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => ask(coords.longitude, coords.latitude),
      () => say(told?.dataset.refused),
      { maximumAge: 60_000, timeout: 15_000 },
    );
  });
}

// A text that was typed after a point was asked for is what counts: the form never sends both.
document.addEventListener("bv:map-ready", (event) => {
  const map = (event as CustomEvent<{ map: GlMap }>).detail.map;
  map.on("click", (click: MapMouseEvent) => {
    const layers = ["site-line", "site-area", "site-point"].filter((id) => map.getLayer(id));
    const { x, y } = click.point;
    const onSite = map.queryRenderedFeatures([[x - 4, y - 4], [x + 4, y + 4]], { layers }).length > 0;
    if (!onSite) ask(click.lngLat.lng, click.lngLat.lat);
  });
});

export {};
