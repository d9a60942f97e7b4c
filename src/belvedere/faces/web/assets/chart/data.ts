/* A chart reads its table: the numbers stand once in the page, in a form everyone can read.
 *
 * The first column names the row; each further head with data-series is a series:
 *   bar (stacked), line, low and high (the two edges of a band), total (written over the stack).
 * data-color="1".."8" takes a colour of the tokens ("line", "ink" too); data-pattern hatches the bars.
 * A cell holds data-value (a number in plain units) and the text a reader sees; data-href is where a click goes.
 */
export type SeriesKind = "bar" | "line" | "low" | "high" | "total";

export interface Cell {
  value: number | null;
  text: string;
  href: string;
}
export interface Series {
  name: string;
  kind: SeriesKind;
  color: string;
  pattern: boolean;
  cells: Cell[];
}
export interface ChartData {
  rows: { name: string; href: string }[];
  series: Series[];
}

const KINDS = new Set<string>(["bar", "line", "low", "high", "total"]);
const words = (element: Element | undefined): string => (element?.textContent ?? "").replace(/\s+/g, " ").trim();

/** The head's own words: a unit in <small> belongs to the axis, not to the name. */
function nameOf(head: HTMLElement): string {
  if (head.dataset.name) return head.dataset.name;
  const copy = head.cloneNode(true) as HTMLElement;
  for (const small of copy.querySelectorAll("small")) small.remove();
  return words(copy);
}

function cellOf(cell: HTMLTableCellElement | undefined): Cell {
  const raw = cell?.dataset.value;
  const value = raw === undefined || raw === "" ? null : Number(raw);
  return { value: value !== null && Number.isFinite(value) ? value : null, text: words(cell), href: cell?.dataset.href ?? cell?.querySelector("a")?.getAttribute("href") ?? "" };
}

/** Rows of the table's body; rows with data-skip (sums among them) are left out. */
export function read(table: HTMLTableElement): ChartData {
  const heads = [...(table.tHead?.rows[table.tHead.rows.length - 1]?.cells ?? [])];
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.dataset.skip === undefined);
  const series: Series[] = [];
  let colour = 0;
  heads.forEach((head, at) => {
    const kind = head.dataset.series ?? "";
    if (!KINDS.has(kind)) return;
    if (kind === "bar" || kind === "line") colour++;
    series.push({ name: nameOf(head), kind: kind as SeriesKind, color: head.dataset.color ?? String(((colour - 1) % 8) + 1), pattern: head.dataset.pattern !== undefined, cells: rows.map((row) => cellOf(row.cells[at])) });
  });
  return {
    rows: rows.map((row) => {
      const first = row.cells[0];
      return { name: first?.dataset.name ?? words(first), href: first?.dataset.href ?? first?.querySelector("a")?.getAttribute("href") ?? "" };
    }),
    series,
  };
}
