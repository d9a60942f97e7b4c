"""The devices of the demo: some forty, invented and marked so, with every kind of fault, in little time."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from belvedere.demo import ground, live
from belvedere.domains.access.public import Actor
from belvedere.domains.intake import public as intake
from belvedere.domains.observations import public as observations
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.kernel.clock import now
from tests.demo.test_demo import filled, needs_maps  # noqa: F401 (a fixture)

pytestmark = [pytest.mark.django_db, needs_maps]


def test_forty_devices_with_each_fault(filled: Any) -> None:  # noqa: F811
    territory, actor = territory_by_slug(ground.SLUG), Actor.system("test")
    found = twin.entities_in(actor, territory.id)
    assert found.total == sum(len(keys) for _fr, _de, keys in live.PLACES.values()) == 40
    assert set(found.by_state) == set(twin.State)
    assert len({dot.kind for dot in found.dots}) >= 9
    assert all(dot.place_id for dot in found.dots)
    assert all(dot.owner_id for dot in found.dots)
    for dot in found.dots:
        view = twin.entity_page(actor, dot.id)
        assert live.MARK in [one.value for one in view.attributes]
        assert view.devices[0].key.startswith("demo-")


def test_the_books_balance_and_hold_every_outcome(filled: Any) -> None:  # noqa: F811
    territory, actor = territory_by_slug(ground.SLUG), Actor.system("test")
    books = intake.ledger(actor, territory.id, now() - timedelta(days=15), now() + timedelta(hours=1))
    whole = books.whole
    assert whole.balances
    assert (whole.late >= 4, whole.duplicate, whole.refused) == (True, 6, 29)
    assert dict(books.reasons) == {
        intake.Reason.UNKNOWN_FIELD: 18,
        intake.Reason.UNKNOWN_DEVICE: 5,
        intake.Reason.NOT_JSON: 3,
        intake.Reason.NOT_A_NUMBER: 2,
        intake.Reason.FUTURE: 1,
    }


def test_fourteen_days_of_history_with_one_that_is_stuck_and_one_that_was_silent(
    filled: Any,  # noqa: F811
) -> None:
    territory, actor = territory_by_slug(ground.SLUG), Actor.system("test")
    views = {}
    for dot in twin.entities_in(actor, territory.id).dots:
        view = twin.entity_page(actor, dot.id)
        views[view.devices[0].key] = view

    def numbers(key: str, term: str) -> observations.Points:
        number = next(one.series_id for one in views[key].attributes if one.term == term)
        return observations.series(number, now() - timedelta(days=15), now())

    stuck = numbers("demo-water-observed-02", "height")
    assert (len(stuck) > 300, len(set(stuck.numbers.tolist()))) == (True, 1)
    moving = numbers("demo-waste-container-01", "fillingLevel")
    assert len(moving) > 300
    assert max(Counter(moving.numbers.tolist()).values()) < 20
    away = numbers("demo-waste-container-02", "fillingLevel")
    gaps = [later - earlier for earlier, later in zip(away.times, away.times[1:], strict=False)]
    assert max(gap.astype("timedelta64[h]").astype(int) for gap in gaps) >= 35
    assert views["demo-waste-container-09"].state is twin.State.SILENT


def test_nobody_takes_them_for_real() -> None:
    assert re.search("invent", live.MARK, re.IGNORECASE)
