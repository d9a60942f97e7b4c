"""Plans of crisis: written, changed by two without loss, removed; the examples; who sees none of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from belvedere.domains.crisis import public as crises
from belvedere.domains.crisis.errors import BadPlan, ChangedMeanwhile, NoSuchPlan
from belvedere.domains.crisis.public import CardBody, Kind, Phase, PlanBody, PlanDraft, RoleBody
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.errors import Refused
from tests.domains.crisis.examples import body, here, plan
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db


def test_a_plan_is_written_and_changed_by_two_without_loss(valbelle: Valbelle, people: People) -> None:
    made = plan(people, valbelle)
    view = crises.plan(people.actor("reader"), here().id, made)
    assert (view.name, view.kinds, view.version) == ("Crue du Rhône", (Kind.FLOOD,), 1)
    assert view.names[people.contributor.pk] == "Contributor" and not view.may_write and not view.may_declare
    draft = PlanDraft("Crue", (Kind.FLOOD, Kind.STORM), body(people), resources="118")
    given: dict[str, Any] = {"territory": here(), "owner_id": valbelle.montaigu.pk, "plan_id": made}
    crises.save_plan(actor=people.actor("administrator"), draft=draft, expected=1, **given)
    with pytest.raises(ChangedMeanwhile):
        crises.save_plan(actor=people.actor("lead"), draft=replace(draft, name="x"), expected=1, **given)
    now = crises.plan(people.actor("lead"), here().id, made)
    assert (now.name, now.version, now.kinds) == ("Crue", 2, (Kind.FLOOD, Kind.STORM)) and now.may_declare
    crises.remove_plan(actor=people.actor("lead"), territory=here(), plan_id=made)
    assert crises.plans(people.actor("lead"), here().id) == []
    kept = entries_of(("crisis.plan", str(made))).rows
    assert {one.verb for one in kept} == {"crisis.create_plan", "crisis.change_plan", "crisis.remove_plan"}
    assert "079" not in str([(one.before, one.after) for one in kept])


def test_who_writes_and_who_sees_a_plan(valbelle: Valbelle, people: People) -> None:
    made = plan(people, valbelle)
    for who in ("contributor", "reader", "finance", "neighbour", "office", "stranger", "elected"):
        with pytest.raises(Refused):
            plan(people, valbelle, who)
    for who in ("administrator", "governor"):
        plan(people, valbelle, who)
    for who, many in (("office", 3), ("elected", 3), ("neighbour", 0), ("stranger", 0), ("nobody", 0)):
        assert len(crises.plans(people.actor(who), here().id)) == many, who
    with pytest.raises(NoSuchPlan):
        crises.plan(people.actor("neighbour"), here().id, made)
    with pytest.raises(NoSuchPlan):
        crises.remove_plan(actor=people.actor("neighbour"), territory=here(), plan_id=made)
    with pytest.raises(Refused):
        crises.remove_plan(actor=people.actor("reader"), territory=here(), plan_id=made)


def test_what_cannot_be_a_plan_is_said_with_its_row(valbelle: Valbelle, people: People) -> None:
    role = RoleBody("1", "DOS")
    wrong: list[tuple[PlanBody, str, dict[str, int]]] = [
        (PlanBody((RoleBody("1", " "),)), "name", {"role": 1}),
        (PlanBody((role, RoleBody("2", "dos"))), "name", {"role": 2}),
        (PlanBody((role, RoleBody("1", "RAC"))), "roles", {}),
        (PlanBody((role,), (CardBody(Phase.ALERT, "2", "Fermer"),)), "role", {"card": 1}),
        (PlanBody((role,), (CardBody(Phase.ALERT, "1", " "),)), "what", {"card": 1}),
        (PlanBody((role,), (CardBody(Phase.ALERT, "1", "x", ("y" * 301,)),)), "points", {"card": 1}),
        (PlanBody((role,), (CardBody(Phase.ALERT, "1", "x", (), -1),)), "due_min", {"card": 1}),
        (PlanBody((RoleBody("1", "DOS", holder=people.neighbour.pk),)), "roles", {}),
    ]
    for one, field, where in wrong:
        with pytest.raises(BadPlan) as caught:
            plan(people, valbelle, body=one)
        assert caught.value.data["field"] == field, one
        assert where.items() <= caught.value.data.items()
    more: list[dict[str, Any]] = [{"kinds": []}, {"name": " "}, {"resources": "x" * 8001}]
    for members in more:
        with pytest.raises(BadPlan):
            plan(people, valbelle, **members)
    twice = RoleBody("1", "DOS", holder=people.lead.pk, stand_ins=(people.lead.pk, people.reader.pk))
    made = plan(people, valbelle, body=PlanBody((twice,)))
    kept = crises.plan(people.actor("lead"), here().id, made).body.roles[0]
    assert kept.people == (people.lead.pk, people.reader.pk)


def test_somebody_who_left_does_not_keep_a_plan_from_being_changed(
    valbelle: Valbelle, people: People
) -> None:
    from belvedere.domains.access.models import Membership
    from belvedere.kernel.clock import now

    made = plan(people, valbelle)
    Membership.objects.filter(person=people.finance).update(ended_at=now())
    draft = PlanDraft("Crue", (Kind.FLOOD,), body(people))
    crises.save_plan(
        actor=people.actor("lead"), territory=here(), owner_id=valbelle.montaigu.pk, draft=draft, plan_id=made
    )
    with pytest.raises(BadPlan):
        plan(people, valbelle)


def test_every_example_is_a_plan_in_three_languages(valbelle: Valbelle, people: People) -> None:
    assert {"flood", "storm"} <= set(crises.examples())
    for one in crises.examples().values():
        assert one.sources and all(text.reference and text.says for text in one.sources)
        told = [one.draft(language) for language in ("fr", "de", "en")]
        assert len({msgspec.json.encode(draft.body) for draft in told}) == 3
        for draft in told:
            assert plan(people, valbelle, name=draft.name, body=draft.body) and draft.conditions
            assert {card.phase for card in draft.body.cards} == set(Phase)
            assert any(role.leads for role in draft.body.roles) and "ß" not in str(draft)
        texts = [one.names, one.about, *_texts(one.given)]
        assert all(set(text) == {"fr", "de", "en"} and all(text.values()) for text in texts)
    with pytest.raises(NoSuchPlan):
        crises.example("locusts")


def _texts(row: Any) -> list[dict[str, str]]:
    if isinstance(row, dict):
        if "fr" in row:
            return [row]
        return [text for one in row.values() for text in _texts(one)]
    return [text for one in row for text in _texts(one)] if isinstance(row, list) else []
