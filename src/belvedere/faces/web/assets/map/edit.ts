/* Drawing and editing on the map: points, lines, areas. Fetched only when someone edits.
 *
 * What is drawn goes as a GeoJSON FeatureCollection into the form field named by data-map-edit-for; leaving
 * without saving, or [data-edit-cancel], brings back what the field held. Beside the map stands a keyboard
 * twin (components/map_editor.html): choose a shape, a position, type its coordinates. The chosen position has a
 * handle on the map that the arrow keys move by metres; a live region says where it went.
 */
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode, TerraDrawSelectMode } from "terra-draw";
import { TerraDrawMapLibreGLAdapter } from "terra-draw-maplibre-gl-adapter";
import { locale, text } from "../shell/texts.js";
import { Handle, onArrows, type Direction } from "./handle.js";
import { token } from "./images.js";
import type { TerritoryMap } from "./map.js";
import { Network } from "./network.js";
import { boundsOf } from "./points.js";
import { between, collection, fewest, movedBy, positions, shapesOf, through, type Shape } from "./shapes.js";

type Id = string | number;
type Snapping = NonNullable<NonNullable<ConstructorParameters<typeof TerraDrawLineStringMode>[0]>["snapping"]>;
const MODE: Record<Shape["type"], string> = { Point: "point", LineString: "linestring", Polygon: "polygon" };

function drawing(owner: TerritoryMap, near: (at: GeoJSON.Position) => GeoJSON.Position | undefined): TerraDraw {
  const accent = token("--bv-map-select") as `#${string}`;
  const surface = token("--bv-surface") as `#${string}`;
  const ink = token("--bv-ink") as `#${string}`;
  const point = { pointColor: accent, pointWidth: 8, pointOutlineColor: surface, pointOutlineWidth: 2 };
  const vertex = { selectionPointColor: surface, selectionPointWidth: 6, selectionPointOutlineColor: accent, selectionPointOutlineWidth: 2.5, midPointColor: accent, midPointWidth: 4, midPointOutlineColor: surface, midPointOutlineWidth: 1 };
  const snapping: Snapping = { toCustom: (event) => near([event.lng, event.lat]) };
  const path = { draggable: true, coordinates: { midpoints: true, draggable: true, deletable: true, snappable: snapping } };
  return new TerraDraw({
    adapter: new TerraDrawMapLibreGLAdapter({ map: owner.map, coordinatePrecision: 9 }),
    modes: [
      new TerraDrawPointMode({ styles: point }),
      new TerraDrawLineStringMode({ snapping, styles: { lineStringColor: accent, lineStringWidth: 4, closingPointColor: ink, closingPointWidth: 6 } }),
      new TerraDrawPolygonMode({ snapping, styles: { fillColor: accent, fillOpacity: 0.18, outlineColor: accent, outlineWidth: 2, closingPointColor: ink, closingPointWidth: 6 } }),
      new TerraDrawSelectMode({
        flags: { point: { feature: { draggable: true } }, linestring: { feature: path }, polygon: { feature: path } },
        styles: { ...vertex, selectedPointColor: accent, selectedPointWidth: 10, selectedPointOutlineColor: ink, selectedPointOutlineWidth: 2, selectedLineStringColor: accent, selectedLineStringWidth: 5, selectedPolygonColor: accent, selectedPolygonFillOpacity: 0.28, selectedPolygonOutlineColor: accent, selectedPolygonOutlineWidth: 3 },
      }),
    ],
  });
}

class Editor {
  private readonly draw: TerraDraw;
  private readonly before: string;
  private readonly sitesBefore;
  private readonly stop = new AbortController();
  private readonly handle: Handle;
  private readonly network: Network | null;
  private chosen: Id | null = null;
  private vertex = 0;
  private told: string;

