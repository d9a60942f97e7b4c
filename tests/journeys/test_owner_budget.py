"""The finance officer of Sion: why a year exceeds its ceiling, what a delay loses, the vote, the files."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

from playwright.sync_api import Locator, Page, expect
from python_calamine import CalamineWorkbook

from tests.journeys.conftest import PHONE

BUS = re.compile("Bus à haut niveau de service")
OUTLOOK = re.compile(r"/plans/outlook/[0-9a-f-]{36}/$")
SCENARIO = "Bus deux ans plus tard"


def owner(visit: Any, who: str, **chosen: Any) -> Page:
    """Sign in and open what one's own commune has to budget."""
    officer = visit(**chosen)
    officer.sign_in(who)
    officer.page.goto(officer.platform.cockpit("plans/outlook/"))
    officer.page.wait_for_url(OUTLOOK)
    page: Page = officer.page
    return page


def number(text: str) -> Decimal:
    """The number that a cell shows, without its spaces."""
    return Decimal(re.sub(r"\s", "", text).replace("−", "-").replace(",", ".") or 0)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile(f"^{name}")))


def shown(page: Page) -> dict[str, dict[str, Decimal]]:
    """The summary on the page: row → column → thousands of francs."""
    table = page.get_by_role("table", name=re.compile("^Montants par année"))
    heads, *rows = table.locator("tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return {
        cells[0].replace("\n", " "): dict(zip(heads[1:], map(number, cells[1:]), strict=True))
        for cells in rows
        if len(cells) == len(heads) and re.fullmatch(r"[\d\s−-]+", cells[-2] or "0")
    }


def why(page: Page, year: str) -> None:
    """The year above the ceiling, opened into the measures that make it up."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        re.compile(rf"dépasse son plafond en.*{year}")
    )
    at = page.get_by_role("columnheader").all_inner_texts().index(year) - 1
    margin = row(page, "Marge sous le plafond").get_by_role("cell").nth(at)
    assert number(margin.inner_text()) < 0
    cell = row(page, "Net à charge de Sion").get_by_role("cell").nth(at)
    thousands = number(cell.inner_text())
    cell.get_by_role("link").click()
    dialog = page.get_by_role("dialog", name=re.compile(rf"Net à charge de Sion, {year}"))
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("link", name=BUS)).to_be_visible()
    amounts = dialog.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => row.lastElementChild.innerText)"
    )
    total = dialog.locator("tfoot td").last.inner_text()
    assert len(amounts) > 5
    assert sum(map(number, amounts)) == number(total.replace("CHF", ""))
    assert abs(number(total.replace("CHF", "")) / 1000 - thousands) <= Decimal("0.5")
    dialog.get_by_role("button", name="Fermer").click()
    expect(dialog).to_have_count(0)


def slip(page: Page, years: int) -> None:
    """Choose the bus measure and move its slider."""
    page.get_by_role("textbox", name="Mesure").fill("bus à haut")
    expect(page.locator("#po-finds li")).to_have_count(1)  # the list of all is over
    page.get_by_role("listitem").get_by_role("link", name=BUS).first.click()
    page.wait_for_url(re.compile(r"[?&]measure="))
    slider = page.get_by_role("slider", name="Décaler")
    slider.focus()
    for _year in range(years):
        slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile(rf"^\+{years}\sans$"))
    bar = page.get_by_role("region", name="Scénario")
    expect(bar.get_by_role("status").filter(has_text=re.compile(rf"^\+{years}\sans$"))).to_be_visible()
    expect(bar).to_contain_text("1 mesure modifiée")
    expect(bar.locator("summary", has_text="Enregistrer")).to_be_visible()


def effects(page: Page) -> Locator:
    return page.get_by_role("status").filter(has_text="Aide perdue")


def lose_and_mend(page: Page) -> None:
    """Three years lose the federal share; two keep it."""
    slip(page, 3)
    expect(effects(page)).to_contain_text(re.compile(r"Aide perdue\s*6,9"))
    expect(effects(page)).to_contain_text(
        re.compile(r"travaux en 2033, délai de Confédération suisse 31\.12\.2032")
    )
    effects(page).get_by_role("link", name=re.compile(r"\+2\sans la garde")).click()
    expect(effects(page)).to_contain_text(re.compile(r"Aide perdue\s*aucune"))
    expect(effects(page)).to_contain_text("Toutes les échéances sont tenues")
    expect(page.get_by_role("slider", name="Décaler")).to_have_value("2")


def save(page: Page) -> None:
    page.locator("summary", has_text="Enregistrer").click()
    page.get_by_label("Nom", exact=True).fill(SCENARIO)
    page.get_by_role("button", name="Enregistrer comme scénario").click()
    page.wait_for_url(re.compile(r"[?&]scenario="))
    expect(page.get_by_role("region", name=SCENARIO)).to_be_visible()


def cast(page: Page) -> None:
    page.get_by_label("Titre", exact=True).fill("Budget 2027")
    page.get_by_label("Qui a voté", exact=True).fill("Conseil général de Sion")
    page.get_by_role("button", name="Consigner le vote").click()


def refused_then_voted(page: Page, errors: list[str]) -> None:
    """No vote while something left the last one without a reason."""
    page.get_by_role("link", name="Votes", exact=True).click()
    page.wait_for_url(re.compile("/votes/"))
    cast(page)
    expect(page.get_by_role("heading", name="Le vote n’est pas consigné")).to_be_visible()
    expect(page.get_by_label("Titre", exact=True)).to_have_value("Budget 2027")  # kept
    # The refusal itself is what the browser notes.
    assert [error for error in errors if "409" not in error] == []
    errors.clear()
    page.get_by_role("link", name="Écrire les motifs").click()
    reasons = page.get_by_role("textbox", name=re.compile("^Pourquoi"))
    expect(page.get_by_text("motif manquant").first).to_be_visible()
    bus = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=BUS))
    expect(bus).to_contain_text("jours plus tard")
    while left := reasons.count():
        reasons.first.fill("Remis à l’enquête après une opposition, séance du 17 novembre")
        page.get_by_role("button", name="Garder le motif").first.click()
        expect(reasons).to_have_count(left - 1)
    expect(bus).to_contain_text("Remis à l’enquête après une opposition")
    page.get_by_role("link", name="Votes", exact=True).first.click()
    page.wait_for_url(re.compile("/votes/(\\?|$)"))
    cast(page)
    page.wait_for_url(re.compile(r"/votes/[0-9a-f-]{36}/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Budget 2027")
    expect(page.get_by_text("Inchangé depuis le vote")).to_be_visible()
    expect(page.locator("main")).to_contain_text(SCENARIO)


def written(page: Page, name: str) -> bytes:
    """What a link of the page downloads."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return waiting.value.path().read_bytes()


