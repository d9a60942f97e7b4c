"""One change on several measures: seen before, made at once, taken back."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import NoSuchPlan
from belvedere.domains.plans.public import actions, bulk, page, states, values, views
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import InvalidInput, NotFound
from tests.faces.web.plans_examples import BASE, create, english, street

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(valbelle: Any) -> list[UUID]:
    """A measure of Montaigu and one of its neighbour, both published."""
    return [street(valbelle), street(valbelle, valbelle.rochefort, title="Rue du Lac")]


@pytest.fixture
def plan(valbelle: Any) -> UUID:
    return actions.create_plan(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        owner_id=valbelle.body.pk,
        type="agglomeration_programme",
        code="PA5",
        title={"fr": "Projet d’agglomération"},
        money_kind=BASE,
    )


def load(measure: UUID) -> views.MeasureView:
    return page.measure_page(Actor.system(), measure, language="en")


def many(people: Any, valbelle: Any, ids: list[UUID], change: Any, who: str = "lead") -> bulk.Bulk:
    return bulk.change_many(
        actor=people.actor(who),
        territory_id=valbelle.territory.pk,
        measure_ids=ids,
        change=change,
        reason="mise à jour",
    )


def back(people: Any, valbelle: Any, done: bulk.Bulk, who: str = "lead") -> bulk.TakenBack:
    return bulk.undo_many(
        actor=people.actor(who), territory_id=valbelle.territory.pk, bulk_id=done.id, reason="erreur"
    )


def test_those_that_refuse_are_told_and_the_others_change(
    people: Any, valbelle: Any, two: list[UUID]
) -> None:
    """The lead of Montaigu does not change the neighbour's, though he sees it."""
    change = bulk.ToPublished(False)
    seen = bulk.preview_many(
        actor=people.actor("lead"), territory_id=valbelle.territory.pk, measure_ids=two, change=change
    )
    assert (seen.changed, seen.refused) == (1, 1) and load(two[0]).published  # nothing is kept
    done = many(people, valbelle, two, change)
    own, other = done.verdicts
    assert own.changes and (own.before, own.after) == (True, False)
    assert other.refused is not None and other.refused.code == "may_not_publish"
    assert not load(two[0]).published and load(two[1]).published
    (act,) = bulk.acts_of_bulk(valbelle.territory.pk, done.id)
    assert act.subject[1] == str(two[0]) and act.verb == "plans.publish_measure"
    assert entries_of(("plans.bulk", str(done.id))).rows[0].after == {"count": 1}


def test_dates_shift_and_come_back(people: Any, valbelle: Any, two: list[UUID]) -> None:
    phases = [
        values.PhaseDraft("32", actual=(date(2025, 1, 1), date(2025, 6, 30))),
        values.PhaseDraft("4", planned=(date(2027, 1, 31), date(2027, 8, 31))),
    ]
    actions.set_phase_dates(actor=Actor.system(), measure_id=two[0], version=None, phases=phases)
    done = many(people, valbelle, two[:1], bulk.Shift(13))
    assert done.verdicts[0].after == (date(2028, 2, 29), date(2028, 9, 30))
    past, coming = load(two[0]).phases
    assert past.actual == (date(2025, 1, 1), date(2025, 6, 30))
    assert coming.planned == (date(2027, 1, 31), date(2027, 8, 31))  # the promise stays
    assert back(people, valbelle, done) == bulk.TakenBack(1, ())
    assert load(two[0]).phases[1].forecast == (None, None)


def test_a_plan_takes_measures_in_and_gives_them_a_priority(
    people: Any, valbelle: Any, two: list[UUID], plan: UUID
) -> None:
    listed = many(people, valbelle, two, bulk.IntoPlan(plan), "office")
    assert listed.changed == 2
    again = many(people, valbelle, two, bulk.IntoPlan(plan), "office")
    assert (again.changed, again.refused) == (0, 0)
    done = many(people, valbelle, two, bulk.ToPriority(plan, states.Priority.A), "office")
    assert [verdict.after for verdict in done.verdicts] == ["A", "A"]
    assert back(people, valbelle, done, "office").restored == 2
    assert load(two[0]).listings[0].priority is states.Priority.NONE


def test_a_plan_that_is_not_there_refuses_each(people: Any, valbelle: Any, two: list[UUID]) -> None:
    done = many(people, valbelle, two, bulk.IntoPlan(uuid4()))
    assert all(isinstance(verdict.refused, NoSuchPlan) for verdict in done.verdicts)


def test_what_was_changed_since_is_kept(people: Any, valbelle: Any, two: list[UUID]) -> None:
    third = create(valbelle, valbelle.montaigu, "Place", published=True)
    done = many(people, valbelle, [two[0], third], bulk.ToPublished(False))
    actions.edit_measure(actor=Actor.system(), measure_id=third, version=None, title={"fr": "Place neuve"})
    assert back(people, valbelle, done) == bulk.TakenBack(1, (third,))
    assert load(two[0]).published and not load(third).published
    assert back(people, valbelle, done).restored == 0  # once is enough


def test_the_guarded_table_holds_for_each(people: Any, valbelle: Any, two: list[UUID]) -> None:
    done = many(people, valbelle, two[:1], bulk.ToStep(states.Implementation.DONE))
    assert done.refused == 1 and load(two[0]).implementation is states.Implementation.NOT_STARTED


