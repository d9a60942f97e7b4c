"""A German-speaking project lead does her day in German, and no French or English word of ours shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from belvedere.project import i18n
from tests.journeys.conftest import Visit

TITRE, TITEL = "Abri à vélos du Clavoz", "Veloparkplätze Clavoz"
WHY = "Der Generalrat beschliesst erst im Herbst."
SAID = "Die Eigentümerin ist einverstanden."
MEASURE = re.compile(r"/plans/measures/[0-9a-f-]{36}/(\?saved=\d+)?(#.*)?$")
HOLE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
LEAST = 8  # letters around the holes, below which a text could be anything
SEEN = 20  # French texts of the overview that must be found before its German ones are believed
MONTHS = re.compile(r"\b(janvier|février|avril|juin|juillet|août|septembre|octobre|novembre|décembre)\b")
# What the page says to a German reader: contents in another language say so themselves, and are left out.
COLLECT = """() => {
  const found = [];
  const say = (where, text) => {
    text = (text || '').replace(/\\s+/g, ' ').trim();
    if (text) found.push([where, text]);
  };
  const german = (one) => (one.closest('[lang]') || document.documentElement).lang.startsWith('de');
  for (const one of document.body.querySelectorAll('*')) {
    if (/^(SCRIPT|STYLE|TEMPLATE|NOSCRIPT|TEXTAREA)$/.test(one.tagName) || !german(one)) continue;
    for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'data-label'])
      if (one.hasAttribute(name)) say(name, one.getAttribute(name));
    for (const node of one.childNodes) if (node.nodeType === 3) say(one.tagName.toLowerCase(), node.data);
    const whole = /^(H[1-6]|BUTTON|LABEL|LEGEND|TH|DT|SUMMARY|OPTION|P|SMALL|A)$/.test(one.tagName);
    if (whole && one.children.length && [...one.querySelectorAll('[lang]')].every(german))
      say(one.tagName.toLowerCase(), one.textContent);
  }
  say('title', document.title.split(' · ')[0]);
  return found;
}"""


def plain(text: str) -> str:
    """A text as a page shows it: without marks, each space one space."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text.replace("%%", "%"))).strip()


@dataclass
class Texts:
    """Texts of one language, to recognise them with their holes filled."""

    whole: set[str] = field(default_factory=set)
    shapes: list[re.Pattern[str]] = field(default_factory=list)

    def add(self, text: str) -> None:
        text = plain(text)
        if not HOLE.search(text):
            self.whole.add(text)
        elif sum(map(str.isalpha, HOLE.sub("", text))) >= LEAST:
            self.shapes.append(re.compile(".+?".join(re.escape(part) for part in HOLE.split(text))))

    def has(self, text: str) -> bool:
        return text in self.whole or any(shape.fullmatch(text) for shape in self.shapes)


def strings(message: Any) -> list[str]:
    return [part for part in (message if isinstance(message, tuple | list) else [message]) if part]


@dataclass
class Catalogue:
    """What the platform says in German, and what it says to others and differs from that."""

    german: Texts = field(default_factory=Texts)
    other: Texts = field(default_factory=Texts)
    known: dict[str, bool] = field(default_factory=dict)

    def leaks(self, text: str) -> bool:
        if text not in self.known:
            self.known[text] = (
                any(map(str.isalpha, text)) and self.other.has(text) and not self.german.has(text)
            )
        return self.known[text]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    made = Catalogue()
    for area in i18n.AREAS:
        french = i18n.read(area, "fr")
        for message in i18n.read(area, "de"):
            if not message.id:
                continue
            single = message.id[0] if isinstance(message.id, tuple | list) else message.id
            said = french.get(single, message.context)
            own = strings(message.string)
            for text in own:
                made.german.add(text)
            for text in strings(message.id) + strings(said.string if said else ""):
                if text not in own:
                    made.other.add(text)
    return made


