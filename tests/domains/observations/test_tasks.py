"""What the clock does by the hour and by night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from belvedere.domains.observations import settling, tasks
from belvedere.domains.observations.models import LakeFile, Settled
from belvedere.domains.observations.public import Reading, series, store
from belvedere.kernel.clock import standing_at

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_by_the_hour_days_settle_and_by_night_the_lake_is_tidied_up() -> None:
    rows = [Reading(1, NOON - timedelta(days=day), float(day), None, 1, NOON) for day in range(20)]
    with standing_at(NOON):
        store(rows)
        tasks.settle_later.func(timestamp=0)
        assert Settled.objects.filter(state="released").count() == 17
        tasks.tidy_later.func(timestamp=0)
        assert LakeFile.objects.count() < 17
    assert series(1, NOON - timedelta(days=30), NOON + timedelta(days=1)).numbers.tolist() == [
        float(day) for day in range(19, -1, -1)
    ]


def test_a_job_leaves_to_another_what_the_other_does(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy() -> int:
        raise settling.AlreadySettling("busy")

    monkeypatch.setattr(settling, "settle_due", busy)
    tasks.settle_later.func(timestamp=0)
