"""Two measures of Montaigu and one of Rochefort to follow."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest


def _make(valbelle: Any, owner: Any, title: str, **more: Any) -> UUID:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.public import actions
    from tests.domains.plans.drafts import full

    return actions.create_measure(
        actor=Actor.system(),
        territory_id=valbelle.territory.pk,
        draft=full(owner, valbelle.canton, title=title, **more),
    )


@pytest.fixture
def street(valbelle: Any) -> UUID:
    """Of Montaigu, not published."""
    return _make(valbelle, valbelle.montaigu, "Rue du Pont")


@pytest.fixture
def bridge(valbelle: Any) -> UUID:
    """Of Montaigu, published."""
    return _make(valbelle, valbelle.montaigu, "Passerelle", published=True)


@pytest.fixture
def station(valbelle: Any) -> UUID:
    """Of Rochefort, not published."""
    return _make(valbelle, valbelle.rochefort, "Gare")
