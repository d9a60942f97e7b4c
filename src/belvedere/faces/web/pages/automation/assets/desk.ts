/* The desk: its map follows the alarms, its clock goes, a new alarm may sound. */
import type { TerritoryMap } from "../../../assets/map/map.js";
import type { PointTable } from "../../../assets/map/points.js";
import { every, one, page } from "./_page.js";

const CLOCK_MS = 5000;
const SOUND = "belvedere.alarm-sound";

let map: TerritoryMap | null = null;

async function draw(): Promise<void> {
  if (!map || !page) return;
  try {
    const answer = await fetch(page.points, { headers: { Accept: "application/json" } });
    if (answer.ok) map.setPoints((await answer.json()) as PointTable);
  } catch {
    // the line is cut: drawn again with the next change
  }
}

/* ---- sound: off first, kept by this browser */

function kept(): boolean {
  try {
    return localStorage.getItem(SOUND) === "on";
  } catch {
    return false;
  }
}

let player: AudioContext | null = null;
function sound(): void {
  player ??= new AudioContext();
  const at = player.currentTime;
  for (const [n, pitch] of [880, 660].entries()) {
    const tone = player.createOscillator();
    const level = player.createGain();
    tone.frequency.value = pitch;
    level.gain.setValueAtTime(0.0001, at + n * 0.22);
    level.gain.exponentialRampToValueAtTime(0.25, at + n * 0.22 + 0.02);
    level.gain.exponentialRampToValueAtTime(0.0001, at + n * 0.22 + 0.2);
    tone.connect(level).connect(player.destination);
    tone.start(at + n * 0.22);
    tone.stop(at + n * 0.22 + 0.21);
  }
}

const button = one<HTMLButtonElement>("[data-sound]");
function showSound(): void {
  if (!button || !page) return;
  const on = kept();
  button.setAttribute("aria-pressed", String(on));
  button.querySelector("span")!.textContent = page.sound[on ? 0 : 1];
}
if (button) {
  button.hidden = false;
  showSound();
  button.addEventListener("click", () => {
    try {
      localStorage.setItem(SOUND, kept() ? "off" : "on");
    } catch {
      return;
    }
    showSound();
    if (kept()) sound(); // how it sounds; and browsers only let pages sound that were pressed once
  });
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
  if ((event as CustomEvent<{ news: number }>).detail.news && kept()) sound();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") one("[data-leave]")?.click();
});
if (page) setInterval(tick, CLOCK_MS);