  constructor(
    private readonly owner: TerritoryMap,
    private readonly field: HTMLInputElement | HTMLTextAreaElement,
    private readonly panel: HTMLElement,
  ) {
    this.before = field.value;
    this.sitesBefore = owner.sites;
    owner.element.dataset.mapEditing = "";
    owner.setSites(collection([]));
    const url = owner.element.dataset.mapNetwork;
    this.network = url ? new Network(owner.map, url, panel, this.stop.signal) : null; // below what is drawn
    this.draw = drawing(owner, (at) => this.network?.near(at)?.at);
    this.draw.start();
    this.handle = new Handle(owner.map, `${owner.element.id}-nudge`, (direction, metres) => this.nudge(direction, metres), () => this.next());
    this.add(shapesOf(field.value));
    this.told = this.drawn(); // choosing a shape is a change to the library, and none to the field
    this.draw.on("change", (_ids, type) => type !== "styling" && this.changed());
    this.draw.on("finish", (id) => {
      this.mode("select");
      this.snapPoint(id);
    });
    this.draw.on("select", (id) => this.choose(id, false));
    this.wire();
    this.mode("select");
    this.choose(this.shapes()[0]?.id ?? null, true); // the chosen shape can be dragged at once
    const box = boundsOf(collection(shapesOf(field.value)));
    if (box) owner.map.fitBounds(box, { padding: 64, maxZoom: 16, animate: false });
  }

  /** Every shape on the map now, without the handles the library draws. */
  private shapes(): { id: Id; shape: Shape }[] {
    return this.draw
      .getSnapshot()
      .filter((f) => f.id !== undefined && Object.values(MODE).includes(String(f.properties.mode)) && !f.properties.currentlyDrawing)
      .map((f) => ({ id: f.id as Id, shape: f.geometry as Shape }));
  }

  private add(shapes: Shape[]): Id[] {
    const made = this.draw.addFeatures(shapes.map((geometry) => ({ type: "Feature", properties: { mode: MODE[geometry.type] }, geometry })));
    return made.filter((one) => one.valid && one.id !== undefined).map((one) => one.id as Id);
  }

  private find<E extends Element>(name: string): E | null {
    return this.panel.querySelector<E>(`[data-edit-${name}]`);
  }

  private mode(name: string): void {
    this.draw.setMode(name);
    for (const button of this.panel.querySelectorAll<HTMLElement>("[data-edit-mode]")) button.setAttribute("aria-pressed", String(button.dataset.editMode === name));
  }

  private current(): { id: Id; shape: Shape } | undefined {
    return this.shapes().find((one) => one.id === this.chosen);
  }

  private choose(id: Id | null, onMap: boolean): void {
    this.chosen = id;
    this.vertex = 0;
    if (onMap && id !== null) {
      this.mode("select");
      this.draw.selectFeature(id);
    }
    this.show();
  }

  private drawn(): string {
    const shapes = this.shapes();
    return shapes.length ? JSON.stringify(collection(shapes.map((one) => one.shape))) : "";
  }