def files(page: Page) -> None:
    """The workbook's stored values are those of the page; the report is a PDF with pages."""
    on_page = shown(page)
    book = CalamineWorkbook.from_filelike(io.BytesIO(written(page, "Tableur")))
    _title, _of, _kind, _blank, heads, *rows = book.get_sheet_by_name("Synthèse").to_python()
    compared = 0
    for label, cells in ((str(cells[1]), cells) for cells in rows):
        for head, value in zip(heads, cells, strict=True):
            if label in on_page and str(head) in on_page[label] and isinstance(value, float):
                assert abs(on_page[label][str(head)] - Decimal(str(value)) / 1000) <= Decimal("0.5"), (
                    label,
                    head,
                )
                compared += 1
    assert compared > 60
    pdf = written(page, "Rapport à imprimer")
    assert pdf.startswith(b"%PDF")
    pages = re.search(rb"/Type ?/Pages ?/Count (\d+)", pdf)
    assert pages
    assert int(pages[1]) >= 2


def test_an_officer_finds_simulates_votes_and_exports(visit: Any) -> None:
    officers: list[Any] = []

    def kept(**chosen: Any) -> Any:
        officers.append(visit(**chosen))
        return officers[-1]

    page = owner(kept, "finances.sion")
    (officer,) = officers
    assert officer.axe() == []
    why(page, "2028")
    lose_and_mend(page)
    save(page)
    refused_then_voted(page, officer.errors)
    assert officer.axe() == []
    page.goto(officer.platform.cockpit("plans/outlook/"))
    files(page)


def test_an_officer_weighs_a_delay_on_a_phone(visit: Any) -> None:
    page = owner(visit, "finances.sion", size=PHONE)
    year = page.get_by_role("listitem").filter(has=page.locator("summary", has_text="2028"))
    year.locator("summary").click()
    expect(year.get_by_role("definition").first).to_be_visible()
    lose_and_mend(page)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_officer_of_another_commune_is_refused(visit: Any) -> None:
    """They open their own commune's, and only that."""
    of_sion = owner(visit, "finances.sion").url
    page = owner(visit, "projet.sierre")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sierre")
    for address in (of_sion, f"{of_sion}ceilings/", f"{of_sion}votes/", f"{of_sion}export.xlsx"):
        assert page.context.request.get(address).status == 403
    expect(page.get_by_role("link", name=re.compile("^Sion$"))).to_have_count(0)
