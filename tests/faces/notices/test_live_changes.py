"""What changes is told to the pages that are open: values, states, silence, and what things are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from belvedere.domains.context import public as context
from belvedere.domains.intake import public as intake
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.engines import changes, telling
from belvedere.engines.changes import Change, Told
from belvedere.kernel.clock import now
from belvedere.standards.ngsi_ld.documents import Instance, Kind
from tests.domains.automation.examples import container as bin_of
from tests.domains.automation.examples import raise_one, rule
from tests.people import People, Valbelle

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(feeds_anew: None) -> Iterator[list[Told]]:
    heard: list[Told] = []
    telling.use(heard.extend)
    yield heard
    telling.use(None)


def container(people: People, valbelle: Valbelle) -> int:
    territory, actor = territory_by_slug("valbelle"), people.actor("governor")
    draft = twin.EntityDraft(
        kind="waste-container", owner_id=valbelle.montaigu.pk, visibility=twin.Visibility.SHARED
    )
    entity_id = twin.create_entity(actor=actor, territory=territory, draft=draft)
    twin.register_device(actor=actor, territory=territory, draft=twin.DeviceDraft("bac-1", entity_id))
    return entity_id


def tell(values: dict[str, Any], seq: int, minutes: int) -> None:
    at = now() - timedelta(minutes=minutes)
    intake.take("test", [intake.Message("devices.valbelle.bac-1", json.dumps(values).encode(), seq, at)])


def test_a_value_told_through_ngsi_ld_is_told_like_one_of_a_device(
    people: People, valbelle: Valbelle, told: list[Told], django_capture_on_commit_callbacks: Any
) -> None:
    thing = container(people, valbelle)
    tell({"fillingLevel": 0.2}, 1, 5)
    territory, actor = territory_by_slug("valbelle"), people.actor("governor")
    (held,) = twin.held_by_id(territory.id, [thing]).values()
    (name,) = (one.name for one in held.row.attributes if one.name.endswith("/fillingLevel"))
    told.clear()
    with django_capture_on_commit_callbacks(execute=True):
        context.partial_update(
            actor=actor,
            territory=territory,
            urn=held.row.urn,
            name=name,
            instances=[Instance(kind=Kind.PROPERTY, value=0.4)],
        )
    (change,) = understood(told)
    (value,) = change.values
    assert (value.thing, value.term, value.number, value.level) == (thing, "fillingLevel", 0.4, 0)
    assert (value.owner, value.visibility, value.kept) == (valbelle.montaigu.pk, "shared", None)


def understood(told: list[Told]) -> list[Change]:
    return [changes.understood(one.payload) for one in told]


def test_values_and_states_are_told_after_commit_with_who_may_know(
    people: People, valbelle: Valbelle, told: list[Told], django_capture_on_commit_callbacks: Any
) -> None:
    thing = container(people, valbelle)
    assert told == []
    with django_capture_on_commit_callbacks(execute=True):
        tell({"fillingLevel": 0.97}, 1, 5)
        assert told == []
    assert {one.territory_id for one in told} == {valbelle.territory.pk}
    states, values = understood(told)
    (state,) = states.states
    assert (state.thing, state.before, state.after) == (thing, "normal", "alarm")
    (value,) = values.values
    assert (value.thing, value.term, value.number, value.level) == (thing, "fillingLevel", 0.97, 2)
    for one in (state, value):
        assert (one.owner, one.visibility) == (valbelle.montaigu.pk, "shared")
    assert value.kept is None

    told.clear()
    with django_capture_on_commit_callbacks(execute=True):
        tell({"fillingLevel": 0.96}, 2, 4)
    (values,) = understood(told)
    assert [one.number for one in values.values] == [0.96] and not values.states


def test_silence_is_told_and_that_it_ends_even_by_a_late_value(
    people: People, valbelle: Valbelle, told: list[Told], django_capture_on_commit_callbacks: Any
) -> None:
    thing = container(people, valbelle)
    tell({"fillingLevel": 0.5}, 1, 5)
    with django_capture_on_commit_callbacks(execute=True):
        twin.notice_silence(now() + timedelta(days=1))
        twin.notice_silence(now() + timedelta(days=1))
    ((silent,),) = (one.states for one in understood(told))
    assert (silent.thing, silent.before, silent.after) == (thing, "normal", "silent")
    told.clear()
    with django_capture_on_commit_callbacks(execute=True):
        tell({"t": (now() - timedelta(hours=1)).isoformat(), "fillingLevel": 0.4}, 2, 1)
    (back,) = understood(told)
    assert [(one.before, one.after) for one in back.states] == [("silent", "normal")] and not back.values


def test_what_things_are_is_read_anew(
    people: People, valbelle: Valbelle, told: list[Told], django_capture_on_commit_callbacks: Any
) -> None:
    anew = changes.reset(valbelle.territory.pk)
    actor = people.actor("governor")
    with django_capture_on_commit_callbacks(execute=True):
        thing = container(people, valbelle)
    assert told == [anew]
    with django_capture_on_commit_callbacks(execute=True):
        twin.edit_entity(actor=actor, entity_id=thing, change=twin.EntityChange(names={"fr": "Bac"}))
    assert told == [anew] * 2
    (found,) = twin.devices(actor, valbelle.territory.pk).rows
    twin.revoke_device(actor=actor, device_id=found.id)
    with django_capture_on_commit_callbacks(execute=True):
        twin.remove_entity(actor=actor, entity_id=thing)
    assert told == [anew] * 3


def test_alarms_that_move_are_told_by_their_owners(
    valbelle: Valbelle, told: list[Told], django_capture_on_commit_callbacks: Any
) -> None:
    made = rule(valbelle.montaigu.pk)
    thing = bin_of(valbelle.montaigu.pk)
    with django_capture_on_commit_callbacks(execute=True):
        raise_one(made.id, thing)
    assert [changes.understood(one.payload).alarms for one in told if b"alarms" in one.payload] == [
        [valbelle.montaigu.pk]
    ]
