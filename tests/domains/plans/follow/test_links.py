"""Links between measures: both ways, without circles, and without telling what one may not see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import AlreadyThere
from belvedere.domains.plans.models import Measure
from belvedere.domains.plans.public import follow
from belvedere.domains.plans.vocabulary import LinkType
from belvedere.kernel.errors import Conflict, InvalidInput, NotFound, Refused

pytestmark = pytest.mark.django_db


def link(people: Any, source: UUID, target: UUID, type_: LinkType, who: str = "governor", **more: Any) -> int:
    draft = follow.LinkDraft(target, type_)
    return follow.set_link(actor=people.actor(who), measure_id=source, version=None, draft=draft, **more)


def seen(actor: Actor, measure: UUID) -> list[tuple[str, str, str]]:
    links = follow.followed(actor, measure, "fr").links
    return [(link.type.value, link.way.value, link.title.text) for link in links]


def test_a_link_is_read_from_both_ends(people: Any, street: UUID, bridge: UUID) -> None:
    link(people, street, bridge, LinkType.DEPENDS_ON, "lead")
    lead = people.actor("lead")
    assert seen(lead, street) == [("depends_on", "out", "Passerelle")]
    assert seen(lead, bridge) == [("depends_on", "in", "Rue du Pont")]
    (at_bridge,) = follow.followed(lead, bridge, "fr").links
    assert not at_bridge.removable  # the street states it
    with pytest.raises(NotFound):
        follow.remove_link(actor=lead, measure_id=bridge, version=None, item_id=at_bridge.id)
    follow.remove_link(actor=lead, measure_id=street, version=None, item_id=at_bridge.id)
    assert seen(lead, street) == [] == seen(lead, bridge)


def test_a_conflict_binds_both_alike(people: Any, street: UUID, bridge: UUID) -> None:
    link(people, street, bridge, LinkType.CONFLICTS)
    lead = people.actor("lead")
    assert seen(lead, street) == [("conflicts", "both", "Passerelle")]
    assert seen(lead, bridge) == [("conflicts", "both", "Rue du Pont")]
    with pytest.raises(AlreadyThere):
        link(people, bridge, street, LinkType.CONFLICTS)
    link(people, bridge, street, LinkType.COMPLEMENTS)  # another kind, and one that is not symmetric
    link(people, street, bridge, LinkType.COMPLEMENTS)


def test_the_same_link_stands_once(people: Any, street: UUID, bridge: UUID) -> None:
    made = link(people, street, bridge, LinkType.DEPENDS_ON)
    with pytest.raises(AlreadyThere):
        link(people, street, bridge, LinkType.DEPENDS_ON)
    other = link(people, street, bridge, LinkType.COMPLEMENTS)
    with pytest.raises(AlreadyThere):
        link(people, street, bridge, LinkType.DEPENDS_ON, item_id=other)
    link(people, street, bridge, LinkType.DEPENDS_ON, item_id=made)  # itself is no other


def test_a_measure_that_one_may_not_see_is_not_shown_nor_linked(
    people: Any, street: UUID, station: UUID
) -> None:
    link(people, street, station, LinkType.DEPENDS_ON)
    # the office of the agglomeration sees both, the lead of Montaigu does not see Rochefort's
    assert seen(people.actor("office"), street) == [("depends_on", "out", "Gare")]
    assert seen(people.actor("lead"), street) == []
    assert "Gare" not in repr(follow.followed(people.actor("lead"), street, "fr"))
    with pytest.raises(InvalidInput):
        link(people, street, station, LinkType.COMPLEMENTS, "lead")
    Measure.objects.filter(pk=station).update(published=True)
    assert seen(people.actor("lead"), street) == [("depends_on", "out", "Gare")]
    link(people, street, station, LinkType.COMPLEMENTS, "lead")
    assert seen(Actor.public(), station) == []  # the street is not published


def test_a_note_is_for_those_who_work_on_it(people: Any, bridge: UUID, station: UUID) -> None:
    Measure.objects.filter(pk=station).update(published=True)
    draft = follow.LinkDraft(station, LinkType.DEPENDS_ON, note="Accord verbal", lag_months=6)
    follow.set_link(actor=people.actor("lead"), measure_id=bridge, version=None, draft=draft)
    assert [item.note for item in follow.followed(people.actor("reader"), bridge, "fr").links] == [
        "Accord verbal"
    ]
    assert [item.note for item in follow.followed(Actor.public(), bridge, "fr").links] == [""]


def test_a_circle_is_refused_and_named(people: Any, street: UUID, bridge: UUID, station: UUID) -> None:
    link(people, street, bridge, LinkType.DEPENDS_ON)
    link(people, bridge, station, LinkType.DEPENDS_ON)
    with pytest.raises(Conflict) as refused:
        link(people, station, street, LinkType.DEPENDS_ON)
    assert "Gare → Rue du Pont → Passerelle → Gare" in str(refused.value)
    assert seen(people.actor("governor"), station) == [("depends_on", "in", "Passerelle")]
    # a way back of another kind is no circle
    link(people, station, street, LinkType.COMPLEMENTS)
    link(people, station, street, LinkType.PART_OF)


def test_the_circle_does_not_name_what_one_may_not_see(
    people: Any, street: UUID, bridge: UUID, station: UUID
) -> None:
    link(people, street, station, LinkType.DEPENDS_ON)
    link(people, station, bridge, LinkType.DEPENDS_ON)
    with pytest.raises(Conflict) as refused:
        link(people, bridge, street, LinkType.DEPENDS_ON, "lead")
    assert "Passerelle → Rue du Pont → … → Passerelle" in str(refused.value)
    assert "Gare" not in str(refused.value)


def test_changing_a_link_may_open_a_circle_but_not_close_one(
    people: Any, street: UUID, bridge: UUID, station: UUID
) -> None:
    made = link(people, street, bridge, LinkType.DEPENDS_ON)
    turned = link(people, bridge, street, LinkType.COMPLEMENTS)
    with pytest.raises(Conflict):
        link(people, bridge, street, LinkType.DEPENDS_ON, item_id=turned)
    link(people, street, station, LinkType.DEPENDS_ON, item_id=made)  # the first way is gone
    link(people, bridge, street, LinkType.DEPENDS_ON, item_id=turned)


def test_no_link_to_itself_nor_out_of_the_territory(people: Any, street: UUID, valbelle: Any) -> None:
    from belvedere.domains.territory.models import Territory

    with pytest.raises(InvalidInput):
        link(people, street, street, LinkType.CONFLICTS)
    other = Territory.objects.create(slug="autre", names={"fr": "Autre"}, country="CH", currency="CHF")
    far = Measure.objects.create(
        territory=other, owner=valbelle.montaigu, title={"fr": "Loin"}, published=True
    )
    with pytest.raises(InvalidInput):
        link(people, street, far.pk, LinkType.DEPENDS_ON)


@pytest.mark.parametrize("who", ["reader", "finance", "office"])
def test_those_who_may_not_link(who: str, people: Any, street: UUID, bridge: UUID) -> None:
    with pytest.raises(Refused):
        link(people, street, bridge, LinkType.DEPENDS_ON, who)


def test_the_neighbour_links_their_own_to_ours_but_not_ours(people: Any, bridge: UUID, station: UUID) -> None:
    link(people, station, bridge, LinkType.DEPENDS_ON, "neighbour")
    with pytest.raises(Refused):
        link(people, bridge, station, LinkType.DEPENDS_ON, "neighbour")
