"""How a thing went from state to state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.domains.twin.passages import forget_passages
from belvedere.kernel.clock import standing_at
from tests.domains.twin.things import AT, Bin

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def told(passages: Any) -> list[tuple[Any, str, str]]:
    return [(one.at, one.before.value, one.after.value) for one in passages]


def fill_and_fall_silent(container: Bin) -> None:
    for hour, level in enumerate((0.5, 0.85, 0.86, 0.97)):
        twin.apply_present([container.say("fillingLevel", level, AT + hour * HOUR)])
    twin.notice_silence(AT + 12 * HOUR)
    twin.apply_present([container.say("fillingLevel", 0.1, AT + 13 * HOUR)])


def test_each_change_of_state_is_kept_when_it_was_known(container: Bin) -> None:
    fill_and_fall_silent(container)
    assert told(twin.passages(Actor.system(), container.entity_id)) == [
        (AT + 13 * HOUR, "silent", "normal"),
        (AT + 12 * HOUR, "alarm", "silent"),
        (AT + 3 * HOUR, "watch", "alarm"),
        (AT + HOUR, "normal", "watch"),
    ]
    assert len(twin.passages(Actor.system(), container.entity_id, limit=2)) == 2


def test_a_threshold_set_anew_is_a_passage_too(container: Bin) -> None:
    twin.apply_present([container.say("fillingLevel", 0.5, AT)])
    twin.set_thresholds(
        actor=Actor.system(),
        entity_id=container.entity_id,
        term="fillingLevel",
        thresholds=twin.Thresholds(watch_high=0.4),
    )
    (one,) = twin.passages(Actor.system(), container.entity_id)
    assert (one.before, one.after) == (twin.State.NORMAL, twin.State.WATCH)


def test_what_fails_leaves_no_passage(container: Bin) -> None:
    from django.db import transaction

    with pytest.raises(RuntimeError), transaction.atomic():
        twin.apply_present([container.say("fillingLevel", 0.99, AT)])
        raise RuntimeError
    assert twin.passages(Actor.system(), container.entity_id) == ()


def test_a_replay_knows_the_states_at_its_start(container: Bin) -> None:
    fill_and_fall_silent(container)
    here = container.territory.id
    found = twin.passages_between(Actor.system(), here, AT + 2 * HOUR, AT + 13 * HOUR)
    assert dict(found.at_start) == {container.entity_id: twin.State.WATCH}
    assert told(found.passages) == [
        (AT + 3 * HOUR, "watch", "alarm"),
        (AT + 12 * HOUR, "alarm", "silent"),
    ]
    after = twin.passages_between(Actor.system(), here, AT + 13 * HOUR + MINUTE, AT + 14 * HOUR)
    assert (dict(after.at_start), after.passages) == ({}, ())
    other = twin.Wanted(kinds=("weather",))
    assert twin.passages_between(Actor.system(), here, AT, AT + 20 * HOUR, other).passages == ()


def test_a_replay_of_very_many_starts_later(container: Bin, monkeypatch: pytest.MonkeyPatch) -> None:
    fill_and_fall_silent(container)
    monkeypatch.setattr("belvedere.domains.twin.passages.MOST", 2)
    found = twin.passages_between(Actor.system(), container.territory.id, AT, AT + 20 * HOUR)
    assert AT + 12 * HOUR < found.start <= AT + 13 * HOUR
    assert dict(found.at_start) == {container.entity_id: twin.State.SILENT}
    assert told(found.passages) == [(AT + 13 * HOUR, "silent", "normal")]


def test_who_may_not_know_of_the_thing_knows_not_how_it_went(container: Bin, valbelle: Any) -> None:
    fill_and_fall_silent(container)
    stranger = Actor.public()
    with pytest.raises(NoSuchEntity):
        twin.passages(stranger, container.entity_id)
    assert twin.passages_between(stranger, container.territory.id, AT, AT + 20 * HOUR).passages == ()
    twin.edit_entity(
        actor=Actor.system(),
        entity_id=container.entity_id,
        change=twin.EntityChange(visibility=twin.Visibility.PUBLIC),
    )
    assert len(twin.passages(stranger, container.entity_id)) == 4


def test_passages_are_forgotten_after_thirteen_months(container: Bin) -> None:
    fill_and_fall_silent(container)
    with standing_at(AT + timedelta(days=400) + 2 * HOUR):
        assert forget_passages() == 1
    assert len(twin.passages(Actor.system(), container.entity_id)) == 3
