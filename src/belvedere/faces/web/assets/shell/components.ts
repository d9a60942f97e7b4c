/* Behaviour of components that HTML alone does not give: dialogs, tabs, check-all, edit keys, copying. */
import { toast } from "./requests.js";
import { text } from "./texts.js";

function openDialog(dialog: HTMLDialogElement): void {
  if (!dialog.open) dialog.showModal();
}

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  const opener = target.closest<HTMLElement>("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog ?? "");
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      openDialog(dialog);
    }
  }
  if (target.closest("[data-dialog-close]")) {
    event.preventDefault();
    target.closest("dialog")?.close();
  }
  if (target instanceof HTMLDialogElement && target.open && target.dataset.keep === undefined) target.close(); // the backdrop
  const copy = target.closest<HTMLElement>("[data-copy]");
  if (copy)
    void navigator.clipboard.writeText(copy.dataset.copy ?? "").then(
      () => toast(text("copied")),
      () => toast(text("failed"), "alert"),
    );
}

/** Arrow keys within [role=tablist]; the chosen tab shows the panel named by aria-controls. */
function chooseTab(tab: HTMLElement): void {
  const list = tab.closest("[role=tablist]");
  for (const other of list?.querySelectorAll<HTMLElement>("[role=tab]") ?? []) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = !chosen;
  }
}

function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (target.matches("[role=tab]") && ["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) {
    const tabs = [...(target.closest("[role=tablist]")?.querySelectorAll<HTMLElement>("[role=tab]") ?? [])];
    const at = tabs.indexOf(target);
    const next = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : (at + (event.key === "ArrowRight" ? 1 : -1) + tabs.length) % tabs.length;
    event.preventDefault();
    tabs[next]?.focus();
    if (tabs[next]) chooseTab(tabs[next]);
  }
  const edit = target.closest<HTMLFormElement>("form.bv-edit");
  if (edit && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    edit.requestSubmit();
  }
  if (edit && event.key === "Escape") edit.querySelector<HTMLElement>("[data-cancel]")?.click();
}

function onChange(event: Event): void {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.type !== "checkbox") return;
  const form = box.form ?? document;
  if (box.dataset.checkAll !== undefined)
    for (const other of form.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name="${CSS.escape(box.dataset.checkAll)}"]:not(:disabled)`)) other.checked = box.checked;
  for (const bar of form.querySelectorAll<HTMLElement>("[data-bulk]")) showBulk(bar, form);
}

/** The bar of a selection: hidden while nothing is chosen; [data-bulk-count] says how many. */
function showBulk(bar: HTMLElement, form: ParentNode): void {
  const name = bar.dataset.bulk ?? "";
  const all = [...form.querySelectorAll<HTMLInputElement>(`input[type=checkbox][name="${CSS.escape(name)}"]`)];
  const chosen = all.filter((box) => box.checked);
  bar.hidden = chosen.length === 0;
  const count = bar.querySelector("[data-bulk-count]");
  if (count) count.textContent = chosen.length.toLocaleString(document.documentElement.lang);
  for (const box of all) box.closest("tr")?.classList.toggle("is-selected", box.checked);
  const master = form.querySelector<HTMLInputElement>(`input[data-check-all="${CSS.escape(name)}"]`);
  if (master) {
    master.checked = chosen.length > 0 && chosen.length === all.length;
    master.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
}

let listening = false;

/** Wire what `root` holds. Listeners sit on the document once; fragments need only their first state. */
export function startComponents(root: ParentNode): void {
  for (const dialog of root.querySelectorAll<HTMLDialogElement>("dialog[data-open]")) {
    dialog.removeAttribute("data-open");
    openDialog(dialog);
  }
  for (const bar of root.querySelectorAll<HTMLElement>("[data-bulk]")) showBulk(bar, bar.closest("form") ?? document);
  if (listening) return;
  listening = true;
  document.addEventListener("click", (event) => {
    onClick(event);
    const tab = (event.target as Element).closest<HTMLElement>("[role=tab]");
    if (tab) chooseTab(tab);
  });
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", onChange);
}
