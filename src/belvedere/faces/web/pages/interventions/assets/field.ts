/* The phone page of an agent. All is drawn from what is kept on the phone; acts go into a queue and are sent in order. */
import { after, small, spot } from "./_job.js";
import { askDay, keepAct, keepDay, keptDay, send, waiting, type Act, type Day, type Job, type Links } from "./_queue.js";

const read = <T>(id: string): T => JSON.parse(document.getElementById(id)?.textContent ?? "{}") as T;
const texts = read<Record<string, string>>("fd-texts");
const urls = read<Links & { worker: string; scope: string; photo: string }>("fd-urls");
const root = document.getElementById("fd") as HTMLElement;
const main = document.getElementById("main") as HTMLElement;
const net = document.getElementById("fd-net") as HTMLElement;
let person = root.dataset["person"] ?? "";
let day: Day | undefined;
let acts: Act[] = [];
let reached = navigator.onLine;
let signedOut = false;
let busy = false;
let again = false;

const text = (name: string, values: Record<string, string | number> = {}): string => (texts[name] ?? name).replace(/\{(\w+)\}/g, (whole, key: string) => (key in values ? String(values[key]) : whole));
const time = (at: string): string => new Date(at).toLocaleTimeString(texts["language"], { hour: "2-digit", minute: "2-digit" });
const moment = (at: string): string => new Date(at).toLocaleString(texts["language"], { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

type Child = Node | string | null | undefined | false;
function el(tag: string, attributes: Record<string, string> = {}, ...children: Child[]): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((one): one is Node | string => Boolean(one)));
  return made;
}
function icon(name: string): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.setAttribute("class", "bv-i");
  made.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.documentElement.dataset["static"] ?? ""}icons.svg#${name}`);
  made.append(use);
  return made;
}
function button(label: Child[], does: () => void, cls = "fd-b"): HTMLElement {
  const made = el("button", { type: "button", class: cls }, ...label);
  made.addEventListener("click", does);
  return made;
}

/* what is done */
async function act(job: Job, name: string, data: Record<string, unknown> = {}, content = ""): Promise<void> {
  try {
    await keepAct({ id: crypto.randomUUID(), person, intervention: job.id, act: name, at: new Date().toISOString(), data, content });
  } catch {
    alert(text("full"));
    return;
  }
  acts = await waiting();
  draw();
  void sync();
}

/** Ask who is signed in, send what that person did, read the day anew. One at a time. */
async function sync(): Promise<void> {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  const found = await askDay(urls);
  reached = found !== undefined;
  signedOut = found === "signed out";
  if (found !== undefined && found !== "signed out") {
    person = found.person;
    let changed = false;
    await send(urls, found, async () => {
      changed = true;
      acts = await waiting();
      drawNet();
    });
    const fresh = changed ? await askDay(urls) : found;
    day = fresh !== undefined && fresh !== "signed out" && fresh.person === person ? fresh : found;
    await keepDay(day);
  }
  acts = await waiting();
  busy = false;
  // What stands there is left alone: who writes or signs loses neither the field nor the pen.
  if (!typing() && state() !== drawnFrom) draw();
  else drawNet();
  if (again) {
    again = false;
    void sync();
  }
}
const typing = (): boolean => {
  const at = document.activeElement;
  return (at instanceof HTMLInputElement && at.type !== "checkbox" && at.type !== "file") || at instanceof HTMLTextAreaElement || drawing;
};

