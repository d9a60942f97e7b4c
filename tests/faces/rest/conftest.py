"""Who and what the doors are tried on, made once a module: each test finds it as it was made."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest

from tests.lighting import Lighting, make_lighting
from tests.people import People, Valbelle, make_people, make_valbelle


@dataclass
class World:
    """People, a contract for the lights, and a lamp with all that hangs together."""

    valbelle: Valbelle
    people: People
    lighting: Lighting
    supervised: Any


@pytest.fixture(scope="module")
def _made(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    from django.db import transaction

    from tests.faces.rest.supervision import supervise

    with django_db_blocker.unblock(), transaction.atomic():
        valbelle = make_valbelle()
        people = make_people(valbelle)
        lighting = make_lighting(people, valbelle)
        yield World(valbelle, people, lighting, supervise(valbelle, people, lighting))
        transaction.set_rollback(True)


@pytest.fixture
def world(_made: World, db: None) -> World:
    """A copy: what a test changes of the rows in its hands is its own, as in the database."""
    return deepcopy(_made)