  /** Put what is drawn into the field, and tell the page. */
  private changed(): void {
    const value = this.drawn();
    if (value !== this.told) {
      this.told = this.field.value = value;
      this.field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    this.show();
  }

  private show(): void {
    const shapes = this.shapes();
    if (!shapes.some((one) => one.id === this.chosen)) this.chosen = shapes[0]?.id ?? null;
    const list = this.find<HTMLSelectElement>("shape");
    const names = { Point: text("edit_point"), LineString: text("edit_line"), Polygon: text("edit_area") };
    list?.replaceChildren(...shapes.map(({ id, shape }, i) => new Option(`${i + 1}. ${names[shape.type]}`, String(id), false, id === this.chosen)));
    const now = this.current();
    const all = now ? positions(now.shape) : [];
    this.vertex = Math.min(this.vertex, Math.max(0, all.length - 1));
    this.find<HTMLSelectElement>("position")?.replaceChildren(...all.map((_p, i) => new Option(String(i + 1), String(i), false, i === this.vertex)));
    const at = all[this.vertex];
    this.handle.place(at, text("edit_handle", { n: this.vertex + 1, all: all.length }));
    for (const [name, axis] of [["lon", 0], ["lat", 1]] as const) {
      const input = this.find<HTMLInputElement>(name);
      if (input && document.activeElement !== input) input.value = at ? at[axis]!.toFixed(6) : "";
    }
    this.panel.toggleAttribute("data-empty", !now);
    for (const control of this.panel.querySelectorAll<HTMLButtonElement>("[data-edit-needs]")) control.disabled = !now || (control.dataset.editNeeds === "path" && now.shape.type === "Point") || (control.dataset.editNeeds === "spare" && all.length <= fewest(now.shape));
  }

  private reshape(next: (all: GeoJSON.Position[], shape: Shape) => GeoJSON.Position[]): void {
    const now = this.current();
    if (!now) return;
    const shape = through(now.shape, next([...positions(now.shape)], now.shape));
    this.draw.updateFeatureGeometry(now.id, shape);
    this.changed();
  }

  private moveTo(lon: number, lat: number): void {
    if (!Number.isFinite(lon) || !Number.isFinite(lat) || Math.abs(lat) > 85 || Math.abs(lon) > 180) return;
    this.reshape((all) => all.map((p, i) => (i === this.vertex ? [lon, lat] : p)));
    if (!this.owner.map.getBounds().contains([lon, lat])) this.owner.map.easeTo({ center: [lon, lat] });
  }

  /** Move the chosen position by metres on the ground, and say where it now is. */
  private nudge(direction: Direction, metres: number): void {
    const now = this.current();
    const at = now && positions(now.shape)[this.vertex];
    if (!at) return;
    const [east, north] = { east: [1, 0], west: [-1, 0], north: [0, 1], south: [0, -1] }[direction] as [number, number];
    const to = movedBy(at, east * metres, north * metres);
    this.moveTo(to[0]!, to[1]!);
    this.say(`edit_${direction}`, { metres });
  }

  /** A point that was set or dragged; positions of lines and areas snap while they are drawn. */
  private snapPoint(id: Id): void {
    const shape = this.shapes().find((one) => one.id === id)?.shape;
    const snap = shape?.type === "Point" ? this.network?.near(shape.coordinates) : null;
    if (!snap || !shape) return;
    this.draw.updateFeatureGeometry(id, through(shape, [snap.at]));
    this.changed();
  }

  /** Move the chosen position onto the nearest line, and say which. */
  private snap(): void {
    const now = this.current();
    const at = now && positions(now.shape)[this.vertex];
    if (!at) return;
    const found = this.network?.nearest(at);
    if (!found) return this.say("edit_no_line");
    this.moveTo(found.at[0]!, found.at[1]!);
    this.say("edit_snapped", { name: found.name || text("edit_line_unnamed") });
  }

  /** The next position of the shape, then the next shape: all can be reached from the handle. */
  private next(): void {
    const shapes = this.shapes();
    const now = this.current();
    if (!now) return;
    this.vertex++;
    if (this.vertex >= positions(now.shape).length) this.choose(shapes[(shapes.findIndex((one) => one.id === now.id) + 1) % shapes.length]!.id, true);
    this.show();
    this.say("edit_chosen");
  }

  private say(name: string, values: Record<string, string | number> = {}): void {
    const all = positions(this.current()!.shape);
    const at = all[this.vertex]!;
    const degrees = (value: number) => value.toLocaleString(locale(), { minimumFractionDigits: 5, maximumFractionDigits: 5 });
    const said = this.find<HTMLElement>("said");
    if (said) said.textContent = text(name, { ...values, n: this.vertex + 1, all: all.length, lon: degrees(at[0]!), lat: degrees(at[1]!) });
  }

  private act(name: string): void {
    const map = this.owner.map;
    const { lng, lat } = map.getCenter();
    if (name === "add-point" || name === "add-line" || name === "add-area") {
      const side = map.unproject([map.project([lng, lat]).x + 60, map.project([lng, lat]).y]).lng - lng;
      const shape: Shape = name === "add-point" ? { type: "Point", coordinates: [lng, lat] } : name === "add-line" ? { type: "LineString", coordinates: [[lng - side, lat], [lng + side, lat]] } : { type: "Polygon", coordinates: [[[lng - side, lat - side / 2], [lng + side, lat - side / 2], [lng + side, lat + side / 2], [lng - side, lat - side / 2]]] };
      const [id] = this.add(collection([shape]).features.map((f) => f.geometry));
      if (id !== undefined) this.choose(id, true);
      this.changed();
    } else if (name === "insert") {
      this.reshape((all, shape) => [...all.slice(0, this.vertex + 1), between(shape, this.vertex), ...all.slice(this.vertex + 1)]);
      this.vertex++;
      this.show();
    } else if (name === "remove-position") this.reshape((all, shape) => (all.length > fewest(shape) ? all.filter((_p, i) => i !== this.vertex) : all));
    else if (name === "remove" && this.chosen !== null) {
      const gone = this.chosen;
      this.mode("select");
      this.draw.removeFeatures([gone]);
      this.changed();
    } else if (name === "snap") this.snap();
    else if (name === "cancel") this.cancel();
  }

  private wire(): void {
    const { signal } = this.stop;
    this.panel.hidden = false;
    this.panel.addEventListener(
      "click",
      (event) => {
        const target = event.target as Element;
        const mode = target.closest<HTMLElement>("[data-edit-mode]")?.dataset.editMode;
        if (mode) this.mode(mode);
        const act = target.closest<HTMLElement>("[data-edit-act]")?.dataset.editAct;
        if (act) this.act(act);
      },
      { signal },
    );
    this.find("shape")?.addEventListener("change", (event) => {
      const value = (event.target as HTMLSelectElement).value;
      this.choose(this.shapes().find((one) => String(one.id) === value)?.id ?? null, true);
    }, { signal });
    this.find("position")?.addEventListener("change", (event) => {
      this.vertex = Number((event.target as HTMLSelectElement).value);
      this.show();
    }, { signal });
    const typed = () => this.moveTo(this.find<HTMLInputElement>("lon")?.valueAsNumber ?? NaN, this.find<HTMLInputElement>("lat")?.valueAsNumber ?? NaN);
    for (const name of ["lon", "lat"]) {
      this.find(name)?.addEventListener("change", typed, { signal });
      // Enter says that the number is whole, not that the site is: the form stays.
      this.find<HTMLInputElement>(name)?.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        typed();
      }, { signal });
    }
    const nudge = this.find<HTMLElement>("nudge");
    if (nudge) onArrows(nudge, (direction, metres) => this.nudge(direction, metres), signal);
  }

  /** Back to what was there, and out. */
  private cancel(): void {
    this.stop.abort();
    this.field.value = this.before;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.draw.stop();
    this.handle.remove();
    this.owner.setSites(this.sitesBefore);
    this.panel.hidden = true;
    delete this.owner.element.dataset.mapEditing;
    this.owner.element.dispatchEvent(new CustomEvent("bv:edit-cancel", { bubbles: true }));
    const opener = document.querySelector<HTMLElement>(`[data-map-edit-start="${CSS.escape(this.owner.element.id)}"]`);
    if (opener) opener.focus();
    else startEditing(this.owner); // a page made for editing goes on
  }
}

/** Start editing the map's field with the panel [data-map-editor="<id of the map>"]. */
export function startEditing(owner: TerritoryMap): void {
  const { element } = owner;
  const field = document.getElementById(element.dataset.mapEditFor ?? "") as HTMLInputElement | null;
  const panel = document.querySelector<HTMLElement>(`[data-map-editor="${CSS.escape(element.id)}"]`);
  if (!field || !panel || element.dataset.mapEditing !== undefined) return;
  new Editor(owner, field, panel);
}
