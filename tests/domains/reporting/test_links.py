"""The link of a checklist: one person, one owner, one round, and nothing else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.access.models import Membership
from belvedere.domains.access.public import Thing as PeopleThing
from belvedere.domains.access.public import may as may_people
from belvedere.domains.plans.errors import NoSuchMeasure
from belvedere.domains.plans.public import page
from belvedere.domains.reporting.errors import LinkIsOver, NoSuchRound
from belvedere.domains.reporting.public import close_round, confirm_lines, links, queries
from belvedere.kernel.clock import now
from tests.domains.reporting.examples import Programme
from tests.domains.reporting.test_rounds import task_of

pytestmark = pytest.mark.django_db


def test_the_link_opens_one_checklist_with_the_rights_held_there(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    task = task_of(valbelle.montaigu)
    actor, opened = links.open_link(links.token_of(task.pk, people.lead.pk))
    assert opened == task.pk
    assert (actor.person_id, set(actor.roles), actor.sees) == (
        people.lead.pk, {valbelle.montaigu.pk}, frozenset({valbelle.montaigu.pk}),
    )  # fmt: skip
    assert confirm_lines(actor=actor, task_id=task.pk) == 2
    with pytest.raises(NoSuchRound):
        queries.task_view(actor, task_of(valbelle.rochefort).pk)
    with pytest.raises(NoSuchMeasure):
        page.measure_page(actor, made.measures["square"], language="fr")


def test_a_governor_is_none_through_the_link(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    """An administrator keeps that role, but no right over people; a governor’s is left outside."""
    task = task_of(valbelle.montaigu)
    Membership.objects.create(person=people.governor, organisation=valbelle.montaigu, role="manager")
    actor, _task = links.open_link(links.token_of(task.pk, people.governor.pk))
    assert not actor.governs(valbelle.territory.pk)
    administrator, _task = links.open_link(links.token_of(task.pk, people.administrator.pk))
    thing = PeopleThing(valbelle.territory.pk, valbelle.montaigu.pk)
    assert may_people(administrator, "invite_person", thing) is not None


@pytest.mark.parametrize("who", ["reader", "neighbour", "stranger", "nobody"])
def test_who_does_not_answer_has_no_link(
    valbelle: Any, people: Any, made: Programme, round_id: UUID, who: str
) -> None:
    with pytest.raises(LinkIsOver):
        links.open_link(links.token_of(task_of(valbelle.montaigu).pk, getattr(people, who).pk))


def test_the_link_ends_with_the_role_the_account_and_the_round(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    task = task_of(valbelle.montaigu)
    tokens = {
        who: links.token_of(task.pk, getattr(people, who).pk) for who in ("lead", "finance", "contributor")
    }
    Membership.objects.filter(person=people.lead).update(ended_at=now())
    with pytest.raises(LinkIsOver):
        links.open_link(tokens["lead"])
    people.finance.is_active = False
    people.finance.save()
    with pytest.raises(LinkIsOver):
        links.open_link(tokens["finance"])
    links.open_link(tokens["contributor"])
    close_round(actor=people.actor("office"), round_id=round_id, with_gaps=True, reason="x")
    with pytest.raises(LinkIsOver, match="closed"):
        links.open_link(tokens["contributor"])


def test_a_forged_or_cut_link_is_not_known(
    valbelle: Any, people: Any, made: Programme, round_id: UUID
) -> None:
    token = links.token_of(task_of(valbelle.montaigu).pk, people.lead.pk)
    other = links.token_of(task_of(valbelle.rochefort).pk, people.lead.pk)
    for wrong in (token[:-2], token[1:], "", other.split(":")[0] + token[token.index(":") :]):
        with pytest.raises(NoSuchRound):
            links.open_link(wrong)


def test_managers_are_written_to_first(valbelle: Any, people: Any, made: Programme, round_id: UUID) -> None:
    names = {contact.person_id for contact in links.contacts_of(task_of(valbelle.montaigu))}
    assert names == {people.lead.pk, people.administrator.pk}
    Membership.objects.filter(role__in=("manager", "administrator")).update(ended_at=now())
    names = {contact.person_id for contact in links.contacts_of(task_of(valbelle.montaigu))}
    assert names == {people.contributor.pk, people.finance.pk}
