/* The page of a device just put into service: its first value arrives without a touch. */
import { listen } from "../../../assets/shell/live.js";

const page = JSON.parse(document.getElementById("ob-page")!.textContent!) as { ticket: string; thing: number; part: string };
const values = document.getElementById("ob-values")!;
let reading = false;
let again = false;

/** Read the values anew; wishes that come meanwhile are one more reading. */
async function read(): Promise<void> {
  if (reading) return void (again = true);
  reading = true;
  try {
    const answer = await fetch(page.part, { credentials: "same-origin" });
    if (answer.ok) values.innerHTML = await answer.text();
  } catch {
    // told again, or read again, later
  }
  reading = false;
  if (again) {
    again = false;
    void read();
  }
}

listen({
  ticketUrl: page.ticket,
  things: [page.thing],
  onValues: () => void read(),
  onReset: () => void read(),
  onStatus: (status) => values.toggleAttribute("data-heard", status === "live"),
});
