"""Every page: no axe violation on a desk in light or on a phone in dark, nothing wider than either window."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE

COCKPIT = [
    "plans/measures/",
    "plans/money/",
    "plans/money/lines/?year=2028",
    "plans/measures/new/",
    "plans/import/",
    "territory/",
    "access/",
    "journal/",
]
MEASURE = [
    "",
    "edit/estimate/",
    "edit/spending/",
    "edit/funding/",
    "edit/site/",
    "edit/texts/",
    "edit/phase/",
    "edit/implementation/",
    "edit/dates/",
    "edit/plan/",
    "edit/import-sites/",
    "edit/milestone/",
    "edit/risk/",
    "edit/effect/",
]
# {owner} and {vote}: identifiers, see test_outlook_pages.
OUTLOOK = [
    "plans/outlook/?all",
    "plans/outlook/prices/",
    "plans/outlook/{owner}/",
    "plans/outlook/{owner}/ceilings/",
    "plans/outlook/{owner}/votes/",
    "plans/outlook/{owner}/votes/{vote}/",
    "plans/outlook/{owner}/explain/net/2028/",
    "plans/outlook/{owner}/measures/",
]
# A page, and what is clicked on it to come to the one that is looked at.
LIVE = {
    "quality/": "",
    "things/": "",
    "things/?view=table": "tr[data-id] a",
    "devices/": "",
    "devices/?q=demo": "th.is-title a",
    "devices/new/": "",
    "messages/?period=week": "",
}
ACCOUNT = ["account/", "account/tokens/", "account/sessions/", "account/2fa/"]
PUBLIC = [
    "",
    "plans/measures/",
    "plans/money/",
    "works/?q=sion",
    "works/?lon=7.36&lat=46.233&r=2000",
    "works/follow/",
    "works/confirm/x/",
]


def visited() -> dict[str, list[str]]:
    """Every address below, by who visits it; with what stands in braces for an identifier."""
    work, shown = "/cockpit/valais-central/", "/valais-central/"
    public = [*PUBLIC, "plans/measures/{measure}/"]
    return {
        "finances.sion": [f"{work}{path}" for path in OUTLOOK],
        "administration": [
            *(f"{work}{path}" for path in COCKPIT),
            *(f"{work}plans/measures/{{measure}}/{path}" for path in MEASURE),
            *(f"/{path}" for path in ACCOUNT),
        ],
        "": [*(f"{shown}{path}" for path in public), "/account/login/"],
    }


def looked_at(visit: Any, address: str) -> None:
    answer = visit.page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    expect(visit.page.locator("h1").first).to_be_visible()
    assert visit.faults() == [], address


def test_cockpit_pages(visit: Any) -> None:
    one = visit()
    one.sign_in("administration")
    for path in COCKPIT:
        looked_at(one, one.platform.cockpit(path))
    one.page.goto(one.platform.cockpit("plans/measures/?view=table"))
    measure = one.page.locator("tr[data-id] a").first.evaluate("a => a.href")
    for path in MEASURE:
        looked_at(one, f"{measure}{path}")
    for path in ACCOUNT:
        looked_at(one, f"{one.platform.url}/{path}")


def test_outlook_pages(visit: Any) -> None:
    """The money of an owner, its ceilings, prices and votes; each loaded once."""
    one = visit()
    one.sign_in("finances.sion")
    page = one.page
    page.goto(one.platform.cockpit("plans/outlook/"))
    owner = page.url.rstrip("/").rpartition("/")[2]
    page.goto(f"{page.url}votes/")
    vote = str(page.locator("tbody a").last.evaluate("a => a.href")).rstrip("/").rpartition("/")[2]
    faults: dict[str, list[str]] = {}
    for path in OUTLOOK:
        page.goto(one.platform.cockpit(path.replace("{owner}", owner).replace("{vote}", vote)))
        expect(page.locator("h1").first).to_be_visible()
        if found := one.faults():
            faults[path] = found
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)


def test_live_pages(visit: Any) -> None:
    """Things, devices and their messages, with a thing and a device; each loaded once."""
    one = visit()
    one.sign_in("administration")
    page = one.page
    faults: dict[str, list[str]] = {}
    for path, title in LIVE.items():
        page.goto(one.platform.cockpit(f"live/{path}"))
        if title:
            page.locator(title).first.click()
        expect(page.locator("h1").first).to_be_visible()
        if found := one.faults():
            faults[path + title] = found
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)


def test_public_pages(visit: Any) -> None:
    one = visit(PHONE, scheme="dark", locale="de-CH")
    for path in PUBLIC:
        looked_at(one, one.platform.portal(path))
    one.page.goto(one.platform.portal("plans/measures/"))
    looked_at(one, str(one.page.locator("tr[data-id] a").first.evaluate("a => a.href")))
    looked_at(one, f"{one.platform.url}/account/login/")