/* what is shown */
function drawNet(): void {
  const mine = acts.filter((one) => one.person === person).length;
  const others = acts.length - mine;
  net.className = mine || !reached ? "fd-net is-waiting" : "fd-net";
  const said = !reached ? [text("offline"), mine ? text("kept", { count: mine }) : ""] : [mine ? text("waiting", { count: mine }) : text("online"), signedOut ? text("signIn") : ""];
  if (others) said.push(text("other", { count: others }));
  net.replaceChildren(icon(reached ? (mine ? "cloud-up" : "cloud-check") : "cloud-off"), el("p", {}, said.filter(Boolean).join(" ")));
}
const state = (): string => JSON.stringify([day, acts.map((one) => one.id), person, reached, location.hash]);
let drawnFrom = "";
function draw(): void {
  drawnFrom = state();
  drawNet();
  const mine = acts.filter((one) => one.person === person);
  const jobs = (day?.interventions ?? []).map((job) => after(job, mine));
  const at = jobs.findIndex((job) => job.id === location.hash.slice(1));
  const kept = scrollY;
  const old = new Map([...main.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("[name]")].map((one) => [one.name, one.value]));
  const job = jobs[at];
  main.replaceChildren(...(job ? [drawJob(job, at, jobs.length)] : drawDay(jobs)));
  for (const one of main.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("[name]")) if (shown === job?.id) one.value = old.get(one.name) ?? one.value;
  if (shown === job?.id) scrollTo(0, kept);
  shown = job?.id;
}
let shown: string | undefined;

function drawDay(jobs: Job[]): Node[] {
  const list = el("ul", { class: "fd-jobs" });
  for (const job of jobs)
    list.append(
      el("li", {}, button([el("span", {}, level(job), el("b", {}, job.what), el("small", {}, [job.number, stateOf(job), job.where || job.equipment].filter(Boolean).join(" · ")), job.due && el("small", {}, text("due", { when: moment(job.due) }))), icon("chevron-right")], () => (location.hash = job.id), "")),
    );
  const bad = day?.refused ?? [];
  return [
    el("section", { class: "fd-s is-first" }, el("h1", {}, text("title")), day && el("small", {}, new Date(`${day.day}T12:00`).toLocaleDateString(texts["language"], { weekday: "long", day: "numeric", month: "long" }))),
    ...(bad.length ? [el("section", { class: "fd-bad" }, el("h2", {}, text("refused")), el("ul", {}, ...bad.map((one) => el("li", {}, `${one.number} ${one.act}, ${moment(one.at)}. ${one.why}`))))] : []),
    jobs.length ? list : el("div", { class: "fd-empty" }, el("h2", {}, text("none")), el("p", {}, text("noneText"))),
  ];
}
const stateOf = (job: Job): string => text(job.state === "done" ? "doneState" : job.state);
const level = (job: Job): HTMLElement => el("span", { class: `fd-level is-${job.level}` }, icon(job.level === "critical" ? "alert-octagon" : job.level === "major" ? "alert-triangle" : "info-circle"), job.urgency);

function drawJob(job: Job, at: number, all: number): HTMLElement {
  const back = button([icon("arrow-left")], () => (location.hash = ""), "fd-back");
  back.setAttribute("aria-label", text("back"));
  const open = job.state === "on_site";
  const working = ["accepted", "on_the_way", "on_site", "done"].includes(job.state);
  const made = el("div", {},
    el("header", { class: "fd-top" }, back, el("p", {}, el("b", {}, job.number), el("span", {}, text("of", { at: at + 1, all })))),
    el("section", { class: "fd-s is-first" }, level(job), el("h1", {}, job.what), el("p", { class: "fd-where" }, [job.where, job.equipment].filter(Boolean).join(" · ")), el("small", {}, [stateOf(job), job.kind, job.due ? text("due", { when: moment(job.due) }) : "", job.skills].filter(Boolean).join(" · ")), job.at && el("a", { class: "fd-b", href: `geo:${job.at[1]},${job.at[0]}` }, icon("map-pin"), text("route"))),
    job.details && el("section", { class: "fd-know" }, el("h2", {}, text("know")), el("p", {}, job.details)),
  );
  if (job.points.length) made.append(points(job, open));
  if (working) made.append(photos(job), material(job));
  if (open || job.signed) made.append(signature(job, open));
  if (["dispatched", "accepted", "on_the_way", "on_site"].includes(job.state)) made.append(giveBack(job));
  const next = ({ dispatched: ["accept"], accepted: ["arrive", "depart"], on_the_way: ["arrive"], on_site: ["finish"] } as Record<string, string[]>)[job.state] ?? [];
  if (next.length) made.append(end(job, next));
  return made;
}
const section = (title: string, note: string, ...inside: Child[]): HTMLElement => el("section", { class: "fd-s" }, el("header", {}, el("h2", {}, title), note && el("span", {}, note)), ...inside);

