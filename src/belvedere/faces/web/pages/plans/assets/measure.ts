/* Small helps of the edits of a measure. Without it each edit is a page of its own; which fields belong to
 * which choice is said by measure.css alone. */

/** An edit opened inside the page closes in place; on its own page the link goes back. */
document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLElement>("form.bv-edit [data-cancel]");
  const place = link?.closest<HTMLElement>("[id^='pq-edit-']");
  if (!link || !place) return;
  event.preventDefault();
  place.replaceChildren();
});

/** Coordinates typed beside the map follow what is moved on it afterwards: the last word counts. */
document.addEventListener("input", (event) => {
  const drawn = event.target as HTMLInputElement;
  if (drawn.id !== "pq-geometry" || !drawn.value || !drawn.form) return;
  const [x, y] = ["x", "y"].map((name) => drawn.form!.elements.namedItem(name));
  if (!(x instanceof HTMLInputElement) || !(y instanceof HTMLInputElement) || !(x.value || y.value)) return;
  const shapes: GeoJSON.Geometry[] = (JSON.parse(drawn.value) as GeoJSON.FeatureCollection).features?.map((one) => one.geometry) ?? [];
  const only = shapes.length === 1 ? shapes[0] : undefined;
  const at = only?.type === "Point" ? only.coordinates : undefined;
  x.value = at ? at[0]!.toFixed(6) : "";
  y.value = at ? at[1]!.toFixed(6) : "";
});

/** A form that came into the page: bring it into sight and put the cursor in it. */
function arrive(): void {
  const form = document.querySelector<HTMLFormElement>("[id^='pq-edit-'] > form.bv-edit:not([data-seen])");
  if (!form) return;
  form.dataset.seen = "";
  const wrong = form.querySelector<HTMLElement>(".has-error :is(input, select, textarea)");
  const first = wrong ?? form.querySelector<HTMLElement>("input:not([type='hidden']), select, textarea");
  first?.focus({ preventScroll: true });
  form.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:after:swap", arrive);
