"""What arrives late goes to history; it never overwrites the present, in whatever order things come."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from belvedere.domains.access.public import Actor
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.models import Attribute
from belvedere.kernel.clock import standing_at
from tests.domains.twin.things import AT, Bin

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_a_newer_value_is_shown(container: Bin) -> None:
    (shown,) = twin.apply_present([container.say("fillingLevel", 0.4, AT)])
    assert (shown.term, shown.number, shown.entity_id) == ("fillingLevel", 0.4, container.entity_id)
    assert (shown.territory_id, shown.observed_at) == (container.territory.id, AT)
    assert container.now("fillingLevel").number == 0.4


def test_a_late_value_changes_nothing_yet_its_thing_was_heard(container: Bin) -> None:
    twin.apply_present([container.say("fillingLevel", 0.4, AT)])
    late = container.say("fillingLevel", 0.9, AT - MINUTE, AT + 5 * MINUTE)
    assert twin.apply_present([late]) == []
    assert container.now("fillingLevel").number == 0.4
    page = container.page()
    assert page.last_seen_at == AT + 5 * MINUTE
    assert page.devices[0].last_seen_at == AT + 5 * MINUTE


def test_the_same_again_changes_nothing(container: Bin) -> None:
    row = container.say("fillingLevel", 0.4, AT)
    assert len(twin.apply_present([row])) == 1
    assert twin.apply_present([row]) == []


def test_a_correction_of_the_same_instant_is_shown(container: Bin) -> None:
    twin.apply_present([container.say("fillingLevel", 0.4, AT, AT)])
    assert len(twin.apply_present([container.say("fillingLevel", 0.5, AT, AT + MINUTE)])) == 1
    assert container.now("fillingLevel").number == 0.5


def test_a_series_that_is_gone_is_passed_over(container: Bin) -> None:
    gone = twin.Present(10**12, 1.0, None, AT, AT, "", "")
    assert [one.term for one in twin.apply_present([gone, container.say("fillingLevel", 0.1, AT)])] == [
        "fillingLevel"
    ]
    assert twin.apply_present([gone]) == []
    assert twin.apply_present([]) == []


Told = st.tuples(
    st.sampled_from(["fillingLevel", "temperature"]),
    st.integers(0, 6),  # minutes at which it was observed
    st.integers(0, 20),  # minutes at which it arrived
    st.floats(0, 1),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(Told, max_size=12), cuts=st.sets(st.integers(0, 12)), seed=st.randoms())
def test_late_never_overwrites_the_present(
    container: Bin, told: list[tuple[str, int, int, float]], cuts: set[int], seed: object
) -> None:
    """Whatever the order and the batches, the newest stands; redelivered, it stands as well."""
    Attribute.objects.update(number=None, value=None, observed_at=None, received_at=None, level=0)
    distinct = {(term, seen, came): value for term, seen, came, value in told}
    rows = [
        container.say(term, value, AT + seen * MINUTE, AT + came * MINUTE)
        for (term, seen, came), value in distinct.items()
    ]
    seed.shuffle(rows)  # type: ignore[attr-defined]
    edges = sorted({0, len(rows), *(cut for cut in cuts if cut < len(rows))})
    for begin, end in pairwise(edges):
        twin.apply_present(rows[begin:end])
    for _again in range(2):
        for term in ("fillingLevel", "temperature"):
            mine = [key for key in distinct if key[0] == term]
            now = container.now(term)
            if mine:
                newest = max(mine, key=lambda key: key[1:])
                assert now.number == distinct[newest]
                assert now.observed_at == AT + newest[1] * MINUTE
            else:
                assert now.number is None
        assert twin.apply_present(rows) == []


def test_words_booleans_and_objects_are_shown(container: Bin) -> None:
    awkward = 'a "quoted" \\ word, {with} signs\nand lines, ’é'
    twin.apply_present([container.say("status", awkward, AT)])
    assert container.now("status").value == awkward
    for minute, value in enumerate((True, {"L1": 1.5, "deep": [None, "x"]}, ["a"]), start=1):
        twin.apply_present([container.say("status", value, AT + minute * MINUTE)])
        assert container.now("status").value == value


def test_a_note_and_a_unit_are_kept(container: Bin) -> None:
    row = twin.Present(container.series["temperature"], 300.0, None, AT, AT, "CEL", 'out, "of" bounds\\')
    twin.apply_present([row])
    now = container.now("temperature")
    assert (now.note, now.unit) == ('out, "of" bounds\\', "CEL")


@pytest.mark.parametrize(
    ("term", "value", "state"),
    [
        ("fillingLevel", 0.79, "normal"),
        ("fillingLevel", 0.8, "watch"),
        ("fillingLevel", 0.95, "alarm"),
        ("batteryLevel", 0.1, "watch"),
        ("status", "ok", "normal"),
        ("status", "lidOpen", "watch"),
        ("status", "burning", "alarm"),
    ],
)
def test_the_state_follows_the_thresholds(container: Bin, term: str, value: object, state: str) -> None:
    (shown,) = twin.apply_present([container.say(term, value, AT)])
    assert (shown.state_before, shown.state_after) == ("normal", state)
    assert container.page().state == state


def test_the_worst_attribute_makes_the_state(container: Bin) -> None:
    twin.apply_present([container.say("fillingLevel", 0.99, AT), container.say("temperature", 12, AT)])
    later = AT + MINUTE
    (shown,) = twin.apply_present([container.say("temperature", 55, later)])
    assert (shown.state_before, shown.state_after) == ("alarm", "alarm")
    assert container.page().state_since == AT
    twin.apply_present([container.say("fillingLevel", 0.1, later)])
    assert (container.page().state, container.page().state_since) == ("watch", later)


def test_a_boolean_has_its_threshold(container: Bin) -> None:
    entity_id = twin.create_entity(
        actor=Actor.system(), territory=container.territory, draft=twin.EntityDraft(kind="traffic-flow")
    )
    twin.register_device(
        actor=Actor.system(),
        territory=container.territory,
        draft=twin.DeviceDraft("loop", entity_id, {"jam": twin.FieldDraft("congested")}),
    )
    target = twin.feeds([("valbelle", "loop")])["valbelle", "loop"].fields["jam"]
    assert target.kind == "boolean"
    (shown,) = twin.apply_present([twin.Present(target.series_id, None, True, AT, AT, "", "")])
    assert shown.state_after == "watch"
    later = AT + MINUTE
    (shown,) = twin.apply_present([twin.Present(target.series_id, None, False, later, later, "", "")])
    assert shown.state_after == "normal"


def test_silence_is_noticed_once_and_ends_with_the_next_value(container: Bin) -> None:
    twin.apply_present([container.say("fillingLevel", 0.99, AT)])
    hour = timedelta(hours=1)
    assert twin.notice_silence(AT + 3 * hour) == ()
    (fell,) = twin.notice_silence(AT + 3 * hour + MINUTE)
    assert (fell.entity_id, fell.before) == (container.entity_id, "alarm")
    assert twin.notice_silence(AT + 4 * hour) == ()
    assert container.page().state == "silent"
    (shown,) = twin.apply_present([container.say("temperature", 9, AT + 5 * hour)])
    assert (shown.state_before, shown.state_after) == ("silent", "alarm")


def test_a_thing_that_never_spoke_falls_silent_too(container: Bin) -> None:
    with standing_at(AT + timedelta(days=1)):
        assert [one.entity_id for one in twin.notice_silence()] == [container.entity_id]


def test_a_job_notices_silence(container: Bin) -> None:
    from belvedere.domains.twin.tasks import notice_silence_later

    with standing_at(AT + timedelta(days=1)):
        notice_silence_later(timestamp=0)
    assert container.page().state == "silent"
