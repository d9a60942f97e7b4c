/* The keyboard's handle on the map: a focusable ring round the chosen position. The mouse passes through it. */
import { Marker, type Map as GlMap } from "maplibre-gl";
import type { Position } from "geojson";

export type Direction = "east" | "west" | "north" | "south";
type Nudge = (direction: Direction, metres: number) => void;

/** How far a press of an arrow key goes, alone and with Shift; components/map_editor.html says the same. */
export const STEP_M = 10;
export const LONG_STEP_M = 100;
const ARROWS: Record<string, Direction> = { ArrowRight: "east", ArrowLeft: "west", ArrowUp: "north", ArrowDown: "south" };

/** Arrow keys pressed on `element` call `nudge`, and move nothing else. */
export function onArrows(element: HTMLElement, nudge: Nudge, signal?: AbortSignal): void {
  element.addEventListener(
    "keydown",
    (event) => {
      const direction = ARROWS[event.key];
      if (!direction || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation(); // the map would pan
      nudge(direction, event.shiftKey ? LONG_STEP_M : STEP_M);
    },
    signal ? { signal } : {},
  );
}

export class Handle {
  private readonly button = document.createElement("button");
  private readonly marker: Marker;
  private on = false;

  constructor(
    private readonly map: GlMap,
    help: string,
    nudge: Nudge,
    next: () => void,
  ) {
    this.button.type = "button";
    this.button.className = "bv-map-handle";
    this.button.setAttribute("aria-describedby", help);
    this.button.addEventListener("click", next); // Enter and Space; no pointer reaches it
    onArrows(this.button, nudge);
    this.marker = new Marker({ element: this.button });
  }

  /** Stand at `at` under the name `label`; without a position, stand nowhere. */
  place(at: Position | undefined, label: string): void {
    if (!at) return this.remove();
    this.button.setAttribute("aria-label", label);
    this.marker.setLngLat([at[0]!, at[1]!]);
    if (!this.on) this.marker.addTo(this.map);
    this.on = true;
  }

  remove(): void {
    this.marker.remove();
    this.on = false;
  }
}