def test_too_many_none_and_no_month_are_refused(people: Any, valbelle: Any) -> None:
    with pytest.raises(InvalidInput):
        many(people, valbelle, [], bulk.ToPublished(True))
    with pytest.raises(InvalidInput):
        many(people, valbelle, [uuid4() for _ in range(bulk.MOST + 1)], bulk.ToPublished(True))
    with pytest.raises(InvalidInput):
        bulk.Shift(0)


def test_another_territory_does_not_take_it_back(people: Any, valbelle: Any, two: list[UUID]) -> None:
    done = many(people, valbelle, two, bulk.ToPublished(False))
    with pytest.raises(NotFound):
        bulk.undo_many(actor=Actor.system(), territory_id=uuid4(), bulk_id=done.id, reason="x")
    assert back(people, valbelle, done, "neighbour").restored == 0  # the same role, next door


SEVERAL = "/cockpit/valbelle/plans/measures/several/"


def test_the_page_shows_changes_and_refusals_then_applies(
    people: Any, valbelle: Any, two: list[UUID]
) -> None:
    client = english()
    client.force_login(people.lead)
    shown = client.get("/cockpit/valbelle/plans/measures/").content.decode()
    assert SEVERAL in shown
    form = client.get(SEVERAL).content.decode()
    assert form.count('name="id"') == 2
    sent = {"change": "published", "published": "no", "id": [str(one) for one in two], "act": "preview"}
    seen = html.unescape(client.post(SEVERAL, sent).content.decode())
    assert "1 measure changes, 1 refuses" in seen and "Only managers of the owner may publish" in seen
    assert load(two[0]).published
    done = client.post(SEVERAL, {**sent, "act": "apply"}, follow=True)
    assert "1 measure is changed." in done.content.decode() and not load(two[0]).published
    address = done.redirect_chain[-1][0]
    undone = client.post(address, follow=True)
    assert "1 measure is as it was." in undone.content.decode() and load(two[0]).published


def test_what_was_typed_stays_with_its_sentence(people: Any, two: list[UUID]) -> None:
    client = english()
    client.force_login(people.lead)
    answer = client.post(SEVERAL, {"change": "shift", "months": "", "id": str(two[0]), "act": "apply"})
    assert answer.status_code == 422 and "Say which." in answer.content.decode()
    none = client.post(SEVERAL, {"change": "shift", "months": "3", "act": "preview"})
    assert none.status_code == 422 and "Choose at least one measure." in none.content.decode()


def test_only_what_may_be_left_out_is_called_optional(people: Any, two: list[UUID], plan: UUID) -> None:
    client = english()
    client.force_login(people.lead)
    sent = {"change": "shift", "months": "", "id": str(two[0]), "act": "preview"}
    for answer in (client.get(SEVERAL), client.post(SEVERAL, sent)):
        text = re.sub(r"<span[^>]*>|</span>", "", answer.content.decode())
        assert re.findall(r"<label[^>]*>([^<]*) \(optional\)", text) == ["Reason"]
    none = {"change": "priority", "priority_plan": str(plan), "priority": "", "id": str(two[0])}
    assert client.post(SEVERAL, none | {"act": "preview"}).status_code == 200


def test_measures_ticked_in_the_list_are_those_of_the_change(
    people: Any, valbelle: Any, two: list[UUID]
) -> None:
    hidden = create(valbelle, valbelle.sautelet, "Ruelle cachée")
    client = english()
    client.force_login(people.lead)
    listed = client.get("/cockpit/valbelle/plans/measures/?view=table&q=Rue").content.decode()
    assert listed.count('name="id"') == 2 and listed.count('form="pm-pick"') == 2
    assert re.search(rf'<form[^>]* id="pm-pick" method="get" action="{SEVERAL}">', listed)
    asked = f"{SEVERAL}?only=chosen&q=Rue&view=table&id={two[1]}&id={hidden}&id=nonsense"
    page = client.get(asked).content.decode()
    assert re.findall(r'name="id" value="([^"]+)"', page) == [str(two[1])], "nothing the lead may not see"
    assert (
        "1 measure chosen." in page
        and 'href="/cockpit/valbelle/plans/measures/?q=Rue&amp;view=table"' in page
    )
    sent = {"change": "published", "published": "no", "id": [str(one) for one in two], "act": "preview"}
    seen = html.unescape(client.post(asked, sent).content.decode())
    assert "0 measures change, 1 refuses" in seen, "only what was chosen is asked"
    none = client.get(f"{SEVERAL}?only=chosen").content.decode()
    assert "No measure is chosen" in none and 'name="id"' not in none


def test_without_the_right_to_change_there_is_nothing_to_tick(people: Any, two: list[UUID]) -> None:
    client = english()
    for person in (people.reader, people.finance):
        client.force_login(person)
        assert "pm-pick" not in client.get("/cockpit/valbelle/plans/measures/").content.decode()


@pytest.mark.parametrize("who", ["reader", "elected", "finance"])
def test_who_may_not_edit_changes_nothing(who: str, people: Any, valbelle: Any, two: list[UUID]) -> None:
    """The reader and the finance officer are of the same commune, without the right to edit."""
    done = many(people, valbelle, two[:1], bulk.ToPublished(False))
    client = english()
    client.force_login(getattr(people, who))
    assert client.get(SEVERAL).status_code == 403
    assert client.post(SEVERAL, {"change": "published", "published": "no"}).status_code == 403
    assert client.post(f"{SEVERAL}{done.id}/").status_code == 404
    assert SEVERAL not in client.get("/cockpit/valbelle/plans/measures/").content.decode()
    assert not load(two[0]).published
