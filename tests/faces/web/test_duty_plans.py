"""Plans of climbing on their page: written level by level, read back, changed by two, refused."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from belvedere.domains.duty import public as duty
from belvedere.domains.duty.models import Plan
from belvedere.domains.duty.public import Channel, LevelBody, PlanBody, Target, Whom
from belvedere.kernel.severity import Severity
from tests.domains.automation.examples import container
from tests.domains.duty.test_climbing import plan, roster
from tests.faces.web.test_duty_pages import HERE, browser, said
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db


def given(**members: Any) -> dict[str, Any]:
    """A plan as the form sends it: at once those who look after alarms, after a quarter their heads."""
    return {
        "name": "Astreinte eau",
        "severities": ["4", "3"],
        "repeat_min": "30",
        "quiet_most": "0",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
        "level": ["0", "1"],
        "l0-after": "0",
        "l0-whom": ["handlers"],
        "l0-channels": ["mail"],
        "l1-after": "15",
        "l1-whom": ["heads", "governors"],
        "l1-channels": ["mail", "inbox"],
        **members,
    }


def sent(client: Client, path: str, data: dict[str, Any], status: int) -> str:
    answer = client.post(HERE + path, data)
    assert answer.status_code == status, answer.content
    return html.unescape(" ".join(answer.content.decode().split()))


def test_a_plan_is_written_read_back_and_removed(valbelle: Valbelle, people: People) -> None:
    on_duty = roster(valbelle.montaigu.pk, people.contributor.pk)
    container(valbelle.montaigu.pk)
    lead = browser(people, "lead")
    assert lead.get(f"{HERE}plans/new/").headers["Location"] == f"{HERE}plans/new/{valbelle.montaigu.pk}/"
    path = f"plans/new/{valbelle.montaigu.pk}/"
    page = said(lead, path)
    assert f'value="roster:{on_duty}" id="id_l0-whom_0" checked' in page, "who is on duty is told first"
    data = given(kinds=["waste-container"])
    data["l0-whom"] = [f"roster:{on_duty}"]
    data["l1-people"] = [f"person:{people.lead.pk}"]
    sentences = (
        "For alarms that are critical and major, of these things: containers",
        "At once: who is on duty by the roster “Piquet”, by e-mail",
        "After 15 min without anybody: its managers and administrators, the administrators "
        "of the territory and Lead, by e-mail and in the platform",
        "Again every 30 min until somebody acknowledges",
    )
    read = sent(lead, path, {**data, "read": "1"}, 200)
    preview = sent(lead, path, {**data, "act": "preview"}, 200)
    for one in sentences:
        assert one in preview and one in read
    assert "<h1" not in preview
    assert not Plan.objects.exists(), "read, not saved"
    assert sent(lead, path, {**data, "save": "1"}, 302) == ""
    (kept,) = duty.plans(people.actor("lead"), valbelle.territory.pk)
    assert kept.kinds == ("waste-container",) and kept.severities == (Severity.CRITICAL, Severity.MAJOR)
    assert kept.body.levels[1] == LevelBody(
        15,
        (Whom(Target.HEADS), Whom(Target.GOVERNORS), Whom(Target.PERSON, people.lead.pk)),
        (Channel.MAIL, Channel.INBOX),
    )
    board = said(browser(people, "reader"))
    assert all(one in board for one in sentences) and "where no plan holds" in board
    assert "Change" not in board and f"plans/{kept.id}/change/" in said(lead)
    assert sent(lead, f"plans/{kept.id}/remove/", {}, 302) == ""
    assert "Astreinte eau" not in said(lead)


def test_levels_come_and_go_without_a_script_and_nothing_typed_is_lost(
    valbelle: Valbelle, people: People
) -> None:
    lead, path = browser(people, "lead"), f"plans/new/{valbelle.montaigu.pk}/"
    half = given(name="", repeat_min="soon", quiet_most="2")
    half["l1-after"] = "a quarter"
    more = sent(lead, path, {**half, "more": "1"}, 200)
    assert all(one in more for one in ('value="soon"', 'value="a quarter"', "Level 3", 'value="2" selected'))
    assert "bv-error" not in more, "nothing is judged while it is written"
    fewer = sent(lead, path, {**half, "drop": "0"}, 200)
    assert "Level 2" not in fewer and 'value="a quarter"' in fewer and 'name="l1-after"' in fewer
    six = given(level=[str(one) for one in range(6)])
    assert "One more level" not in sent(lead, path, {**six, "more": "1"}, 200)
    assert "Level 1" in sent(lead, path, {"level": ["x", "99999"], "drop": "0"}, 200), "one stays"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"severities": []}, "Say for how urgent alarms the plan holds."),
        ({"severities": ["9"]}, "Select a valid choice."),
        ({"kinds": ["unicorn"]}, "Select a valid choice."),
        ({"l1-after": "0"}, "Each level comes later than the one before it."),
        ({"l1-after": "10081"}, "less than or equal to 10080"),
        ({"l1-after": "-1"}, "greater than or equal to 0"),
        ({"l0-whom": []}, "Say who is told."),
        ({"l0-whom": ["roster:00000000-0000-0000-0000-000000000000"]}, "Select a valid choice."),
        ({"l0-channels": []}, "Say by what they are told."),
        ({"repeat_min": "4"}, "greater than or equal to 5"),
        ({"quiet_from": "25:00"}, "Enter a valid time."),
    ],
)
def test_what_cannot_be_is_said_where_it_stands(
    valbelle: Valbelle, people: People, wrong: dict[str, Any], sentence: str
) -> None:
    data = given(**{"name": "Astreinte eau", **wrong})
    page = sent(browser(people, "lead"), f"plans/new/{valbelle.montaigu.pk}/", {**data, "save": "1"}, 422)
    assert sentence in page and 'value="07:00"' in page and "Something is missing yet" in page
    assert not Plan.objects.exists()


def test_who_changes_a_plan_that_changed_meanwhile_sees_both(valbelle: Valbelle, people: People) -> None:
    key = plan(valbelle.montaigu.pk, LevelBody(0, (Whom(Target.HANDLERS),)))
    lead, path = browser(people, "lead"), f"plans/{key}/change/"
    assert 'name="version" value="1"' in said(lead, path)
    mine = given(name="Mine", version="1")
    assert sent(browser(people, "administrator"), path, given(version="1", save="1"), 302) == ""
    page = sent(lead, path, {**mine, "save": "1"}, 409)
    assert "Somebody changed it meanwhile" in page and "As somebody else saved it meanwhile" in page
    assert 'value="Mine"' in page and 'name="version" value="2"' in page
    assert sent(lead, path, {**mine, "version": "2", "save": "1"}, 302) == ""
    assert duty.plan(people.actor("lead"), valbelle.territory.pk, key).name == "Mine"


def test_whom_a_plan_names_though_they_left_is_shown_until_taken_out(
    valbelle: Valbelle, people: People
) -> None:
    list_id = roster(valbelle.montaigu.pk, people.contributor.pk)
    key = plan(valbelle.montaigu.pk, LevelBody(0, (Whom(Target.ROSTER, list_id),)))
    lead = browser(people, "lead")
    assert lead.post(f"{HERE}rosters/{list_id}/remove/").status_code == 302
    page = said(lead, f"plans/{key}/change/")
    assert f'value="roster:{list_id}" id="id_l0-whom_0" checked' in page
    data = given(level=["0"], save="1")
    data["l0-whom"] = [f"roster:{list_id}"]
    assert "Choose a roster of the organisation." in sent(lead, f"plans/{key}/change/", data, 422)
    assert sent(lead, f"plans/{key}/change/", {**data, "l0-whom": ["handlers"]}, 302) == ""


def test_who_may_not_write_is_refused(valbelle: Valbelle, people: People) -> None:
    key = plan(valbelle.montaigu.pk, LevelBody(0, (Whom(Target.HANDLERS),)))
    new, change, remove = f"plans/new/{valbelle.montaigu.pk}/", f"plans/{key}/change/", f"plans/{key}/remove/"
    reader, neighbour = browser(people, "reader"), browser(people, "neighbour")
    for path in (new, change):
        assert reader.get(HERE + path).status_code == 403
    for path in (new, change, remove):
        sent(reader, path, given(save="1"), 403)
    assert neighbour.get(HERE + change).status_code == 404 and neighbour.get(HERE + new).status_code == 403
    for path in (change, remove):
        sent(neighbour, path, given(save="1"), 404)
    sent(neighbour, new, given(save="1"), 403)
    for path in ("rosters/new/", "plans/new/"):
        assert reader.get(HERE + path).status_code == 403
    assert "New roster" not in said(reader) and "Plan" not in said(neighbour).replace("New plan", "")
    assert [one.version for one in Plan.objects.all()] == [1]


def test_an_administrator_of_the_territory_chooses_for_whom(valbelle: Valbelle, people: People) -> None:
    governor = browser(people, "governor")
    assert f"{HERE}rosters/new/" in said(governor) and f"{HERE}plans/new/" in said(governor)
    for what in ("rosters", "plans"):
        page = said(governor, f"{what}/new/")
        assert f"{HERE}{what}/new/{valbelle.montaigu.pk}/" in page and "Sautelet" in page
    assert sent(governor, f"plans/new/{valbelle.montaigu.pk}/", given(save="1"), 302) == ""
    made = Plan.objects.get()
    assert made.owner_id == valbelle.montaigu.pk
    assert duty.plan(people.actor("lead"), valbelle.territory.pk, made.pk).body == PlanBody(
        (
            LevelBody(0, (Whom(Target.HANDLERS),)),
            LevelBody(15, (Whom(Target.HEADS), Whom(Target.GOVERNORS)), (Channel.MAIL, Channel.INBOX)),
        ),
        30,
    )


def test_a_roster_that_changed_meanwhile_is_not_replaced_unseen(valbelle: Valbelle, people: People) -> None:
    path = f"rosters/{roster(valbelle.montaigu.pk, people.contributor.pk)}/change/"
    lead = browser(people, "lead")
    assert 'name="version" value="1"' in said(lead, path)
    data = {"first": "2026-11-16", "weekday": "1", "hour": "08:00", "person1": str(people.lead.pk)}
    assert sent(lead, path, {**data, "name": "First", "version": "1"}, 302) == ""
    page = sent(lead, path, {**data, "name": "Second", "version": "1"}, 422)
    assert "Somebody changed it meanwhile" in page and 'value="Second"' in page
    assert sent(lead, path, {**data, "name": "Second", "version": "2"}, 302) == ""
