"""The longest files begin: one of them at the end would keep one worker while the others are done."""

from __future__ import annotations

import pytest

LONGEST = ("test_up", "test_ingest", "test_grown_up")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONGEST)))
