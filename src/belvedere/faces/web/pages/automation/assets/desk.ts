/* The desk: its map follows the alarms, its clock goes, a new alarm shows a sign and may sound. */
import type { TerritoryMap } from "../../../assets/map/map.js";
import type { PointTable } from "../../../assets/map/points.js";
import { stayAwake } from "../../../assets/shell/fresh.js";
import { every, one, page } from "./_page.js";
import { isReady, keep, kept, play, sounding, told, wake, type Sounds } from "./_sound.js";

const CLOCK_MS = 5000;
const SIGN_MS = 12_000;
const AGAIN_MS = 60_000;

const wall = one("[data-desk].is-wall");
let map: TerritoryMap | null = null;

async function draw(): Promise<void> {
  if (!map || !page) return;
  try {
    const answer = await fetch(page.points, { headers: { Accept: "application/json" } });
    if (answer.ok && !answer.redirected) map.setPoints((await answer.json()) as PointTable, wall !== null); // nobody moves the map of a wall
  } catch {
    // the line is cut: drawn again with the next change
  }
}

/* ---- sounds: off first, kept by this browser, each with its sign */

let sounds: Sounds = kept();
const form = one<HTMLFormElement>("form[data-sounds]");

function showSounds(): void {
  const place = one("[data-sound]");
  if (!place || !page?.sounds) return;
  place.hidden = false;
  place.dataset.on = String(sounds.on && sounds.of.length > 0);
  one("[data-sound-said]")!.textContent = told(sounds, page.sounds, isReady(), document.documentElement.lang);
  if (!form) return;
  for (const box of form.querySelectorAll<HTMLInputElement>("input")) {
    if (box.name === "of") box.checked = sounds.of.includes(Number(box.value));
    else box.checked = box.name === "on" ? sounds.on : sounds.again;
  }
  form.querySelector("select")!.value = String(sounds.level);
}

function sign(severity: number): void {
  const place = one("[data-sounded]");
  if (!place || !page) return;
  place.lastElementChild!.textContent = page.told.replace("%(name)s", page.sounds?.names[severity] ?? "");
  place.className = `dk-sounded is-${severity}`;
  place.hidden = false;
  window.setTimeout(() => (place.hidden = true), SIGN_MS);
}

function tell(news: number[]): void {
  if (!news.length) return;
  sign(Math.max(...news));
  const worst = sounding(sounds, news);
  if (worst) play(worst, sounds.level);
}

form?.addEventListener("change", () => {
  const given = new FormData(form);
  sounds = { on: given.has("on"), of: given.getAll("of").map(Number).sort((a, b) => b - a), level: Number(given.get("level")), again: given.has("again") };
  keep(sounds);
  void (sounds.on ? wake() : Promise.resolve()).then(showSounds, showSounds);
});
form?.addEventListener("submit", (event) => event.preventDefault());
form?.addEventListener("click", (event) => {
  const severity = Number((event.target as Element).closest<HTMLElement>("[data-try]")?.dataset.try);
  if (!severity) return;
  void wake().then(() => {
    sign(severity);
    play(severity, sounds.level);
    showSounds();
  });
});
for (const gesture of ["pointerdown", "keydown"])
  document.addEventListener(gesture, () => {
    if (sounds.on && !isReady()) void wake().then(showSounds, () => undefined);
  });
setInterval(() => {
  if (sounds.again && one('.al-r[data-waits][data-severity="4"]') && sounding(sounds, [4])) {
    sign(4);
    play(4, sounds.level);
  }
}, AGAIN_MS);

/* ---- what the list holds beyond its end */

function below(): void {
  const rows = one("[data-rows]");
  const place = one("[data-below]");
  if (!rows || !place || !page?.below) return;
  const all = every(".al-r[data-id]", rows);
  const end = rows.getBoundingClientRect().bottom;
  const cut = all.filter((row) => row.getBoundingClientRect().bottom > end + 4).length;
  const more = cut + (wall ? Number(one("[data-fresh=total]")?.textContent ?? 0) - all.length : 0);
  place.textContent = page.below.replace("%(n)s", more.toLocaleString(document.documentElement.lang));
  place.hidden = more <= 0;
}

/* ---- start */

function tick(): void {
  const lang = document.documentElement.lang;
  for (const clock of every("[data-clock]")) clock.textContent = new Date().toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", timeZone: page!.zone });
}

document.addEventListener("bv:map-ready", (event) => {
  map = (event as CustomEvent<{ component: TerritoryMap }>).detail.component;
});
document.addEventListener("al:fresh", (event) => {
  void draw();
  tell((event as CustomEvent<{ news: number[] }>).detail.news);
  below();
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest("input, select, textarea, dialog")) return;
  if (event.key === "Escape") one("[data-leave]")?.click();
  else if (event.key === "g") one("#dk-map canvas")?.focus();
});
one("[data-rows]")?.addEventListener("scroll", below);
addEventListener("resize", below);
if (page) setInterval(tick, CLOCK_MS);
if (wall) stayAwake();
showSounds();
below();
