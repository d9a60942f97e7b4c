/* The frame: rail, menus, theme. */

const root = document.documentElement;

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage refused: the choice lasts for this page only.
  }
}

function toggleNavigation(open: boolean): void {
  root.dataset.nav = open ? "open" : "";
  const burger = document.querySelector<HTMLElement>("[data-nav-toggle]");
  burger?.setAttribute("aria-expanded", String(open));
  for (const behind of document.querySelectorAll(".bv-top, .bv-main")) behind.toggleAttribute("inert", open);
  if (open) document.querySelector<HTMLElement>(".bv-rail a, .bv-rail summary")?.focus();
}

function onClick(event: MouseEvent): void {
  const target = event.target as Element;
  if (target.closest("[data-rail-toggle]")) {
    const icons = root.dataset.rail !== "icons";
    root.dataset.rail = icons ? "icons" : "";
    keep("bv-rail", icons ? "icons" : "wide");
    dispatchEvent(new Event("resize"));
  } else if (target.closest("[data-nav-toggle]")) {
    toggleNavigation(root.dataset.nav !== "open");
  } else if (root.dataset.nav === "open" && !target.closest(".bv-rail")) {
    toggleNavigation(false);
  }
  if (target.closest("[data-theme-toggle]")) {
    const theme = root.dataset.theme === "dark" ? "light" : "dark";
    root.dataset.theme = theme;
    keep("bv-theme", theme);
  }
  for (const open of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]"))
    if (!open.contains(target)) open.open = false;
}

function onKey(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  if (root.dataset.nav === "open") {
    toggleNavigation(false);
    document.querySelector<HTMLElement>("[data-nav-toggle]")?.focus();
  }
  for (const open of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open]")) {
    const within = open.contains(document.activeElement);
    open.open = false;
    if (within) open.querySelector("summary")?.focus();
  }
}

/** Menus close on a click elsewhere and on Escape; `bv:theme` tells maps and charts to redraw. */
export function startFrame(): void {
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  new MutationObserver(() => document.dispatchEvent(new CustomEvent("bv:theme"))).observe(root, { attributeFilter: ["data-theme"] });
}
