"""No page template without axe: each is visited by a journey, or named here with the reason why not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Route, ViewportSize, expect

from tests.journeys import (
    test_board,
    test_collaboration,
    test_coordination,
    test_crisis,
    test_exchange,
    test_field,
    test_import,
    test_live,
    test_onboarding,
    test_overview,
    test_pages,
    test_reach,
    test_reporting,
    test_resident,
    test_scenes,
    test_supervision,
    test_two_editors,
)
from tests.journeys.conftest import PHONE, ROOT, Platform
from tests.journeys.test_measures import MAP_MS

WEB = ROOT / "src" / "belvedere" / "faces" / "web"
EXTENDS = re.compile(r"{%-?\s*extends\s")
# Visited with axe by a test of its own, which makes what the page needs.
ELSEWHERE = {
    "overview/page.html": test_overview.test_what_to_decide_by_december,
    **dict.fromkeys(
        (
            "library/shared.html",
            "library/costs.html",
            "library/card.html",
            "library/share.html",
            "library/import.html",
        ),
        test_overview.test_the_library,
    ),
    **dict.fromkeys(
        (f"live/{name}.html" for name in ("things", "thing", "devices", "device", "register", "ledger")),
        test_pages.test_live_pages,
    ),
    "quality/board.html": test_pages.test_live_pages,
    "exchange/subscribers.html": test_exchange.test_an_integrator_subscribes_breaks_the_receiver_and_replays,
    **dict.fromkeys(
        ("live/public.html", "live/public_thing.html"),
        test_live.test_everyone_reads_what_is_measured_in_public,
    ),
    **dict.fromkeys(
        (f"automation/{name}.html" for name in ("alarms", "alarm", "desk", "rules", "rule", "rule_form")),
        test_live.test_from_a_rule_in_a_sentence_to_an_alarm_closed_with_a_proof,
    ),
    "duty/told.html": test_live.test_from_a_rule_in_a_sentence_to_an_alarm_closed_with_a_proof,
    **dict.fromkeys(
        (f"reach/{name}.html" for name in ("gateways", "choose", "new", "gateway", "mine")),
        test_reach.test_a_gateway_is_tested_and_a_number_proved_on_a_phone,
    ),
    "interventions/board.html": test_board.test_a_week_is_planned_on_the_board,
    "interventions/day.html": test_board.test_a_day_is_put_in_order,
    **dict.fromkeys(
        (f"interventions/{name}.html" for name in ("setup", "one", "field", "figures")),
        test_field.test_a_job_done_offline_reaches_the_office_with_its_proof,
    ),
    **dict.fromkeys(
        (
            *(f"equipment/{name}.html" for name in ("register", "piece", "form", "sheets", "sheet")),
            *(f"equipment/{name}.html" for name in ("contracts", "contract", "contract_form")),
            *(f"interventions/{name}.html" for name in ("list", "form")),
            *(f"commands/{name}.html" for name in ("list", "new", "one")),
            "duty/board.html",
            "automation/figures.html",
            "packs/packs.html",
            "packs/pack.html",
        ),
        test_supervision.test_pages_of_supervision,
    ),
    **dict.fromkeys(
        (
            *(f"scenes/{name}.html" for name in ("list", "scene", "edit", "override", "order")),
            *("scenes/ledger.html", "scenes/entry.html", "commands/limits.html"),
        ),
        test_scenes.test_a_street_follows_its_scene_and_a_hand,
    ),
    **dict.fromkeys(
        ("duty/choose.html", "duty/plan_form.html"),
        test_supervision.test_a_plan_of_climbing_level_by_level,
    ),
    **dict.fromkeys(
        (f"logbook/{name}.html" for name in ("list", "paper", "new", "strike", "shift")),
        test_supervision.test_a_shift_writes_strikes_prints_and_hands_over,
    ),
    **dict.fromkeys(
        (f"crisis/{name}.html" for name in ("choose", "plan_form", "plan")),
        test_crisis.test_a_flood_plan_is_written_and_changed,
    ),
    **dict.fromkeys(
        (
            *(f"crisis/{name}.html" for name in ("list", "declare", "crisis", "point_form", "points")),
            *(f"crisis/{name}.html" for name in ("new_task", "task", "phase", "roles", "hand", "end")),
            *(f"crisis/{name}.html" for name in ("timeline", "paper", "form_page")),
        ),
        test_crisis.test_a_crisis_is_declared_worked_in_the_rain_and_ended,
    ),
    **dict.fromkeys(("duty/edit.html", "duty/roster.html"), test_supervision.test_a_roster_of_three_weeks),
    **dict.fromkeys(
        ("coordination/conflicts.html", "coordination/pair.html", "territory/networks.html"),
        test_coordination.test_a_lead_coordinates_works_and_draws_along_the_road,
    ),
    **dict.fromkeys(
        (
            *(f"connections/{name}.html" for name in ("connections", "connection", "script", "reader")),
            *(f"connections/{name}.html" for name in ("new_source", "source", "files", "file", "file_taken")),
            *(f"onboarding/{name}.html" for name in ("onboard", "wait")),
        ),
        test_onboarding.test_a_device_is_put_into_service_on_a_phone,
    ),
    "plans/sheets/import.html": test_import.test_each_step_is_accessible_and_fits,
    "portal/mine.html": test_resident.test_a_resident_follows_a_work_site_and_gets_the_calendar,
    **dict.fromkeys(
        (
            f"collaboration/{name}.html"
            for name in ("inbox", "preferences", "views", "suggestions", "suggest")
        ),
        test_collaboration.test_two_people_talk_and_a_neighbour_has_a_measure_corrected,
    ),
    **dict.fromkeys(
        (
            f"reporting/{name}.html"
            for name in ("rounds", "new", "round", "checklist", "correct", "table", "schedule")
        ),
        test_reporting.test_a_round_from_its_opening_to_the_tables,
    ),
    **dict.fromkeys(
        ("plans/several.html", "plans/several_done.html", "plans/translations.html"),
        test_two_editors.test_two_people_edit_the_same_measure_and_both_keep_their_work,
    ),
}
# Template -> why no browser opens it. Keep it empty if you can.
EXEMPT: dict[str, str] = {}


def page_templates() -> set[str]:
    """Every template of the product that is a whole page, or the frame of one: those that extend another."""
    return {
        path.as_posix().rpartition("/templates/")[2]
        for path in WEB.rglob("templates/**/*.html")
        if EXTENDS.search(path.read_text(encoding="utf-8"))
    }


@pytest.fixture(scope="module")
def aside(platform: Platform, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """See tests/journeys/aside.py: pages as JSON, and the templates of all pages visited."""
    asked = tmp_path_factory.mktemp("aside") / "asked.json"
    asked.write_text(json.dumps({"logins": platform.logins, "live": test_pages.visited()}), encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("BELVEDERE_", "DJANGO_"))}
    environment |= {
        "BELVEDERE_HOME": str(platform.home),
        "BELVEDERE_ADDRESS": platform.url.removeprefix("http://"),
    }
    words = [sys.executable, "-m", "tests.journeys.aside", str(asked)]
    done = subprocess.run(words, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    given: dict[str, Any] = json.loads(done.stdout)
    return given


def test_each_page_template_is_visited_or_exempt(aside: dict[str, Any]) -> None:
    pages = page_templates()
    assert "plans/measures.html" in pages
    seen = set(aside["templates"]) | set(ELSEWHERE)
    assert sorted(pages - seen - set(EXEMPT)) == [], "add it to a journey with axe"
    assert sorted(set(EXEMPT) & seen) == [], "visited: no longer exempt"
    assert sorted((set(EXEMPT) | set(ELSEWHERE)) - pages) == [], "no such template"


def answer(html: str, route: Route) -> None:
    # With the status 200: the browser would note a refusal as a fault of the page.
    route.fulfill(status=200, content_type="text/html; charset=utf-8", body=html)


def test_pages_rendered_aside(visit: Any, aside: dict[str, Any]) -> None:
    """Errors, entrance, second factor, invitation, several territories, nothing yet."""
    one = visit()
    page = one.page
    faults: dict[str, list[str]] = {}
    # The second territory is gone again: its map has no outlines to fetch.
    empty = json.dumps({"type": "FeatureCollection", "features": []})
    page.route(
        "**/haut-lac/**/*.json*", lambda route: route.fulfill(content_type="application/json", body=empty)
    )
    for name, given in aside["pages"].items():
        address = f"{one.platform.url}{given['path']}"

        page.route(address, partial(answer, given["html"]), times=1)
        page.goto(address)
        expect(page.locator("h1").first).to_be_visible()
        # Pages of a few words: once with axe, and narrow.
        page.set_viewport_size(ViewportSize(width=PHONE["width"], height=PHONE["height"]))
        found = one.axe()
        if (wide := one.overflow()) > 0:
            found.append(f"{wide} px too wide")
        if found:
            faults[name] = found
        page.unroute(address)
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)


def choices(platform: Platform) -> Iterator[str]:
    """The measures, in each view with a measure chosen."""
    for view in ("map", "table"):
        yield platform.cockpit(f"plans/measures/?view={view}")
    yield platform.portal("plans/measures/?view=map")


def test_measures_in_each_view_with_a_selection(visit: Any) -> None:
    one = visit()
    one.sign_in("administration")
    page = one.page
    page.goto(one.platform.cockpit("plans/measures/?view=table"))
    chosen = page.locator("tr[data-id]").first.get_attribute("data-id")
    faults: dict[str, list[str]] = {}
    for address in choices(one.platform):
        page.goto(f"{address}&sel={chosen}")
        expect(page.locator("#pm-panel a[href*='/plans/measures/']").first).to_be_attached()
        if "view=table" not in address:
            expect(page.locator("[data-map][data-ready]")).to_be_attached(timeout=MAP_MS)
        if found := one.faults():
            faults[address] = found
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)
