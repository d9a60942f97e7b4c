"""A receiver on loopback, and what a process knows of subscriptions forgotten between tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.domains.webhooks.receiver import Receiver, receiving


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The database of a test goes back in time, and its process is the only one."""
    from belvedere.domains.exchange import watching

    monkeypatch.setattr(watching, "FRESH_S", 0.0)
    watching.forget()
    yield
    watching.forget()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOKS_PRIVATE = True
    with receiving() as made:
        yield made
