/* Runs in the head, before the first paint: no flash of the other theme, no jump of the rail. */
(() => {
  const root = document.documentElement;
  root.dataset.script = "";
  let theme: string | null = null;
  let rail: string | null = null;
  try {
    theme = localStorage.getItem("bv-theme");
    rail = localStorage.getItem("bv-rail");
  } catch {
    // Storage may be refused: the system's choice then rules.
  }
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    root.dataset.theme = theme === "dark" || theme === "light" ? theme : dark.matches ? "dark" : "light";
  };
  apply();
  dark.addEventListener("change", apply);
  if (innerWidth > 800 && (rail === "icons" || (rail !== "wide" && innerWidth < 1100))) root.dataset.rail = "icons";
})();