function points(job: Job, open: boolean): HTMLElement {
  const list = el("ul", { class: "fd-points" });
  for (const one of job.points) {
    const box = el("input", { type: "checkbox" }) as HTMLInputElement;
    box.checked = one.at !== null;
    box.disabled = !open;
    box.addEventListener("change", () => void act(job, box.checked ? "tick" : "untick", { position: one.position }));
    list.append(el("li", {}, el("label", {}, box, el("span", {}, one.words, one.at && el("small", {}, time(one.at))))));
  }
  return section(text("todo"), text("done", { done: job.points.filter((one) => one.at).length, all: job.points.length }), list);
}
function photos(job: Job): HTMLElement {
  const list = el("ul", { class: "fd-photos" });
  for (const one of job.photos) list.append(el("li", {}, el("img", { src: one.src ?? `${urls.photo}${job.id}/photos/${one.id}/`, alt: one.caption || text("photos") }), el("small", {}, [one.caption, time(one.at), one.src ? text("pending") : ""].filter(Boolean).join(", "))));
  const caption = el("input", { name: "caption", maxlength: "200", autocomplete: "off" }) as HTMLInputElement;
  const file = el("input", { type: "file", accept: "image/*", capture: "environment", "aria-label": text("addPhoto") }) as HTMLInputElement;
  file.addEventListener("change", () => void (async () => {
    const chosen = file.files?.[0];
    if (!chosen) return;
    const said = caption.value.trim();
    caption.value = "";
    try {
      const [content, here] = await Promise.all([small(chosen), spot()]);
      await act(job, "add_photo", { caption: said, spot: here }, content);
    } catch {
      alert(text("badPhoto"));
    }
  })());
  return section(text("photos"), "", list, el("label", { class: "fd-field" }, text("caption"), caption), el("span", { class: "fd-b fd-file" }, icon("camera"), text("addPhoto"), file));
}
function field(name: string, label: string, attributes: Record<string, string> = {}, tag = "input"): [HTMLElement, HTMLInputElement] {
  const input = el(tag, { name, autocomplete: "off", ...attributes }) as HTMLInputElement;
  return [el("label", { class: "fd-field" }, label, input), input];
}
function material(job: Job): HTMLElement {
  const [minutes, minutesIn] = field("minutes", text("minutes"), { inputmode: "numeric" });
  const [part, partIn] = field("part", text("part"), { maxlength: "200" });
  const [quantity, quantityIn] = field("quantity", text("quantity"), { inputmode: "decimal", value: "1" });
  const [remark, remarkIn] = field("remark", text("remark"), { rows: "3", maxlength: "5000" }, "textarea");
  const note = button([icon("check"), text("note")], () => void (async () => {
    const worked = Number(minutesIn.value);
    const used = partIn.value.trim();
    const many = quantityIn.value.trim() || "1";
    const said = remarkIn.value.trim();
    for (const one of [minutesIn, partIn, remarkIn]) one.value = "";
    if (Number.isInteger(worked) && worked > 0) await act(job, "note_time", { minutes: worked });
    if (used) await act(job, "note_part", { words: used, quantity: many });
    if (said) await act(job, "remark", { text: said });
  })());
  const list = job.parts.length > 0 && el("ul", { class: "fd-parts" }, ...job.parts.map((one) => el("li", {}, `${one.quantity} × ${one.words}`)));
  return section(text("material"), job.minutes ? text("worked", { count: job.minutes }) : "", list, job.remark && el("p", {}, job.remark), el("div", { class: "fd-pair" }, part, quantity), minutes, remark, note);
}

