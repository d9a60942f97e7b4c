"""Who changes which part of a measure: the written table, the policies and the pages say the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from belvedere.domains.plans.public import page
from belvedere.domains.territory.public import territory_by_slug
from belvedere.faces.web.pages.plans.edit_parts import PARTS
from belvedere.faces.web.pages.plans.rooms import Room
from tests.faces.web.plans_examples import english, street

pytestmark = pytest.mark.django_db
ROLES = Path(__file__).parents[3] / "docs/reference/roles.md"
# column of the table -> the person of Montaigu who holds that role
WHO = {
    "contributor": "contributor",
    "manager": "lead",
    "finance": "finance",
    "administrator": "administrator",
}
# They see the measure and hold a role, or the same role elsewhere: none of them changes anything.
NOBODY = ("reader", "neighbour", "stranger", "elected")


def written() -> dict[str, set[str]]:
    """Part -> the roles that the table lets change it."""
    text = ROLES.read_text().split("## Who changes which part of a measure", 1)[1].split("\n## ", 1)[0]
    head, _line, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    found: dict[str, set[str]] = {}
    for row in rows:
        allowed = {role for role, cell in zip(head[2:], row[2:], strict=True) if cell == "yes"}
        for part in re.findall(r"`([\w-]+)`", row[1]):
            assert part not in found, part
            found[part] = allowed
    return found


def test_the_table_names_every_part() -> None:
    assert set(written()) == set(PARTS)


@pytest.mark.parametrize("who", [*WHO.values(), *NOBODY, "governor"])
def test_each_role_may_change_what_the_table_says(who: str, people: Any, valbelle: Any) -> None:
    measure = street(valbelle)
    territory = territory_by_slug("valbelle")
    assert territory is not None
    room = Room(territory, people.actor(who), "en", is_cockpit=True)
    view = page.measure_page(room.actor, measure, language="en", territory_id=territory.id)
    role = next((role for role, person in WHO.items() if person == who), "")
    for part, allowed in written().items():
        expected = who == "governor" or role in allowed
        assert PARTS[part].allows(room, view) is expected, (who, part)


@pytest.mark.parametrize("who", ["contributor", "finance"])
def test_the_pages_open_and_refuse_alike(who: str, people: Any, valbelle: Any) -> None:
    measure = street(valbelle)
    client = english()
    client.force_login(getattr(people, who))
    for part, allowed in written().items():
        if not PARTS[part].takes(None):
            continue
        answer = client.get(f"/cockpit/valbelle/plans/measures/{measure}/edit/{part}/")
        assert answer.status_code == (200 if who in allowed else 403), part
