/* The things as the page knows them: present states, what is hidden, and what the map draws of it. */
import type { PointTable } from "../../../assets/map/points.js";
import { URGENCY, type State } from "./_page.js";

export interface Table extends PointTable {
  cells: boolean;
  kind: string[];
}
export type Counts = Map<string, Record<State, number>>;

const stateOf = (sign: string): State => sign.slice(sign.indexOf(".") + 1) as State;
const none = (): Record<State, number> => ({ alarm: 0, watch: 0, silent: 0, normal: 0 });

export class Store {
  private table: Table | null = null;
  private rows = new Map<number, number>();
  readonly hidden = new Set<string>();

  take(table: Table): void {
    this.table = table;
    this.rows = new Map(table.cells ? [] : table.ids.map((id, row) => [Number(id), row]));
  }

  /** Whether things are only counted by square here. */
  get cells(): boolean {
    return this.table?.cells ?? true;
  }

  has(id: number): boolean {
    return this.rows.has(id);
  }

  name(id: number): string {
    return this.table?.title?.[this.rows.get(id) ?? -1] ?? "";
  }

  state(id: number): State | null {
    const row = this.rows.get(id);
    return row === undefined ? null : stateOf(this.table!.prio![row]!);
  }

  /** Whether the state was another one. */
  set(id: number, state: State): boolean {
    const row = this.rows.get(id);
    if (row === undefined) return false;
    const sign = this.table!.prio![row]!;
    const next = sign.slice(0, sign.indexOf(".") + 1) + state;
    if (sign === next) return false;
    this.table!.prio![row] = next;
    if (state !== "alarm") this.table!.label![row] = "";
    return true;
  }

  /** What the map draws; `states`: those of another instant, by id. */
  drawn(states?: Map<number, State>): Table | null {
    const table = this.table;
    if (!table || (!this.hidden.size && !states)) return table;
    const keep: number[] = [];
    table.kind.forEach((kind, row) => {
      if (!this.hidden.has(kind)) keep.push(row);
    });
    const some = <T>(all: T[] | undefined): T[] | undefined => all && keep.map((row) => all[row]!);
    const shown: Table = { ...table, ids: some(table.ids)!, lon: some(table.lon)!, lat: some(table.lat)!, kind: some(table.kind)!, prio: some(table.prio)!, title: some(table.title)!, label: some(table.label)!, n: some(table.n)! };
    if (states)
      shown.ids.forEach((id, row) => {
        const state = states.get(Number(id));
        const sign = shown.prio![row]!;
        if (!state || stateOf(sign) === state) return;
        shown.prio![row] = sign.slice(0, sign.indexOf(".") + 1) + state;
        shown.label![row] = "";
      });
    return shown;
  }

  /** How many of each kind are in each state. */
  counts(states?: Map<number, State>): Counts {
    const found: Counts = new Map();
    this.table?.kind.forEach((kind, row) => {
      const known = found.get(kind) ?? found.set(kind, none()).get(kind)!;
      const state = states?.get(Number(this.table!.ids[row])) ?? stateOf(this.table!.prio![row]!);
      known[state] += this.table!.n?.[row] ?? 1;
    });
    return found;
  }
}

export function sums(counts: Counts): Record<State, number> {
  const all = none();
  for (const one of counts.values()) for (const state of URGENCY) all[state] += one[state];
  return all;
}
