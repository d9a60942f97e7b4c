"""A programme, and a round that the office opened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

# The examples speak of tables: they are loaded once the settings are.


@pytest.fixture
def made(valbelle: Any) -> Any:
    from tests.domains.reporting.examples import programme

    return programme(valbelle)


@pytest.fixture
def on_opening_day() -> Iterator[None]:
    from belvedere.kernel.clock import standing_at
    from tests.domains.reporting.examples import NOW

    with standing_at(NOW):
        yield


@pytest.fixture
def round_id(valbelle: Any, people: Any, made: Any, on_opening_day: None) -> UUID:
    from tests.domains.reporting.examples import opened

    return opened(valbelle, people.actor("office"), made)
