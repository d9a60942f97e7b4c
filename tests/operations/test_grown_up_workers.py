"""Several processes of ingest on one home: how many, what they are called, what is told of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from belvedere.engines import pulse
from belvedere.engines.home import Home
from belvedere.kernel.errors import InvalidInput
from belvedere.project.operations import platform


@pytest.mark.parametrize("given", ["0", "17", "two", "-1", "1.5"])
def test_a_number_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv(platform.INGEST_WORKERS, given)
    with pytest.raises(InvalidInput, match="from 1 to 16"):
        platform.ingest_workers()


@pytest.mark.parametrize(("given", "many"), [("", 1), ("1", 1), ("16", 16)])
def test_one_unless_more_are_asked_for(monkeypatch: pytest.MonkeyPatch, given: str, many: int) -> None:
    monkeypatch.setenv(platform.INGEST_WORKERS, given)
    assert platform.ingest_workers() == many


def test_what_is_told_is_of_the_one_that_works(tmp_path: Path) -> None:
    home = Home(tmp_path)
    one, two, three = platform.ingest_names(3)
    assert pulse.felt(home, "ingest") is None
    pulse.beat(home, one, {"state": "standing by"})
    assert (pulse.felt(home, "ingest") or {})["state"] == "standing by"
    pulse.beat(home, three, {"state": "ready", "lag_s": 3})
    pulse.beat(home, two, {"state": "standing by"})
    assert (pulse.felt(home, "ingest") or {})["lag_s"] == 3
    assert (pulse.said(home, one) or {})["state"] == "standing by"
    pulse.forget(home, three)
    assert (pulse.felt(home, "ingest") or {})["state"] == "standing by"
