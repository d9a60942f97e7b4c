/* The form that puts a device into service: what the model asks for, the camera, the place. */
import type { Map as LibreMap, MapMouseEvent } from "maplibre-gl";

const form = document.querySelector<HTMLFormElement>(".ob-form")!;
const asks = JSON.parse(document.getElementById("ob-asks")!.textContent!) as Record<string, string>;
const model = form.elements.namedItem("model") as HTMLSelectElement;
const key = form.elements.namedItem("key") as HTMLInputElement;
const geometry = form.elements.namedItem("geometry") as HTMLInputElement;
const find = <E extends HTMLElement>(selector: string): E => form.querySelector<E>(selector)!;

/** Only what this model needs; what holds an error stays. */
function show(): void {
  const wanted = asks[model.value] || model.value;
  for (const one of form.querySelectorAll<HTMLElement>("[data-ob-for]")) one.hidden = !one.dataset.obFor!.split(" ").includes(wanted);
}
model.addEventListener("change", show);
show();

/* The camera, where the browser reads codes. */
interface Detector {
  detect(from: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
const Detecting = (window as unknown as { BarcodeDetector?: new (wish: { formats: string[] }) => Detector }).BarcodeDetector;
const said = find<HTMLElement>("[data-ob-said]");
const video = find<HTMLVideoElement>(".ob-video");

async function scan(): Promise<void> {
  let stream: MediaStream | undefined;
  try {
    const detector = new Detecting!({ formats: ["qr_code", "data_matrix"] });
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    video.srcObject = stream;
    video.hidden = false;
    said.textContent = said.dataset.seek!;
    await video.play();
    for (;;) {
      const [found] = await detector.detect(video);
      if (found) {
        key.value = found.rawValue;
        said.textContent = said.dataset.found!;
        key.focus();
        return;
      }
      await new Promise((next) => setTimeout(next, 150));
      if (!stream.active) return;
    }
  } catch {
    said.textContent = said.dataset.none!;
  } finally {
    video.hidden = true;
    video.srcObject = null;
    for (const track of stream?.getTracks() ?? []) track.stop();
  }
}
if (Detecting && "mediaDevices" in navigator) {
  const offer = find<HTMLElement>("[data-ob-scan]");
  offer.hidden = false;
  offer.querySelector("button")!.addEventListener("click", () => void scan());
}

/* The place: tapped, or where the phone is. */
type Point = [longitude: number, latitude: number];
const where = find<HTMLElement>("[data-ob-where]");
let map: LibreMap | undefined;

function data(): GeoJSON.FeatureCollection {
  const features = geometry.value ? [{ type: "Feature", properties: {}, geometry: JSON.parse(geometry.value) as GeoJSON.Point } as const] : [];
  return { type: "FeatureCollection", features: [...features] };
}

function draw(): void {
  if (!map) return;
  const source = map.getSource("ob");
  if (source) return void (source as unknown as { setData(of: GeoJSON.FeatureCollection): void }).setData(data());
  map.addSource("ob", { type: "geojson", data: data() });
  const colour = getComputedStyle(document.documentElement).getPropertyValue("--bv-brand").trim() || "#174a7c";
  map.addLayer({ id: "ob", type: "circle", source: "ob", paint: { "circle-radius": 10, "circle-color": colour, "circle-stroke-width": 3, "circle-stroke-color": "#ffffff" } });
}

function put([longitude, latitude]: Point): void {
  geometry.value = JSON.stringify({ type: "Point", coordinates: [Number(longitude.toFixed(7)), Number(latitude.toFixed(7))] });
  geometry.dispatchEvent(new Event("input", { bubbles: true }));
  where.textContent = where.dataset.set!;
  draw();
}

document.getElementById("ob-map")!.addEventListener("bv:map-ready", (event) => {
  map = (event as CustomEvent<{ map: LibreMap }>).detail.map;
  map.on("click", (at: MapMouseEvent) => put([at.lngLat.lng, at.lngLat.lat]));
  draw();
});

if ("geolocation" in navigator) {
  const offer = find<HTMLElement>("[data-ob-here]");
  offer.hidden = false;
  offer.querySelector("button")!.addEventListener("click", () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        put([coords.longitude, coords.latitude]);
        map?.jumpTo({ center: [coords.longitude, coords.latitude], zoom: Math.max(map.getZoom(), 15) });
      },
      () => (where.textContent = where.dataset.none!),
      { enableHighAccuracy: true, timeout: 15_000 },
    ),
  );
}
