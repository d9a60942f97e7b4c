/* What Django gives the script of alarms: addresses and words. */
import type { SoundWords } from "./_sound.js";

export interface AlarmPage {
  ticket: string;
  points: string;
  zone: string;
  told: string;
  live: string;
  waiting: string;
  // of the desk
  sounds?: SoundWords;
  below?: string;
}

export const page = JSON.parse(document.getElementById("al-page")?.textContent ?? "null") as AlarmPage | null;
export const every = <E extends HTMLElement>(what: string, root: ParentNode = document): E[] => [...root.querySelectorAll<E>(what)];
export const one = <E extends HTMLElement>(what: string, root: ParentNode = document): E | null => root.querySelector<E>(what);
