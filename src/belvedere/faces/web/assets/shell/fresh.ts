/* Says since when a page that reads itself anew could not, in its [data-stale]: nobody works from an old picture
 * without knowing it. */

export interface Freshness {
  /** The page has just been read. */
  read(): void;
  /** Look whether that is too long ago. A page that nobody looked at reads itself first once it is seen again. */
  check(): void;
}

const CHECK_MS = 5000;

/** `mostMs`: how long a page may go without being read; `clock`: milliseconds since 1970. */
export function freshness(mostMs: number, zone?: string, clock: () => number = Date.now): Freshness {
  let last = clock();
  let unseen = 0;
  return {
    read() {
      last = clock();
      this.check();
    },
    check() {
      if (document.hidden) unseen = clock();
      const place = document.querySelector<HTMLElement>("[data-stale]");
      if (!place) return;
      const isStale = clock() - Math.max(last, unseen) > mostMs;
      if (isStale === !place.hidden) return;
      const since = place.querySelector("[data-stale-since]");
      if (since) since.textContent = new Date(last).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", ...(zone ? { timeZone: zone } : {}) });
      place.hidden = !isStale;
    },
  };
}

/** The same, looked at again and again. */
export function watched(mostMs: number, zone?: string): Freshness {
  const made = freshness(mostMs, zone);
  setInterval(() => made.check(), CHECK_MS);
  return made;
}

/** Readings of a page one after the other: what is asked for while one is on its way is read once after it, so
 * that no older answer takes the place of a newer one. `all`: whether any of those who asked wants all of it. */
export function inTurn(read: (all: boolean) => Promise<void>): (all?: boolean) => Promise<void> {
  let busy = false;
  let wanted: boolean | null = null;
  return async (all = true) => {
    wanted = wanted || all;
    if (busy) return;
    busy = true;
    try {
      while (wanted !== null) {
        const now: boolean = wanted;
        wanted = null;
        await read(now);
      }
    } finally {
      busy = false;
    }
  };
}

/** A screen on a wall does not go dark, where the browser can see to that. */
export function stayAwake(): void {
  const ask = () => {
    if (!document.hidden) void navigator.wakeLock?.request("screen").catch(() => undefined); // refused: as the screen is set
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}
