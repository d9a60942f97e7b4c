/* What was typed into a form that could not be taken, because the person was signed out meanwhile: kept in this window
 * while they sign in, given back once when the form is open again. Passwords and files are not kept. */
import { toast } from "./requests.js";
import { text } from "./texts.js";

const KEY = "bv-draft";
const UNKEPT = new Set(["password", "file", "submit", "button", "image", "reset"]);
const TOKEN = "csrfmiddlewaretoken";

interface Draft {
  path: string; // of the page with the form
  action: string;
  fields: [name: string, value: string][];
  again: boolean; // the form was not taken
}
export type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function read(): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Draft | null;
  } catch {
    return null;
  }
}

function write(draft: Draft | null): void {
  try {
    if (draft) sessionStorage.setItem(KEY, JSON.stringify(draft));
    else sessionStorage.removeItem(KEY);
  } catch {
    // no room, or not allowed: nothing is kept
  }
}

const here = (): string => location.pathname + location.search;
const forms = (): HTMLFormElement[] => [...document.querySelectorAll<HTMLFormElement>("form[method=post][data-guard]")];
const fields = (form: HTMLFormElement): Field[] => ([...form.elements] as Field[]).filter((one) => one.name && one.name !== TOKEN && !UNKEPT.has(one.type));

/** What a person typed or chose in a form. */
export function typedIn(form: HTMLFormElement): [string, string][] {
  const kept = new Set(fields(form).map((one) => one.name));
  return [...new FormData(form)].filter((pair): pair is [string, string] => kept.has(pair[0]) && typeof pair[1] === "string");
}

/** The same by name, each with all its values. */
export function byName(typed: [string, string][]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of typed) values.set(name, [...(values.get(name) ?? []), value]);
  return values;
}

/** Put values into the fields of these names, as if the person had. */
export function put(form: HTMLFormElement, given: Map<string, string[]>): void {
  const left = new Map([...given].map(([name, values]) => [name, [...values]]));
  for (const one of fields(form)) {
    const values = left.get(one.name);
    if (!values) continue;
    if (one instanceof HTMLInputElement && (one.type === "checkbox" || one.type === "radio")) one.checked = values.includes(one.value);
    else if (one instanceof HTMLSelectElement && one.multiple) for (const option of one.options) option.selected = values.includes(option.value);
    else {
      const value = values.shift() ?? one.value;
      if (one instanceof HTMLSelectElement && ![...one.options].some((option) => option.value === value)) continue; // not to be chosen any more
      one.value = value;
    }
    one.dispatchEvent(new Event("input", { bubbles: true }));
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export function keepDrafts(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.matches("form[method=post][data-guard]")) write({ path: here(), action: form.getAttribute("action") ?? "", fields: typedIn(form), again: false });
  });
  const draft = read();
  if (!draft) return;
  const link = document.querySelector<HTMLAnchorElement>("a[data-form-again]");
  if (link || location.pathname.startsWith("/account/login") || location.pathname.startsWith("/account/2fa")) {
    if (link) link.href = draft.path;
    write({ ...draft, again: true });
    return;
  }
  write(null);
  const form = draft.again && draft.path === here() ? forms().find((one) => (one.getAttribute("action") ?? "") === draft.action) : undefined;
  if (!form) return;
  const given = byName(draft.fields);
  for (const one of fields(form)) if (!given.has(one.name)) given.set(one.name, []); // boxes that were not ticked
  put(form, given);
  toast(text("given_back"));
}
