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
    if (letter) {
      c.font = '700 15px "Inter Variable", system-ui, sans-serif';
      c.fillText(letter.slice(0, 1), 17, 16.5);
    } else {
      c.beginPath();
      c.arc(17, 16, 5, 0, 7);
      c.fill();
    }
  });
}

/** The picture called `marker:<theme>:<letter>:<about>` or `pin:<theme>:<letter>`, or null for another name. */
export function picture(name: string): Picture | null {
  const [kind, , letter = "", about] = name.split(":");
  if (kind === "marker") return marker(letter, about === "1");
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
