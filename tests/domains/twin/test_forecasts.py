"""A forecast as a value: its two forms, its unit, and what is none."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import pytest

from belvedere.domains.twin.describing import descriptions
from belvedere.domains.twin.errors import BadForecast
from belvedere.domains.twin.forecasts import forecast, forecast_or_none, range_of, turned

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
PAIRS = {"values": [[2.1, "2026-11-23T12:00:00Z"], [None, "2026-11-23T14:00:00+01:00"], [3, NOON + 7200]]}
STEPS = {"start": "2026-11-23T12:00:00Z", "every_s": 1800, "values": [1, 2.5, None]}


def test_pairs_and_even_steps_say_what_is_expected_when() -> None:
    found = forecast(PAIRS)
    assert [at for at, _number in found] == [NOON, NOON + 3600, NOON + 7200]
    assert (found[0][1], found[2][1]) == (2.1, 3.0) and math.isnan(found[1][1])
    assert [at - NOON for at, _number in forecast(STEPS)] == [0, 1800, 3600]


def test_between_what_and_what_and_until_when() -> None:
    low, high, until = range_of(forecast(PAIRS)) or (0, 0, None)
    assert (low, high) == (2.1, 3.0) and until is not None and until.timestamp() == NOON + 7200
    assert range_of(forecast({**STEPS, "values": [None]})) is None


@pytest.mark.parametrize("given", [PAIRS, STEPS])
def test_another_unit_keeps_the_instants_and_the_gaps(given: dict[str, Any]) -> None:
    before, after = forecast(given), forecast(turned(given, lambda number: number * 100))
    assert [at for at, _number in before] == [at for at, _number in after]
    assert [number * 100 for _at, number in before] == pytest.approx(
        [number for _at, number in after], nan_ok=True
    )


def test_a_number_that_grows_too_large_in_its_unit_is_refused() -> None:
    with pytest.raises(BadForecast):
        turned({"values": [[1e308, NOON]]}, lambda number: number * 1000)


@pytest.mark.parametrize(
    "given",
    [
        None,
        3.2,
        "storm",
        [],
        {},
        {"values": []},
        {"values": "many"},
        {"values": [3]},
        {"values": [[3, "tomorrow"]]},
        {"values": [[3, "2026-11-23T12:00:00"]]},
        {"values": [["3", NOON]]},
        {"values": [[True, NOON]]},
        {"values": [[3, NOON], [4, NOON]]},
        {"values": [[3, NOON + 60], [4, NOON]]},
        {"values": [[3, NOON + n] for n in range(1001)]},
        {"values": [[10**400, NOON]]},
        {"values": [[3, 10**400]]},
        {"values": [[3, "9999-12-31T23:59:59Z"]]},
        {"values": [[3, -(10**10)]]},
        {"start": "2900-01-01T00:00:00Z", "every_s": 366 * 86_400, "values": [3] * 200},
        {"start": NOON, "every_s": 10**400, "values": [3]},
        {"start": NOON, "values": [3]},
        {"start": NOON, "every_s": 0, "values": [3]},
        {"start": NOON, "every_s": True, "values": [3]},
        {"start": "soon", "every_s": 60, "values": [3]},
    ],
)
def test_what_is_no_forecast_is_refused_with_a_sentence(given: Any) -> None:
    with pytest.raises(BadForecast) as refused:
        forecast(given)
    assert str(refused.value) and "{" not in str(refused.value)
    assert forecast_or_none(given) is None


def test_what_is_forecast_is_described_like_what_comes() -> None:
    gauge = descriptions()["water-observed"].attributes
    level, told = gauge["waterLevel"], gauge["waterLevelForecast"]
    assert level.forecast == told.term and told.forecast_of == level.term
    assert told.unit == level.unit and told.labels["de"] == "Wasserstand (Vorhersage)"
    assert told.iri.endswith("default-context/waterLevelForecast")
    assert not gauge["swellHeight"].forecast