@dataclass
class Reader:
    """A visit whose every page is read for words that are not German."""

    visit: Visit
    catalogue: Catalogue
    leaks: dict[str, set[str]] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        return self.visit.page

    def go(self, path: str) -> None:
        self.page.goto(self.visit.platform.cockpit(path))
        self.read(path)

    def read(self, name: str) -> None:
        expect(self.page.locator("html")).to_have_attribute("lang", "de")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        found = self.leaks.setdefault(name, set())
        for where, text in self.page.evaluate(COLLECT):
            if self.catalogue.leaks(plain(text)) or (
                where in ("h1", "h2", "h3", "time", "th") and MONTHS.search(text)
            ):
                found.add(f"{where}: {text}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()


def make(one: Reader) -> str:
    """A measure of her own, known in French only; gives its address."""
    page = one.page
    one.go("plans/measures/new/")
    page.get_by_label(re.compile(r"^Titel \(Français\)")).fill(TITRE)
    one.press("Erstellen")
    page.wait_for_url(MEASURE)
    one.read("a new measure")
    return page.url.partition("#")[0].partition("?")[0]


def move_a_phase(one: Reader, address: str) -> None:
    page = one.page
    page.goto(f"{address}edit/dates/")
    one.read("edit/dates/")
    page.get_by_label("Bauprojekt, heutige Prognose, von", exact=True).fill("2040-04-01")
    page.get_by_label("Bauprojekt, heutige Prognose, bis", exact=True).fill("2041-03-31")
    page.locator("[name=reason]").fill(WHY)
    one.press("Speichern")
    page.wait_for_url(MEASURE)
    expect(page.locator("#journal")).to_contain_text(WHY)
    one.read("a measure with dates")


def comment(one: Reader) -> None:
    page = one.page
    page.get_by_label("Ihr Kommentar", exact=True).fill(SAID)
    one.press("Kommentar senden")
    expect(page.locator(".cv-comment").last).to_contain_text(SAID)
    one.read("a measure with a comment")


def look_at_a_bulk_change(one: Reader) -> None:
    page = one.page
    one.go("plans/measures/several/?q=Clavoz")
    page.get_by_label("Prognosetermine verschieben", exact=True).check()
    page.get_by_label(re.compile(r"^Monate \(ein Minus für früher\)")).fill("3")
    one.press("Sehen, was sich ändert")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 Massnahme ändert sich")
    expect(page.get_by_text("Noch ist nichts gespeichert.")).to_be_visible()
    one.read("several, looked at")


def give_the_german_title(one: Reader, address: str) -> None:
    page = one.page
    one.go("plans/translations/?to=de")
    row = page.locator(".pq-tr-list > li").filter(has=page.locator("blockquote", has_text=TITRE))
    row.get_by_role("textbox").fill(TITEL)
    row.get_by_role("button", name="Speichern", exact=True).click()
    done = page.locator(".pq-tr-list > li.is-done").filter(has_text=TITEL)
    expect(done.get_by_role("status")).to_have_text("Der Text ist gespeichert.")
    one.read("translations, given")
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(TITEL)


def confirm_one_measure(one: Reader) -> None:
    page = one.page
    one.go("reporting/")
    asked = page.locator("tr", has_text="Rapport annuel").filter(has_not_text="abgeschlossen")
    asked.get_by_role("link", name=re.compile("^Ihre Liste")).click()
    title = page.get_by_role("heading", level=1)
    expect(title).to_contain_text(re.compile(r"\d+ Massnahmen zu bestätigen"))
    one.read("reporting/tasks/")
    before = title.inner_text()
    page.get_by_role("button", name=re.compile("^Das stimmt")).first.click()
    expect(title).not_to_have_text(before)
    expect(page.locator(".rp-lines > li:not(.is-waiting)").first).to_contain_text("Bestätigt")
    one.read("reporting/tasks/, one confirmed")


def test_a_lead_does_it_all_in_german(visit: Any, catalogue: Catalogue) -> None:
    one = Reader(visit(), catalogue)
    one.visit.sign_in("projet.sierre")
    one.page.goto(one.visit.platform.cockpit(""))
    one.page.evaluate("document.documentElement.lang = 'de'")
    one.read("in French")
    assert len(one.leaks.pop("in French")) > SEEN, "the French page is seen through"
    one.page.locator("button[name=language][value=de]").first.click()
    one.read("overview")
    expect(one.page.get_by_role("heading", level=1)).to_contain_text(re.compile("Entscheid"))
    address = make(one)
    move_a_phase(one, address)
    comment(one)
    look_at_a_bulk_change(one)
    give_the_german_title(one, address)
    confirm_one_measure(one)
    one.go("reporting/schedule/")
    expect(one.page.locator(".rp-gantt svg").first).to_be_attached()
    one.go("plans/measures/?q=Clavoz")
    leaks = [f"{name}: {text}" for name, found in one.leaks.items() for text in sorted(found)]
    assert not leaks, "\n".join(leaks)
