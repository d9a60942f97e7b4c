/* Marker pictures, drawn when the map first asks for them, in the colours of the theme. */

const SCALE = 2;

/** The theme now; it is part of a picture's name, so that both themes' pictures can be kept. */
export const theme = (): string => document.documentElement.dataset.theme ?? "light";

const kept = new Map<string, string>();

/** A colour of the design tokens, as the page shows it now. Kept: asking the page makes it lay itself out. */
export function token(name: string): string {
  const key = `${theme()} ${name}`;
  let value = kept.get(key);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    kept.set(key, value);
  }
  return value;
}

export interface Picture {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

function draw(width: number, height: number, paint: (c: CanvasRenderingContext2D) => void): Picture | null {
  const canvas = document.createElement("canvas");
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  const c = canvas.getContext("2d");
  if (!c) return null;
  c.scale(SCALE, SCALE);
  c.lineJoin = "round";
  c.textAlign = "center";
  c.textBaseline = "middle";
  paint(c);
  return c.getImageData(0, 0, canvas.width, canvas.height);
}

/** A filled, B outlined, C faint; a dashed ring where the position stands for a whole place. */
function marker(letter: string, about: boolean): Picture | null {
  const ink = token("--bv-ink");
  const surface = token("--bv-surface");
  const faint = token("--bv-line-input");
  return draw(26, 26, (c) => {
    c.translate(13, 13);
    if (about) {
      c.beginPath();
      c.arc(0, 0, 11.5, 0, 7);
      c.strokeStyle = ink;
      c.lineWidth = 1.2;
      c.setLineDash([2.4, 2.4]);
      c.stroke();
      c.setLineDash([]);
    }
    const r = letter === "A" ? 8 : letter === "B" ? 7.5 : letter ? 7 : 5.5;
    c.beginPath();
    c.arc(0, 0, r + 1.5, 0, 7);
    c.fillStyle = surface;
    c.fill();
    c.beginPath();
    c.arc(0, 0, r, 0, 7);
    c.fillStyle = letter === "A" || !letter ? ink : surface;
    c.fill();
    if (letter && letter !== "A") {
      c.lineWidth = letter === "B" ? 1.7 : 1.2;
      c.strokeStyle = letter === "B" ? ink : faint;
      c.stroke();
    }
    if (letter) {
      c.font = '700 10.5px "Inter Variable", system-ui, sans-serif';
      c.fillStyle = letter === "A" ? surface : ink;
      c.fillText(letter.slice(0, 1), 0, 0.6);
    }
  });
}

/** A stop of a way, `#3`: its place in the order. */
function stop(place: string): Picture | null {
  return draw(28, 28, (c) => {
    c.translate(14, 14);
    for (const [r, colour] of [[13, "--bv-surface"], [11.5, "--bv-brand"]] as const) {
      c.beginPath();
      c.arc(0, 0, r, 0, 7);
      c.fillStyle = token(colour);
      c.fill();
    }
    c.font = `700 ${place.length > 2 ? 9.5 : 12}px "Inter Variable", system-ui, sans-serif`;
    c.fillStyle = token("--bv-brand-ink");
    c.fillText(place, 0, 0.8);
  });
}

/** The outline of a kind of thing around the origin, about as large as a circle of radius `r`. */
function outline(c: CanvasRenderingContext2D, shape: string, r: number): void {
  const corners: Record<string, number[]> = {
    square: [45, 135, 225, 315],
    diamond: [0, 90, 180, 270],
    hexagon: [30, 90, 150, 210, 270, 330],
    triangle: [30, 150, 270],
  };
  c.beginPath();
  const turns = corners[shape];
  if (!turns) c.arc(0, 0, r, 0, 7);
  else {
    const reach = shape === "hexagon" ? r * 1.1 : r * 1.22;
    const down = shape === "triangle" ? r * 0.2 : 0;
    turns.forEach((turn, at) => {
      const angle = (turn * Math.PI) / 180;
      c[at ? "lineTo" : "moveTo"](Math.cos(angle) * reach, Math.sin(angle) * reach + down);
    });
    c.closePath();
  }
}

/** A thing of the live territory, `~shape.state`: outlined, filled when somebody should look, dashed when silent. */
function sign(name: string): Picture | null {
  const [shape = "", state = ""] = name.slice(1).split(".");
  const surface = token("--bv-surface");
  const loud = state === "alarm" || state === "watch";
  const strong = state === "alarm" ? token("--bv-critical") : state === "watch" ? token("--bv-warn") : state === "silent" ? token("--bv-ink-3") : token("--bv-ink-2");
  return draw(34, 34, (c) => {
    c.translate(17, 17);
    outline(c, shape, 9.5);
    c.fillStyle = surface;
    c.fill();
    outline(c, shape, 8);
    c.fillStyle = state === "alarm" ? strong : state === "watch" ? token("--bv-warn-soft") : surface;
    c.fill();
    c.strokeStyle = strong;
    c.lineWidth = loud ? 2.2 : 1.6;
    if (state === "silent") c.setLineDash([2.2, 2.2]);
    c.stroke();
    c.setLineDash([]);
    if (!loud && state !== "silent") {
      c.beginPath();
      c.arc(0, shape === "triangle" ? 1.4 : 0, 2.1, 0, 7);
      c.fillStyle = strong;
      c.fill();
    }
    if (!loud) return;
    // A badge that says it without the colour: a disc for an alarm, a triangle for what is to be watched.
    c.translate(8.5, -8.5);
    outline(c, state === "alarm" ? "circle" : "triangle", 6.4);
    c.fillStyle = strong;
    c.fill();
    c.strokeStyle = surface;
    c.lineWidth = 1.4;
    c.stroke();
    c.fillStyle = surface;
    c.font = '800 9px "Inter Variable", system-ui, sans-serif';
    c.fillText("!", 0, state === "alarm" ? 0.6 : 1.4);
  });
}

/** Several things: how many, and an arc for each state that is not normal: alarm, then watch, then silent. */
function ring(all: number, alarm: number, watch: number, silent: number): Picture | null {
  const r = all >= 1000 ? 21 : all >= 100 ? 18 : all >= 10 ? 15.5 : 13;
  const side = Math.ceil(r * 2 + 6);
  const width = 3.2;
  return draw(side, side, (c) => {
    c.translate(side / 2, side / 2);
    const arc = (from: number, to: number, colour: string, dashed = false): void => {
      c.beginPath();
      c.arc(0, 0, r - width / 2, from, to);
      c.strokeStyle = colour;
      c.lineWidth = width;
      if (dashed) c.setLineDash([2.2, 2]);
      c.stroke();
      c.setLineDash([]);
    };
    c.beginPath();
    c.arc(0, 0, r + 1.6, 0, 7);
    c.fillStyle = token("--bv-surface");
    c.fill();
    arc(0, 7, token("--bv-line-strong"));
    let at = -Math.PI / 2;
    for (const [n, colour, dashed] of [[alarm, "--bv-critical", false], [watch, "--bv-warn", false], [silent, "--bv-ink-2", true]] as const) {
      if (!n) continue;
      // A few among many are still seen.
      const reach = Math.max(0.3, (n / all) * Math.PI * 2);
      arc(at, at + reach, token("--bv-surface"));
      arc(at, at + reach - 0.06, token(colour), dashed);
      at += reach;
    }
    c.font = '650 12px "Inter Variable", system-ui, sans-serif';
    c.fillStyle = token("--bv-ink");
    c.fillText(all.toLocaleString(document.documentElement.lang), 0, 0.8);
  });
}

/** The chosen thing: a pin in the accent colour, point down. */
function pin(letter: string): Picture | null {
  return draw(34, 44, (c) => {
    c.beginPath();
    c.arc(17, 16, 14, Math.PI * 0.82, Math.PI * 0.18);
    c.quadraticCurveTo(25, 31, 17, 42.5);
    c.quadraticCurveTo(9, 31, 3.2, 24);
    c.closePath();
    c.fillStyle = token("--bv-map-select");
    c.fill();
    c.lineWidth = 2;
    c.strokeStyle = token("--bv-surface");
    c.stroke();
    c.fillStyle = token("--bv-surface");
    if (letter && !letter.startsWith("~")) {
      c.font = '700 15px "Inter Variable", system-ui, sans-serif';
      c.fillText(letter.startsWith("#") ? letter.slice(1) : letter.slice(0, 1), 17, 16.5);
    } else {
      c.beginPath();
      c.arc(17, 16, 5, 0, 7);
      c.fill();
    }
  });
}

/** The picture called `marker:<theme>:<letter>:<about>`, `pin:<theme>:<letter>` or
 * `ring:<theme>:<all>:<in alarm>:<to watch>:<silent>`, or null for another name.
 * A letter that begins with a tilde is a thing and its state: `~square.alarm`; with a hash, a stop of a way: `#3`. */
export function picture(name: string): Picture | null {
  const [kind, , letter = "", about, ...more] = name.split(":");
  if (kind === "ring") return ring(Number(letter), Number(about), Number(more[0]), Number(more[1]));
  if (kind === "marker" && letter.startsWith("#")) return stop(letter.slice(1));
  if (kind === "marker") return letter.startsWith("~") ? sign(letter) : marker(letter, about === "1");
  if (kind === "pin") return pin(letter);
  return null;
}

export const pixelRatio = SCALE;

let fonts: Promise<void> | undefined;

/** The map writes labels with fonts named by weight; they are the page's own files under another name. */
export function loadFonts(base: string): Promise<void> {
  const face = (name: string, file: string, style: string) => new FontFace(name, `url(${base}fonts/${file}.woff2)`, { weight: "100 900", style });
  fonts ??= Promise.all(
    [face("BV Map Regular", "inter-latin-wght-normal", "normal"), face("BV Map Semibold", "inter-latin-wght-normal", "normal"), face("BV Map Italic", "inter-latin-wght-italic", "italic")].map(async (f) => {
      document.fonts.add(await f.load());
    }),
  ).then(
    () => undefined,
    () => undefined, // without the fonts the map writes with the system's
  );
  return fonts;
}
