/* What somebody changes in a form while the server draws it anew is put into the new one: a slow line loses nothing.
 * A button with data-renumbers gives the numbered fields (`name-2`) other numbers: of those nothing is carried over. */
import { byName, put, typedIn, type Field } from "./drafts.js";

interface Answer {
  ctx: { sourceElement?: Element; target?: Element };
}
type Values = Map<string, string[]>;

interface Kept {
  form: HTMLFormElement;
  edited: Values;
  turned: [place: number, isOpen: boolean][];
  focus: { name: string; place: number; from: number | null; to: number | null } | null;
}

const NUMBERED = /-\d+$/;

const named = (form: HTMLFormElement, name: string): Field[] => ([...form.elements] as Field[]).filter((one) => one.name === name);
const folds = (form: HTMLFormElement): HTMLDetailsElement[] => [...form.querySelectorAll("details")];

/** What is otherwise than when the request was made; of what stood there then. */
function edits(form: HTMLFormElement, sent: Values, renumbers: boolean): Values {
  const now = byName(typedIn(form));
  const names = [...new Set([...now.keys(), ...sent.keys()])].filter((name) => !(renumbers && NUMBERED.test(name)));
  const changed = names.filter((name) => (now.get(name) ?? []).join("\n") !== (sent.get(name) ?? []).join("\n"));
  return new Map(changed.filter((name) => named(form, name).length).map((name) => [name, now.get(name) ?? []]));
}

function focusIn(form: HTMLFormElement): Kept["focus"] {
  const at = document.activeElement as Field | null;
  if (!at?.name || !form.contains(at)) return null;
  const text = at instanceof HTMLSelectElement ? null : at; // numbers and boxes have no place for a cursor either: null
  return { name: at.name, place: named(form, at.name).indexOf(at), from: text?.selectionStart ?? null, to: text?.selectionEnd ?? null };
}

function giveBack({ form: former, edited, turned, focus }: Kept): void {
  const form = former.isConnected ? former : (document.getElementById(former.id) as HTMLFormElement | null);
  if (!form) return;
  for (const [place, isOpen] of turned) {
    const fold = folds(form)[place];
    if (fold) fold.open = isOpen;
  }
  put(form, edited);
  const field = focus && named(form, focus.name)[focus.place];
  if (!field) return;
  if (document.activeElement !== field) field.focus({ preventScroll: true });
  if (focus.from !== null && !(field instanceof HTMLSelectElement)) field.setSelectionRange(focus.from, focus.to);
}

export function keepEdits(): void {
  const sent = new WeakMap<object, { values: Values; open: boolean[] }>();
  const kept = new WeakMap<object, Kept>();
  const formOf = ({ ctx }: Answer) => (ctx.target?.isConnected ? ctx.target.closest("form") : null);
  const on = (name: string, work: (answer: Answer) => void) =>
    document.addEventListener(name, (event) => {
      const answer = (event as CustomEvent<Answer | null>).detail; // none where a page says it about its own drawing
      if (answer?.ctx) work(answer);
    });

  on("htmx:config:request", (answer) => {
    const form = formOf(answer);
    if (form) sent.set(answer.ctx, { values: byName(typedIn(form)), open: folds(form).map((one) => one.open) });
  });
  on("htmx:before:swap", (answer) => {
    const form = formOf(answer);
    const before = sent.get(answer.ctx);
    if (!form || !before || !answer.ctx.target?.querySelector("input, select, textarea")) return;
    const open = folds(form).map((one) => one.open);
    const turned = open.length === before.open.length ? open.map((isOpen, place): [number, boolean] => [place, isOpen]).filter(([place, isOpen]) => isOpen !== before.open[place]) : [];
    const renumbers = answer.ctx.sourceElement?.matches("[data-renumbers]") ?? false;
    kept.set(answer.ctx, { form, edited: edits(form, before.values, renumbers), turned, focus: focusIn(form) });
  });
  on("htmx:after:swap", (answer) => {
    const found = kept.get(answer.ctx);
    if (found) giveBack(found);
  });
}
