"""Each page hears what its reader may know of, all of it and nothing twice for nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest

from belvedere.engines import changes
from belvedere.engines.changes import Stream
from belvedere.faces.live import hub as module
from belvedere.faces.live.ring import OVERHEAD_BYTES, Position, Ring
from belvedere.kernel.audiences import Audience
from tests.faces.live.hearing import (
    BIRTH,
    ELSEWHERE,
    EVERYONE,
    HERE,
    MEMBER,
    MONTAIGU,
    ROCHEFORT,
    Bus,
    events,
    heard,
    state,
    value,
)

Scene = Callable[[], Coroutine[Any, Any, None]]


def in_loop(scene: Scene) -> Callable[[], None]:
    def test() -> None:
        asyncio.run(scene())

    test.__name__, test.__doc__ = scene.__name__, scene.__doc__
    return test


NEIGHBOUR = Audience(shared=True, owners=frozenset({ROCHEFORT}))
OUTSIDE = Audience(owners=frozenset({MONTAIGU}))


@pytest.mark.parametrize(
    ("audience", "seen"),
    [
        (Audience(everything=True), {1, 2, 3, 4}),
        (MEMBER, {1, 2, 3}),
        (NEIGHBOUR, {2, 3, 4}),  # differs by the owner only
        (OUTSIDE, {1, 2, 3}),  # its own, though it has no role here
        (Audience(shared=True), {2, 3}),
        (EVERYONE, {3}),
    ],
)
def test_who_hears_of_which_thing(audience: Audience, seen: set[int]) -> None:
    async def scene() -> None:
        bus = Bus()
        listener = bus.enter(audience, {1, 2, 3, 4})
        rows = [
            (1, MONTAIGU, "own"),
            (2, MONTAIGU, "shared"),
            (3, None, "public"),
            (4, ROCHEFORT, "own"),
        ]
        bus.states(*(state(thing, "alarm", owner, visibility) for thing, owner, visibility in rows))
        bus.values(*(value(thing, owner=owner, visibility=visibility) for thing, owner, visibility in rows))
        told = {name: data for name, data, _id in await heard(listener)}
        assert {thing for thing, _state in told["states"]} == seen
        assert {row[0] for row in told["values"]} == seen

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("audience", "kept", "hears"),
    [
        (MEMBER, "own", True),
        (NEIGHBOUR, "own", False),
        (NEIGHBOUR, "shared", True),
        (EVERYONE, "shared", False),
        (EVERYONE, None, True),
        (EVERYONE, "public", True),
    ],
)
def test_a_value_that_is_kept_closer_than_its_thing(
    audience: Audience, kept: str | None, hears: bool
) -> None:
    async def scene() -> None:
        bus = Bus()
        listener = bus.enter(audience, {1})
        bus.values(value(1, visibility="public", kept=kept), value(1, series=99, visibility="public"))
        ((_name, rows, _id),) = await heard(listener)
        assert {row[1] for row in rows} == ({10, 99} if hears else {99})

    asyncio.run(scene())


@in_loop
async def test_a_value_more_open_than_its_thing_is_not_heard_without_it() -> None:
    bus = Bus()
    listener = bus.enter(EVERYONE, {1, 2})
    bus.values(value(1, visibility="shared", kept="public"), value(2, visibility="public"))
    ((_name, rows, _id),) = await heard(listener)
    assert [row[0] for row in rows] == [2]


@in_loop
async def test_values_are_those_of_the_things_shown_and_states_of_all() -> None:
    bus = Bus()
    one, other = bus.enter(things={1}), bus.enter()
    bus.states(state(1), state(2))
    bus.values(value(1, 0.9), value(2))
    place = f"{BIRTH}-2"
    row = [1, 10, "fillingLevel", 0.9, None, "P1", 1_800_000_000.0, 0]
    assert await heard(one) == [("states", [[1, "alarm"], [2, "alarm"]], ""), ("values", [row], place)]
    assert await heard(other) == [("states", [[1, "alarm"], [2, "alarm"]], place)]


@in_loop
async def test_of_several_changes_the_latest_is_told_and_elsewhere_nothing() -> None:
    bus = Bus()
    one, other = bus.enter(things={1}), bus.enter(things={1}, territory=ELSEWHERE)
    other.waiting.clear()
    for number in (0.1, 0.2, 0.3):
        bus.values(value(1, number))
    bus.states(state(1, "watch"))
    bus.states(state(1, "alarm"))
    (_states, states, _id), (_values, values, _place) = await heard(one)
    assert (states, [row[3] for row in values]) == ([[1, "alarm"]], [0.3])
    assert not other.waiting


@in_loop
async def test_the_same_audience_shares_the_same_bytes() -> None:
    bus = Bus()
    one, other = bus.enter(things={1}), bus.enter(Audience(True), {1})
    twin = bus.enter(Audience(shared=True, owners=frozenset({MONTAIGU})), {1})
    for listener in (one, other, twin):
        listener.waiting.clear()
    gathered = module.Gathered([changes.Change(values=(value(1),))], Position(BIRTH, 1))
    assert gathered._values_seen(MEMBER, one.things) is gathered._values_seen(
        twin.ticket.audience, twin.things
    )
    assert gathered.events(MEMBER, one.things) == gathered.events(other.ticket.audience, other.things)


@in_loop
async def test_who_comes_back_hears_exactly_what_was_missed() -> None:
    bus = Bus()
    first = bus.enter(things={1})
    bus.states(state(1, "watch"))
    ((_name, _rows, place),) = await heard(first)
    bus.hub.leave(first)
    bus.states(state(2))
    bus.states(state(8), territory=ELSEWHERE)
    bus.values(value(1, 0.7), value(3, 0.1))
    again = bus.enter(things={1}, after=place)
    told = await heard(again)
    assert [(name, [row[0] for row in rows]) for name, rows, _id in told] == [
        ("states", [2]),
        ("values", [1]),
    ]
    last = bus.enter(things={1}, after=told[-1][2])
    assert [name for name, *_rest in events(await last.take())] == ["at"]


@in_loop
async def test_the_place_that_a_beat_tells_is_one_up_to_which_all_was_told() -> None:
    bus = Bus()
    listener = bus.enter()
    await listener.take()
    bus.states(state(1))  # gathered, not told yet
    bus.hub.beat()
    ((_name, _data, place),) = events(await listener.take())
    assert place == f"{BIRTH}-0"
    assert [name for name, *_rest in await heard(bus.enter(after=place))] == ["states"]


@in_loop
async def test_what_changed_since_the_page_was_read_is_told_first() -> None:
    bus = Bus()
    bus.states(state(1))
    bus.at += 60
    bus.states(state(2))
    bus.at += 3
    ((_name, rows, _id),) = await heard(bus.enter(back_s=5))
    assert rows == [[2, "alarm"]]
    assert [name for name, *_rest in events(await bus.enter().take())] == ["at"]
    # Other things are shown: also what was told before they were.
    bus.values(value(1), value(2))
    ((_name, rows, _id),) = await heard(bus.enter(things={2}, after=f"{BIRTH}-3", back_s=1))
    assert [row[0] for row in rows] == [2]


@pytest.mark.parametrize("after", [f"{BIRTH - 1}-2", f"{BIRTH}-99", f"{BIRTH}-1", "0-0"])
def test_who_comes_from_another_stream_or_too_late_reads_anew(after: str) -> None:
    async def scene() -> None:
        bus = Bus(first=3)
        bus.states(state(1))
        ((name, data, place),) = await heard(bus.enter(after=after))
        assert (name, data, place) == ("reset", {}, f"{BIRTH}-3")

    asyncio.run(scene())


def test_a_ring_that_is_full_says_what_it_lost_by_territory() -> None:
    def told(seq: int, territory: str = "a", at: float = 0.0) -> changes.Heard:
        return changes.Heard(seq, at, territory, b"x" * 100)

    def numbers(ring: Ring, territory: str, seq: int) -> list[int] | None:
        found = ring.missed(territory, Position(BIRTH, seq))
        return None if found is None else [one.seq for one in found]

    ring = Ring(BIRTH, most_bytes=3 * (100 + OVERHEAD_BYTES))
    for seq, territory in enumerate(("b", "a", "a", "all", "a"), 1):
        ring.add(told(seq, territory))
    assert numbers(ring, "a", 2) == [3, 4, 5]
    assert numbers(ring, "a", 1) is None
    assert numbers(ring, "b", 1) == [4]
    assert numbers(ring, "b", 0) is None
    assert numbers(ring, "c", 0) == [4]
    ring.add(told(6, "a", at=changes.KEPT_S + 1.0))
    assert numbers(ring, "c", 3) is None  # what is for everywhere was lost
    assert numbers(ring, "c", 4) == []
    assert ring.missed("c", None, at=0.0) is None
    assert ring.missed("c", None, at=1.0) == []


@in_loop
async def test_a_stream_made_anew_is_told_and_the_same_one_goes_on() -> None:
    bus = Bus()
    listener = bus.enter()
    await listener.take()
    bus.states(state(1))
    await heard(listener)
    assert bus.hub.begin(Stream(BIRTH, 1, 1)) == 1
    assert not listener.waiting
    assert bus.hub.begin(Stream(BIRTH + 5, 1, 4)) == 0
    assert await heard(listener) == [("reset", {}, f"{BIRTH + 5}-0")]
    assert not bus.hub.is_open  # before what it holds was heard
    for seq in range(1, 5):
        bus.hub.hear(changes.Heard(seq, bus.at, str(HERE), changes.RESET))
    assert bus.hub.is_open


@in_loop
async def test_a_reset_reaches_the_territory_or_all_of_them() -> None:
    bus = Bus()
    here, there = bus.enter(), bus.enter(territory=ELSEWHERE)
    await there.take()
    bus.states(state(1))
    bus.say(changes.reset(HERE))
    assert [name for name, *_rest in await heard(here)] == ["reset"]
    assert not there.waiting
    bus.say(changes.reset())
    assert [name for name, *_rest in await heard(there)] == ["reset"]


@in_loop
async def test_a_slow_reader_is_cut_and_the_others_are_not() -> None:
    bus = Bus()
    slow, quick = bus.enter(), bus.enter()
    for _turn in range(module.MOST_WAITING + 1):
        bus.hub.beat()
        await quick.take()
    assert slow.over.is_set() and not quick.over.is_set()
    assert bus.hub.many == 1
    assert bus.hub.counts["cut"] == 1


@in_loop
async def test_one_that_is_given_more_than_it_may_keep_is_cut() -> None:
    bus = Bus()
    slow = bus.enter()
    assert slow.give(b"x" * module.MOST_WAITING_BYTES) is False
    await slow.take()
    assert slow.give(b"x" * 2 * module.MOST_WAITING_BYTES)  # what it missed may be much: it is one part


@in_loop
async def test_who_has_no_ticket_any_more_is_let_go() -> None:
    bus = Bus()
    old = bus.enter()
    bus.at += 299
    young = bus.enter()
    bus.hub.beat()
    assert not old.over.is_set()
    bus.at += 1
    bus.hub.beat()
    assert old.over.is_set() and not young.over.is_set()


@in_loop
async def test_without_the_bus_everyone_is_let_go() -> None:
    bus = Bus()
    listener = bus.enter()
    bus.hub.close()
    assert listener.over.is_set() and bus.hub.many == 0 and not bus.hub.is_open


def test_what_nobody_of_ours_wrote_is_a_reset() -> None:
    assert changes.understood(b"{").reset
    assert changes.understood(b'{"states": 4}').reset


@pytest.mark.parametrize(
    ("audience", "owner", "hears"),
    [
        (MEMBER, MONTAIGU, True),
        (NEIGHBOUR, MONTAIGU, False),  # works here, for another organisation
        (NEIGHBOUR, None, True),
        (EVERYONE, None, False),
        (Audience(everything=True), ROCHEFORT, True),
    ],
)
def test_who_hears_that_alarms_moved(audience: Audience, owner: UUID | None, hears: bool) -> None:
    async def scene() -> None:
        bus = Bus()
        listener = bus.enter(audience)
        bus.say(changes.alarms(HERE, [owner]), *changes.told(HERE, states=[state(1, visibility="public")]))
        assert ("alarms" in [name for name, _data, _id in await heard(listener)]) is hears

    asyncio.run(scene())
