"""`belvedere live`: what a person types about the history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from belvedere.domains.observations.models import Rule
from belvedere.domains.observations.public import Reading, series, store
from belvedere.faces.cli.live import app
from belvedere.kernel.clock import standing_at
from belvedere.kernel.errors import BelvedereError

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVER = (datetime(1990, 1, 1, tzinfo=UTC), NOON)


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with standing_at(NOON):
        yield


def run(*words: str) -> str:
    result = CliRunner().invoke(app, list(words))
    if isinstance(result.exception, BelvedereError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def test_a_file_is_looked_at_then_loaded(tmp_path: Path) -> None:
    file = tmp_path / "bins.csv"
    file.write_text("at,site,share\n2026-01-01T00:00:00Z,a,0.5\n2026-01-01T01:00:00Z,b,\n")
    words = ["load", str(file), "--time", "at", "--number", "share", "--key", "site", "--series", "a=4"]
    words += ["--series", "b=5"]
    assert "1 " in run(*words, "--dry-run") and len(series(4, *EVER)) == 0
    run(*words)
    assert series(4, *EVER).numbers.tolist() == [0.5]
    with pytest.raises(BelvedereError, match="--series"):
        run(*words[:-4], "--series", "four", "--series", "five")


def test_days_are_settled() -> None:
    store([Reading(1, datetime(2026, 11, 18, tzinfo=UTC), 1.0, None, 1, NOON)])
    assert "1 " in run("settle", "--day", "2026-11-18")
    assert "0 " in run("settle")


def test_a_rule_is_set() -> None:
    run("keep", "7", "--raw-days", "30", "--width", "1h", "--kept-days", "400")
    assert Rule.objects.values_list("raw_days", "width", "kept_days").get(series_id=7) == (30, "1h", 400)
    with pytest.raises(BelvedereError, match="15m"):
        run("keep", "7", "--raw-days", "30", "--width", "2h")
