"""Fixtures of scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.domains.commands.lamps import Lamps
    from tests.people import People, Valbelle


@pytest.fixture
def lamps(people: People, valbelle: Valbelle) -> Lamps:
    from tests.domains.commands.lamps import set_up

    return set_up(people, valbelle)
