"""The administrator brings a spreadsheet, decides, takes and undoes it: in a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE

HEAD = ["N° mes.", "Intitulé", "Maître d'ouvrage", "Coût (mio CHF)", "Début trvx", "X", "Y"]
DRAFT = re.compile(r"/plans/import/[0-9a-f-]{36}/(#.*)?$")


def workbook(folder: Path, mark: str) -> Path:
    """Two measures in the sheet of a town: one whose start cannot be read, one in francs among millions."""
    path = folder / f"mesures-{mark}.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Mesures")
    rows = [
        ["Projet d’agglomération, état des mesures"],
        HEAD,
        [f"{mark}-1", f"Passerelle {mark} sur le Rhône", "Sion", 4.86, "dès que possible", 2593900, 1120300],
        [f"{mark}-2", f"Zone de rencontre {mark}", "Sierre", 6350000, "03.2028", 2607400, 1126900],
        ["Total", None, None, 6350004.86],
    ]
    for line, row in enumerate(rows):
        sheet.write_row(line, 0, row)
    book.close()
    return path


def bring(visitor: Any, file: Path) -> Page:
    """Read `file` on the page of imports; the page of its draft."""
    page: Page = visitor.page
    page.goto(visitor.platform.cockpit("plans/import/"))
    page.locator("input[name=file]").set_input_files(file)
    page.locator("main form button.is-main").click()
    page.wait_for_url(DRAFT)
    return page


def decide_columns(page: Page) -> None:
    page.locator("input[name=vat][value=excluded]").check()
    page.locator("input[name=price_base]").fill("2025-10")
    page.locator("input[name=year]").fill("2028")
    page.locator("select[name=plan]").select_option("PA5")
    page.locator("input[name=crs][value='EPSG:2056']").check()
    page.locator(".si-save button").click()
    expect(page.locator("input[name=vat]:visible")).to_have_count(0)


def fix_rows(page: Page) -> None:
    page.locator("#l3 input[name=value]").fill("06.2028")
    page.locator("#l3 .si-dec button").first.click()
    expect(page.locator("#l3")).to_have_count(0)
    page.locator("#l4 button[value=fix]").click()
    expect(page.locator("#l4 .is-major")).to_have_count(0)


def test_an_administrator_brings_decides_takes_and_undoes(visit: Any, tmp_path: Path) -> None:
    admin = visit()
    admin.sign_in("administration")
    page = bring(admin, workbook(tmp_path, "JRN"))
    address = page.url
    expect(page.locator("#totals")).to_contain_text("rien ne peut être repris")
    expect(page.locator("#totals button")).to_have_count(0)
    decide_columns(page)
    expect(page.locator("#l3")).to_contain_text("dès que possible")
    fix_rows(page)
    expect(page.locator("#totals")).to_contain_text("11,21")
    page.locator("#totals button.is-main").click()
    expect(page.locator("h1")).to_contain_text("est reprise")
    page.goto(admin.platform.cockpit("plans/measures/?q=JRN"))
    expect(page.locator("tr[data-id]")).to_have_count(2)
    page.goto(str(page.locator("tr[data-id] a", has_text="Zone de rencontre JRN").evaluate("a => a.href")))
    expect(page.locator("main")).to_contain_text("6,35")
    expect(page.locator("#journal")).to_contain_text("mesures-JRN.xlsx")
    page.goto(address)
    page.locator("main form[action$='/undo/'] button").click()
    page.wait_for_url(re.compile(r"/plans/import/$"))
    page.goto(admin.platform.cockpit("plans/measures/?q=JRN"))
    expect(page.locator("tr[data-id]")).to_have_count(0)


def test_a_refused_answer_keeps_what_was_written(visit: Any, tmp_path: Path) -> None:
    admin = visit()
    admin.sign_in("administration")
    page = bring(admin, workbook(tmp_path, "KEP"))
    page.locator("input[name=crs][value='EPSG:2056']").check()
    page.locator("input[name=year]").fill("28")
    page.locator(".si-save button").click()
    expect(page.locator(".bv-toasts")).to_contain_text("année")
    expect(page.locator("input[name=year]")).to_have_value("28")
    expect(page.locator("input[name=crs][value='EPSG:2056']")).to_be_checked()
    # The refusal itself is what the browser notes.
    assert [error for error in admin.errors if "422" not in error] == []
    admin.errors.clear()
    page.locator(".bv-tabs a").first.click()
    page.wait_for_url(re.compile(r"/plans/import/[0-9a-f-]{36}/\?"))


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop-light", "phone-dark"]
)
def test_each_step_is_accessible_and_fits(
    visit: Any, tmp_path: Path, size: dict[str, int], scheme: str
) -> None:
    admin = visit(size, scheme=scheme)
    admin.sign_in("administration")

    def look() -> None:
        expect(admin.page.locator("h1").first).to_be_visible()
        assert admin.axe() == []
        assert admin.overflow() <= 0

    page = bring(admin, workbook(tmp_path, f"{'D' if size is DESKTOP else 'P'}{scheme[0]}"))
    address = page.url
    page.locator("#columns details").first.evaluate("one => one.open = true")
    look()
    decide_columns(page)
    look()
    fix_rows(page)
    look()
    page.locator("#totals button.is-main").click()
    expect(page.locator("main form[action$='/undo/']")).to_be_visible()
    look()
    page.goto(admin.platform.cockpit("plans/import/"))
    look()
    page.goto(address)
    page.locator("main form[action$='/undo/'] button").click()
    page.wait_for_url(re.compile(r"/plans/import/$"))
