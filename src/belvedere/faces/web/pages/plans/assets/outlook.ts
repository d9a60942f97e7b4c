/* The owner's cockpit: sliders that say their value, amounts that open in a dialog, arrow keys in the table.
   Without it everything works by links and the form's button. */

import { load } from "../../../assets/shell/pieces.js";

/** What a slider says at each of its values, one after the other: data-words="−1 year|as planned|+1 year". */
function say(slider: HTMLInputElement): void {
  const words = (slider.dataset.words ?? "").split("|");
  slider.style.setProperty("--v", slider.value);
  const said = words[Number(slider.value) - Number(slider.min)] ?? "";
  slider.setAttribute("aria-valuetext", said);
  const output = document.querySelector<HTMLOutputElement>(`output[for="${CSS.escape(slider.id)}"]`);
  if (output) output.textContent = said;
}

/** Only one amount of each row takes the tab key; the arrows go to its neighbours. */
function rove(root: ParentNode): void {
  for (const row of root.querySelectorAll<HTMLElement>(".po-t tbody tr")) {
    const links = row.querySelectorAll<HTMLElement>("td > a");
    links.forEach((link, at) => (link.tabIndex = at === links.length - 1 ? 0 : -1));
  }
}

function step(event: KeyboardEvent, from: HTMLElement): void {
  const cell = from.parentElement as HTMLTableCellElement;
  const row = cell.parentElement as HTMLTableRowElement;
  const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  const table = cell.closest("table");
  if (!by || !table) return;
  const rows = [...table.querySelectorAll<HTMLTableRowElement>("tbody tr")];
  let [down, right] = [rows.indexOf(row), cell.cellIndex];
  for (;;) {
    down += by[0]!;
    right += by[1]!;
    const next = rows[down]?.cells[right];
    if (!next || right < 1) return;
    const link = next.querySelector<HTMLElement>(":scope > a");
    if (!link) continue;
    event.preventDefault();
    from.tabIndex = -1;
    link.tabIndex = 0;
    link.focus();
    return;
  }
}

function explain(url: string): void {
  const box = document.querySelector<HTMLDialogElement>("#po-explain");
  const inside = box?.querySelector<HTMLElement>("[data-inside]");
  if (!box || !inside) return location.assign(url);
  void load(url, inside).then((isShown) => {
    if (isShown && !box.open) box.showModal();
  });
}

/** A link to another view of the same page: only the page's inside is fetched, and the focus stays where it was. */
function follow(link: HTMLAnchorElement, page: HTMLElement): void {
  const id = link.id || "po-shift";
  void load(link.href, page, { swap: "outerHTML" }).then(() => {
    rove(document);
    document.getElementById(id)?.focus({ preventScroll: true });
  });
}

document.addEventListener("input", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.matches(".po-f input[type=range]")) say(event.target);
});
document.addEventListener("click", (event) => {
  const target = event.target as Element;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const live = target.closest<HTMLAnchorElement>("a[data-live]");
  const page = document.getElementById("po-page");
  if (live && page) {
    event.preventDefault();
    follow(live, page);
    return;
  }
  const link = target.closest<HTMLAnchorElement>("a[data-explain], .po-t td > a[href]");
  if (link) {
    event.preventDefault();
    explain(link.href);
    return;
  }
  const bar = target.closest<SVGElement>(".po-plot [data-cell]");
  if (!bar) return;
  const [row, column] = (bar.dataset.cell ?? "").split("/");
  const cell = document.querySelector<HTMLAnchorElement>(`.po-t tr[data-row="${CSS.escape(row ?? "")}"] td:nth-child(${Number(column) + 2}) > a`);
  if (cell) explain(cell.href);
});
document.addEventListener("keydown", (event) => {
  if (event.target instanceof HTMLElement && event.target.matches(".po-t td > a")) step(event, event.target);
  const finds = document.querySelector<HTMLElement>("#po-finds");
  if (!finds || !(event.target instanceof HTMLElement) || !event.target.closest(".po-f.is-measure")) return;
  const all = [...finds.querySelectorAll<HTMLElement>("a, button")];
  if (event.key === "Escape") {
    finds.replaceChildren();
    document.querySelector<HTMLElement>("#po-find")?.focus();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && all.length) {
    event.preventDefault();
    const at = all.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
    (all[Math.min(at, all.length - 1)] ?? document.querySelector<HTMLElement>("#po-find"))?.focus();
  }
});
document.addEventListener("focusout", (event) => {
  const field = (event.target as Element).closest(".po-f.is-measure");
  if (field && event.relatedTarget instanceof Node && !field.contains(event.relatedTarget)) document.querySelector("#po-finds")?.replaceChildren();
});
document.addEventListener("htmx:after:swap", () => rove(document));
rove(document);
