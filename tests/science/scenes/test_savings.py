"""What is saved, against figures reckoned by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from belvedere.science.scenes.programs import Moment
from belvedere.science.scenes.savings import Inputs, full_hours, saved, stretches

DUSK = datetime(2026, 1, 19, 16, tzinfo=UTC)


def test_a_night_by_hand() -> None:
    hour = timedelta(hours=1)
    moments = [Moment(DUSK + 6 * hour, 30.0), Moment(DUSK + 12 * hour, 70.0), Moment(DUSK + 15 * hour, 0.0)]
    found = stretches(moments, DUSK, DUSK + 24 * hour, 1.0)
    assert [(one.hours, one.level) for one in found] == [(6, 1.0), (6, 0.3), (3, 0.7), (9, 0.0)]
    after_h = full_hours(found)
    assert after_h == pytest.approx(6 + 1.8 + 2.1)
    # Ten lamps of 40 W, 15 h of full light before: 6 kWh, then 3.96 kWh.
    told = saved(Inputs(40, Decimal("0.25"), 128), 10 * 15, 10 * after_h)
    assert told.before_kwh == pytest.approx(6.0)
    assert told.after_kwh == pytest.approx(3.96)
    assert told.kwh == pytest.approx(2.04)
    assert told.money == Decimal("0.51")
    assert told.co2_kg == pytest.approx(0.26112)
    assert told.share == pytest.approx(0.34)


def test_a_moment_before_the_begin_tells_the_first_level() -> None:
    found = stretches([Moment(DUSK - timedelta(hours=1), 50.0)], DUSK, DUSK + timedelta(hours=2), 1.0)
    assert [(one.hours, one.level) for one in found] == [(2, 0.5)]
    assert saved(Inputs(40, Decimal(1), 0), 0, 0).share == 0
