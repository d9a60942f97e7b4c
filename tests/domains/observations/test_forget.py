"""What goes with a removed thing, and who says how long readings are kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.observations import forgetting
from belvedere.domains.observations.errors import NoSuchSeries
from belvedere.domains.observations.models import Forgotten, Rule
from belvedere.domains.observations.public import Reading, Width, bulk, keep, series, settle_due, store
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.duties.journal.public import entries_of
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import Refused
from tests.people import People, Valbelle

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVER = (datetime(1990, 1, 1, tzinfo=UTC), NOON + timedelta(days=30))


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with standing_at(NOON):
        yield


def thing(valbelle: Valbelle, name: str = "Bac") -> tuple[int, int]:
    """A container that says its filling level: its number and that of the series."""
    entity_id = twin.create_entity(
        actor=Actor.system(),
        territory=territory_by_slug("valbelle"),
        draft=twin.EntityDraft(
            kind="waste-container",
            names={"fr": name},
            owner_id=valbelle.montaigu.pk,
            attributes=(twin.AttributeDraft("fillingLevel", 0.5),),
        ),
    )
    (one,) = twin.entity_page(Actor.system(), entity_id).attributes
    return entity_id, one.series_id


def readings(series_id: int, days: int, step: int = 6) -> list[Reading]:
    start = NOON - timedelta(days=days)
    return [
        Reading(series_id, start + timedelta(hours=hour), float(hour), None, hour, NOON)
        for hour in range(0, days * 24, step)
    ]


def test_the_history_of_a_removed_thing_goes_from_hot_late_and_lake(valbelle: Valbelle) -> None:
    (gone, one), (_stays, other) = thing(valbelle), thing(valbelle, "Autre")
    past = [*readings(one, 60), *readings(other, 60)]
    bulk([row for row in past if row.observed_at < NOON - timedelta(days=5)], name="past")
    store([row for row in past if row.observed_at >= NOON - timedelta(days=5)])
    settle_due()
    late = NOON - timedelta(days=20, hours=1)
    store([Reading(number, late, 7.0, None, 9999, NOON) for number in (one, other)])
    keep(actor=Actor.system(), series_id=one, raw_days=30, width=Width.HOUR, kept_days=None)
    right = len(series(other, *EVER))
    assert len(series(one, *EVER)) == right == 241
    twin.remove_entity(actor=Actor.system(), entity_id=gone)
    assert len(series(one, *EVER)) == right  # not yet: the lake writes whole days anew
    assert forgetting.forget_removed() == 1
    assert (len(series(one, *EVER)), len(series(other, *EVER))) == (0, right)
    assert not Rule.objects.exists()
    # A batch that was under way brings one more; it goes with the next call, until the day is over.
    store([Reading(one, NOON, 1.0, None, 1, NOON)])
    with standing_at(NOON + timedelta(days=2)):
        forgetting.forget_removed()
        assert len(series(one, *EVER)) == 0
        assert Forgotten.objects.get().done_at is not None
        assert forgetting.forget_removed() == 0
    settle_due()
    assert len(series(other, *EVER)) == right


def test_what_is_not_removed_in_the_end_keeps_its_history(valbelle: Valbelle) -> None:
    from django.db import transaction

    entity_id, one = thing(valbelle)
    store(readings(one, 1))
    try:
        with transaction.atomic():
            twin.remove_entity(actor=Actor.system(), entity_id=entity_id)
            raise RuntimeError
    except RuntimeError:
        pass
    assert forgetting.forget_removed() == 0
    assert len(series(one, *EVER)) == 4


def test_a_rule_is_in_the_journal_with_who_set_it(valbelle: Valbelle, people: People) -> None:
    entity_id, one = thing(valbelle)
    given = {"series_id": one, "raw_days": 30, "width": Width.HOUR, "kept_days": 400}
    keep(actor=people.actor("contributor"), **given, reason="Règlement")
    keep(actor=people.actor("contributor"), **given)  # the same again says nothing
    keep(actor=people.actor("governor"), **{**given, "raw_days": 60})
    told = [
        entry
        for entry in entries_of(("twin.entity", str(entity_id))).rows
        if entry.verb == "observations.keep"
    ]
    assert sorted((entry.actor_label, entry.after["raw_days"], entry.reason) for entry in told) == [
        ("Contributor", 30, "Règlement"),
        ("Governor", 60, ""),
    ]
    assert {entry.after["attribute"] for entry in told} == {"fillingLevel"}


@pytest.mark.parametrize(
    ("who", "error"), [("reader", Refused), ("neighbour", NoSuchSeries), ("elected", Refused)]
)
def test_only_who_manages_the_thing_says_how_long(
    who: str, error: type[Exception], valbelle: Valbelle, people: People
) -> None:
    """A reader differs from a contributor by the role, a neighbour from a lead by the organisation."""
    _entity, one = thing(valbelle)
    with pytest.raises(error):
        keep(actor=people.actor(who), series_id=one, raw_days=30, width=None, kept_days=None)
    with pytest.raises(NoSuchSeries):  # readings of no thing: the platform's alone
        keep(actor=people.actor("governor"), series_id=10**9, raw_days=30, width=None, kept_days=None)
    assert not Rule.objects.exists()
