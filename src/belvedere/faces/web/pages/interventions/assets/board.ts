/* Dragging a card to another day. It fills in and sends the card's own form, the one that "Move" opens: without
   this script, with keys and on a phone the same is done there. */

const board = document.querySelector<HTMLElement>(".ib-board");
let dragged: HTMLElement | null = null;

/** The column under the pointer, where the dragged card may be put. */
function target(event: Event): HTMLElement | null {
  const column = (event.target as Element | null)?.closest<HTMLElement>(".ib-col[data-day]") ?? null;
  return dragged && column && !column.contains(dragged) ? column : null;
}

function mark(column: HTMLElement | null): void {
  for (const one of board?.querySelectorAll(".ib-col.is-target") ?? []) one.classList.toggle("is-target", one === column);
  column?.classList.add("is-target");
}

function put(card: HTMLElement, day: string): void {
  const form = card.querySelector<HTMLFormElement>(".ib-move form");
  const select = form?.querySelector<HTMLSelectElement>("select[name=day]");
  if (!form || !select) return;
  select.value = day;
  form.requestSubmit();
}

board?.addEventListener("dragstart", (event) => {
  dragged = (event.target as Element | null)?.closest<HTMLElement>(".ib-card[draggable=true]") ?? null;
  if (!dragged || !event.dataTransfer) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.id);
  dragged.classList.add("is-dragged");
});
board?.addEventListener("dragover", (event) => {
  const column = target(event);
  mark(column);
  if (column) event.preventDefault();
});
board?.addEventListener("drop", (event) => {
  const column = target(event);
  if (!column || !dragged) return;
  event.preventDefault();
  put(dragged, column.dataset["day"] ?? "");
});
board?.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  mark(null);
});

// Back at the card that was moved: who uses keys goes on from there.
if (location.hash.startsWith("#card-")) document.getElementById(location.hash.slice(1))?.focus();
