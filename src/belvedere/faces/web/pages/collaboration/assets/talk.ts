// Mentions: the list of names is fetched once somebody wants it; a chosen name goes where the words are.

async function names(section: HTMLElement): Promise<void> {
  const list = document.getElementById("cv-people");
  const url = section.dataset["people"];
  if (!list || !url || list.dataset["filled"]) return;
  list.dataset["filled"] = "1";
  const answer = await fetch(url, { headers: { "HX-Request": "true" } });
  if (answer.ok) list.innerHTML = await answer.text();
  else delete list.dataset["filled"];
}

function mention(field: HTMLInputElement): void {
  const words = document.getElementById(field.dataset["mention"] ?? "");
  const chosen = field.value.trim();
  const known = [...document.querySelectorAll<HTMLOptionElement>("#cv-people option")].some(
    (option) => option.value === chosen,
  );
  if (!known || !(words instanceof HTMLTextAreaElement)) return;
  const before = words.value.slice(0, words.selectionStart);
  const gap = before === "" || /\s$/.test(before) ? "" : " ";
  words.setRangeText(`${gap}${chosen} `, words.selectionStart, words.selectionEnd, "end");
  field.value = "";
  words.dispatchEvent(new Event("input", { bubbles: true }));
  words.focus();
}

document.addEventListener("focusin", (event) => {
  const section = (event.target as Element).closest<HTMLElement>(".cv-talk");
  if (section) void names(section);
});

document.addEventListener("input", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.dataset["mention"]) mention(event.target);
});
