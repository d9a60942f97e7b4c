"""A forecast through the door: kept, watched, given back."""

from __future__ import annotations

from typing import Any

import pytest

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.models import Alarm
from belvedere.kernel.clock import standing_at
from belvedere.science.alarms.conditions import Side
from tests.domains.automation.conftest import _asked_anew
from tests.domains.automation.examples import AT, rule
from tests.domains.automation.judged import judge

__all__ = ["_asked_anew"]
pytestmark = pytest.mark.django_db


def test_a_forecast_that_comes_by_the_door_is_watched_in_the_unit_of_what_it_is_of(asks: Any) -> None:
    """The value that is kept, the rule that it raises, and what the door gives back."""
    urn = "urn:ngsi-ld:WaterObserved:1"
    expected = {"values": [[120, "2026-11-22T09:00:00Z"], [260, "2026-11-22T12:00:00Z"]]}
    gauge = {
        "id": urn,
        "type": "https://smartdatamodels.org/dataModel.Environment/WaterObserved",
        "waterLevelForecast": {
            "type": "Property",
            "value": expected,
            "unitCode": "CMT",
            "observedAt": "2026-11-22T08:05:00Z",
        },
    }
    with standing_at(AT):
        assert asks("contributor")("POST", "entities", gauge).status == 201
        rule(
            None,
            automation.Body(
                watched=automation.Watched(kind="water-observed"),
                clauses=(
                    automation.Clause("waterLevelForecast", automation.Foreseen(Side.ABOVE, 2.5, 6 * 3600.0)),
                ),
            ),
        )
    judge(automation.Judge(), 60)
    (alarm,) = Alarm.objects.all()
    assert (alarm.values[0]["number"], alarm.values[0]["unit"]) == (2.6, "MTR")
    told = asks("contributor")("GET", f"entities/{urn}").json["waterLevelForecast"]
    assert told["unitCode"] == "MTR" and [number for number, _at in told["value"]["values"]] == [1.2, 2.6]
