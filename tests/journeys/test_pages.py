"""Every page template, at both sizes and in both themes: no axe violation, nothing wider than the window."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, PHONE

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
ACCOUNT = ["account/", "account/tokens/", "account/sessions/", "account/2fa/"]
PUBLIC = ["", "plans/measures/", "plans/money/"]


def visited() -> dict[str, list[str]]:
    """Every address below, by who visits it; `{measure}` stands for a measure's identifier."""
    work, shown = "/cockpit/valais-central/", "/valais-central/"
    public = [*PUBLIC, "plans/measures/{measure}/"]
    return {
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
    assert visit.axe() == []
    assert visit.overflow() <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_cockpit_pages(visit: Any, size: dict[str, int], scheme: str) -> None:
    one = visit(size, scheme=scheme)
    one.sign_in("administration")
    for path in COCKPIT:
        looked_at(one, one.platform.cockpit(path))
    one.page.goto(one.platform.cockpit("plans/measures/"))
    measure = one.page.locator("tr[data-id] a").first.evaluate("a => a.href")
    for path in MEASURE:
        looked_at(one, f"{measure}{path}")
    for path in ACCOUNT:
        looked_at(one, f"{one.platform.url}/{path}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_public_pages(visit: Any, size: dict[str, int], scheme: str) -> None:
    one = visit(size, scheme=scheme, locale="de-CH")
    for path in PUBLIC:
        looked_at(one, one.platform.portal(path))
    one.page.goto(one.platform.portal("plans/measures/"))
    looked_at(one, str(one.page.locator("tr[data-id] a").first.evaluate("a => a.href")))
    looked_at(one, f"{one.platform.url}/account/login/")
