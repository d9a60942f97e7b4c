/* A job as it stands once what waits on the phone is counted in. */
import type { Act, Job } from "./_queue.js";

const MOVES: Record<string, string> = { accept: "accepted", depart: "on_the_way", arrive: "on_site", finish: "done", give_back: "planned" };

/** The job after these acts, without changing it. */
export function after(job: Job, acts: Act[]): Job {
  const now: Job = structuredClone(job);
  for (const one of acts.filter((act) => act.intervention === job.id)) {
    const data = one.data;
    now.state = MOVES[one.act] ?? now.state;
    if (one.act === "tick" || one.act === "untick") {
      const point = now.points.find((p) => p.position === data["position"]);
      if (point) point.at = one.act === "tick" ? one.at : null;
    } else if (one.act === "add_photo") now.photos.push({ id: one.id, caption: String(data["caption"] ?? ""), at: one.at, src: `data:image/jpeg;base64,${one.content}` });
    else if (one.act === "note_time") now.minutes += Number(data["minutes"]);
    else if (one.act === "note_part") now.parts.push({ words: String(data["words"]), quantity: String(data["quantity"]) });
    else if (one.act === "remark") now.remark = `${now.remark}\n${String(data["text"])}`.trim();
    else if (one.act === "sign") now.signed = String(data["name"]);
  }
  return now;
}

/** A photo as JPEG in base64, at most `most` pixels long: what a phone takes weighs ten times more. */
export async function small(file: Blob, most = 1600): Promise<string> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, most / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return canvas.toDataURL("image/jpeg", 0.8).split(",")[1] ?? "";
}

/** Where the phone is, if it says so within five seconds. */
export function spot(): Promise<[number, number] | null> {
  return new Promise((resolve) => {
    if (!("geolocation" in navigator)) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      (at) => resolve([at.coords.longitude, at.coords.latitude]),
      () => resolve(null),
      { timeout: 5000, maximumAge: 60_000 },
    );
  });
}
