"""An old value put back from the journal of a measure."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import vocabulary
from belvedere.domains.plans.public import actions, follow, page, restoring, values, views
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import Conflict, NotFound, Refused
from tests.faces.web.plans_examples import english, street

pytestmark = pytest.mark.django_db


@pytest.fixture
def measure(valbelle: Any) -> UUID:
    return street(valbelle)


def load(measure: UUID) -> views.MeasureView:
    return page.measure_page(Actor.system(), measure, language="en")


def newest(measure: UUID) -> int:
    return entries_of(("plans.measure", str(measure))).rows[0].id


def back(people: Any, measure: UUID, name: str, who: str = "lead", entry: int = 0) -> None:
    restoring.put_back(
        actor=people.actor(who),
        measure_id=measure,
        version=None,
        entry_id=entry or newest(measure),
        name=name,
        reason="erreur",
    )


def act(measure: UUID) -> dict[str, Any]:
    return {"actor": Actor.system(), "measure_id": measure, "version": None}


def test_texts_and_visibility_come_back(people: Any, measure: UUID) -> None:
    actions.edit_measure(**act(measure), title={"fr": "Faux"})
    first = newest(measure)
    actions.publish_measure(**act(measure), published=False)
    back(people, measure, "published")
    back(people, measure, "title", entry=first)
    assert load(measure).title == {"fr": "Rue du Pont"} and load(measure).published
    with pytest.raises(Conflict):  # it stands already
        back(people, measure, "title", entry=first)


def test_dates_of_a_phase_come_back_whole(people: Any, measure: UUID) -> None:
    old = values.PhaseDraft(
        "4", planned=(date(2027, 1, 1), None), forecast=(date(2027, 3, 1), date(2027, 9, 1)), confirmed=True
    )
    actions.set_phase_dates(**act(measure), phases=[old])
    actions.set_phase_dates(**act(measure), phases=[values.PhaseDraft("4", planned=(date(2029, 1, 1), None))])
    back(people, measure, "phase.4")
    (phase,) = load(measure).phases
    assert (phase.planned, phase.forecast, phase.confirmed) == (old.planned, old.forecast, True)


def test_a_milestone_that_was_taken_away_is_added_anew(people: Any, measure: UUID) -> None:
    draft = follow.MilestoneDraft(vocabulary.MilestoneType.OTHER, {"fr": "Jury"}, planned=date(2027, 1, 1))
    item = follow.set_milestone(**act(measure), draft=draft)
    moved = follow.MilestoneDraft(vocabulary.MilestoneType.OTHER, {"fr": "Jury"}, planned=date(2028, 1, 1))
    follow.set_milestone(**act(measure), draft=moved, item_id=item)
    back(people, measure, "milestone")
    follow.remove_milestone(**act(measure), item_id=item)
    back(people, measure, "milestone")
    (one,) = follow.followed(Actor.system(), measure, "fr").milestones
    assert one.planned == date(2027, 1, 1) and one.title.text == "Jury"


def test_what_the_guard_refuses_stays_refused(people: Any, measure: UUID) -> None:
    """The way back goes through the same table, with the same rights."""
    actions.edit_measure(**act(measure), title={"fr": "Faux"})
    with pytest.raises(Refused):
        back(people, measure, "title", "reader")
    with pytest.raises(Refused):  # sees the published measure, holds the same role next door
        back(people, measure, "title", "neighbour")
    actions.publish_measure(**act(measure), published=False)
    with pytest.raises(Refused):
        back(people, measure, "published", "contributor")
    assert not load(measure).published


def test_amounts_and_strange_entries_are_refused_with_a_sentence(
    people: Any, measure: UUID, valbelle: Any
) -> None:
    actions.edit_measure(**act(measure), title={"fr": "Faux"})
    entry = newest(measure)
    other = street(valbelle, title="Autre")
    with pytest.raises(NotFound):
        back(people, other, "title", entry=entry)
    with pytest.raises(NotFound):
        back(people, measure, "published", entry=entry)
    created = entries_of(("plans.measure", str(measure))).rows[-1]
    assert not restoring.restorable(created, "title")


def test_the_journal_offers_it_to_those_who_may_and_it_is_seen_before(people: Any, measure: UUID) -> None:
    actions.edit_measure(**act(measure), title={"fr": "Faux"})
    address = f"/cockpit/valbelle/plans/measures/{measure}/"
    client = english()
    client.force_login(people.contributor)
    shown = client.get(address).content.decode()
    (link,) = re.findall(r'href="([^"]+/edit/put-back/[^"]+)"', shown)
    form = client.get(link).content.decode()
    assert "Rue du Pont" in form and "As it was before the change" in form
    saved = client.post(link, {"version": load(measure).version, "reason": "erreur"}, follow=True)
    assert "The old value is back." in saved.content.decode()
    assert load(measure).title == {"fr": "Rue du Pont"}
    for person in (people.reader, people.neighbour):  # the neighbour holds a lead's role, next door
        client.force_login(person)
        assert "put-back" not in client.get(address).content.decode()
        assert client.post(link, {"reason": "x"}).status_code == 403
