"""What a process knows of watched series is asked anew at each batch: the database of a test goes back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from belvedere.domains.automation import noticing, watching

    monkeypatch.setattr(watching, "FRESH_S", 0.0)
    monkeypatch.setattr(noticing, "PAUSE_S", 0.0)
    watching.forget()
    yield
    watching.forget()