let drawing = false;
function signature(job: Job, open: boolean): HTMLElement {
  if (!open || job.signed) return section(text("signature"), "", el("p", {}, text("signed", { name: job.signed })));
  const canvas = el("canvas", { class: "fd-sign", width: "600", height: "240", role: "img", "aria-label": text("signHere") }) as HTMLCanvasElement;
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  let drawn = false;
  const spotOf = (event: PointerEvent): [number, number] => [(event.offsetX * canvas.width) / canvas.clientWidth, (event.offsetY * canvas.height) / canvas.clientHeight];
  pen.lineWidth = 4;
  pen.lineCap = pen.lineJoin = "round";
  pen.strokeStyle = "#1d2624";
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drawing = drawn = true;
    pen.beginPath();
    pen.moveTo(...spotOf(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!event.buttons && event.pointerType === "mouse") return;
    pen.lineTo(...spotOf(event));
    pen.stroke();
  });
  const [name, nameIn] = field("signer", text("signName"), { maxlength: "200" });
  const clear = button([text("clear")], () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    drawing = drawn = false;
  });
  const keep = button([icon("check"), text("signDone")], () => {
    if (!nameIn.value.trim()) return nameIn.focus();
    drawing = false;
    void act(job, "sign", { name: nameIn.value.trim() }, drawn ? (canvas.toDataURL("image/png").split(",")[1] ?? "") : "");
  });
  return section(text("signature"), text("optional"), el("small", {}, text("signHere")), canvas, name, el("div", { class: "fd-pair" }, keep, clear));
}
function giveBack(job: Job): HTMLElement {
  const [why, whyIn] = field("why", text("giveBackWhy"), { maxlength: "2000" });
  const go = button([text("send")], () => (whyIn.value.trim() ? void act(job, "give_back", { text: whyIn.value.trim() }) : whyIn.focus()));
  return el("section", { class: "fd-s" }, el("details", {}, el("summary", { class: "fd-b" }, text("giveBack")), why, go));
}
function end(job: Job, next: string[]): HTMLElement {
  const left = job.points.filter((one) => !one.at).length;
  const made = el("div", { class: "fd-end" });
  let noteIn: HTMLInputElement | undefined;
  if (next[0] === "finish" && left) {
    const [note, input] = field("note", text("finishWhy", { count: left }), { maxlength: "2000" });
    noteIn = input;
    made.append(note);
  }
  for (const name of next)
    made.append(
      button(
        name === next[0] ? [el("span", {}, text(name), el("small", {}, text(reached ? "sendNow" : "sendLater"))), icon("cloud-up")] : [text(name)],
        () => {
          if (name === "finish" && noteIn && !noteIn.value.trim()) return noteIn.focus();
          void act(job, name, name === "finish" && noteIn ? { note: noteIn.value.trim() } : {});
        },
        name === next[0] ? "fd-go" : "fd-b",
      ),
    );
  return made;
}

async function start(): Promise<void> {
  day = await keptDay(person);
  acts = await waiting();
  draw();
  await sync();
  if ("serviceWorker" in navigator) {
    await navigator.serviceWorker.register(urls.worker, { scope: urls.scope });
    const ready = await navigator.serviceWorker.ready;
    const made = performance.getEntriesByType("resource").map((one) => one.name).filter((name) => new URL(name).pathname.startsWith("/static/"));
    ready.active?.postMessage({ keep: [location.origin + urls.scope, ...new Set(made)] });
  }
}
addEventListener("hashchange", () => {
  draw();
  scrollTo(0, 0);
});
addEventListener("online", () => void sync());
addEventListener("offline", () => {
  reached = false;
  drawNet();
});
document.addEventListener("visibilitychange", () => !document.hidden && void sync());
setInterval(() => acts.length && void sync(), 20_000); // a network that is there does not always say so
void start();
