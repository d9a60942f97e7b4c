/* What an agent did, kept on the phone until the platform has it: in order, each once, only as the person who did it. */

export interface Act {
  id: string;
  person: string;
  intervention: string;
  act: string;
  at: string;
  after: string | null;
  data: Record<string, unknown>;
  content: string;
  seq?: number;
}
export interface Job {
  id: string;
  number: string;
  what: string;
  kind: string;
  urgency: string;
  level: string;
  state: string;
  details: string;
  skills: string;
  where: string;
  at: [number, number] | null;
  equipment: string;
  due: string | null;
  points: { position: number; words: string; at: string | null }[];
  photos: { id: string; caption: string; at: string; src?: string }[];
  parts: { words: string; quantity: string }[];
  minutes: number;
  remark: string;
  signed: string;
}
export interface Day {
  person: string;
  csrf: string;
  day: string;
  interventions: Job[];
  refused: { id: string; number: string; act: string; at: string; why: string }[];
}

let opened: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("belvedere-field", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("acts", { keyPath: "seq", autoIncrement: true });
      request.result.createObjectStore("kept"); // the day and the last act, by person
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function within<T>(stores: string[], mode: IDBTransactionMode, work: (transaction: IDBTransaction) => IDBRequest<T> | void): Promise<T> {
  const transaction = (await database()).transaction(stores, mode);
  return new Promise((resolve, reject) => {
    const request = work(transaction);
    transaction.oncomplete = () => resolve(request?.result as T);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

/** All acts on this phone, of whoever, the oldest first. */
export const waiting = (): Promise<Act[]> => within<Act[]>(["acts"], "readonly", (t) => t.objectStore("acts").getAll() as IDBRequest<Act[]>);
export const keptDay = (person: string): Promise<Day | undefined> => within<Day | undefined>(["kept"], "readonly", (t) => t.objectStore("kept").get(`day ${person}`) as IDBRequest<Day | undefined>);
export const keepDay = (day: Day): Promise<unknown> => within(["kept"], "readwrite", (t) => t.objectStore("kept").put(day, `day ${day.person}`));

/** Keep an act. Its place after the last one of this person is read and written in one transaction. */
export function keepAct(act: Omit<Act, "after" | "seq">): Promise<unknown> {
  return within(["acts", "kept"], "readwrite", (t) => {
    const kept = t.objectStore("kept");
    const last = kept.get(`last ${act.person}`) as IDBRequest<string | undefined>;
    last.onsuccess = () => {
      t.objectStore("acts").add({ ...act, after: last.result ?? null });
      kept.put(act.id, `last ${act.person}`);
    };
  });
}

const remove = (seq: number): Promise<unknown> => within(["acts"], "readwrite", (t) => t.objectStore("acts").delete(seq) as unknown as IDBRequest<undefined>);

export interface Links {
  day: string;
  act: string;
}

/** The day of who is signed in now; undefined without a network or without anybody signed in. */
export async function askDay(links: Links): Promise<Day | "signed out" | undefined> {
  try {
    const answer = await fetch(links.day, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (answer.status === 401 || answer.status === 403) return "signed out";
    if (!answer.ok || !answer.headers.get("Content-Type")?.includes("json")) return undefined;
    return (await answer.json()) as Day;
  } catch {
    return undefined;
  }
}

/** Send what `day.person` did, in order. Stops at the first act that does not get through; it stays kept. */
export async function send(links: Links, day: Day, sent: () => Promise<void>): Promise<void> {
  for (const act of await waiting()) {
    if (act.person !== day.person || act.seq === undefined) continue;
    const { seq, ...told } = act;
    try {
      const answer = await fetch(links.act, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": day.csrf },
        body: JSON.stringify(told),
      });
      if (!answer.ok) return; // kept: not yet its turn, not signed in any more, or the platform is away
      const said = (await answer.json()) as { outcome?: string };
      if (said.outcome !== "taken" && said.outcome !== "refused") return;
    } catch {
      return;
    }
    await remove(seq);
    await sent();
  }
}
