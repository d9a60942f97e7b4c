"""Schemathesis asks every operation things that fit its description and things that do not.

Nothing may fail on our side, and every answer is one that the document announces.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from belvedere.domains.access import limits
from belvedere.faces.rest.document import document
from tests.faces.rest.asking import holder
from tests.faces.rest.conftest import World
from tests.faces.rest.things import bin_of
from tests.faces.web.plans_examples import street

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

GOVERNED = ("/ledger", "/ledger.csv", "/refused")


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The end of a request would close the connection that the test's transaction lives in."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


described = schemathesis.openapi.from_dict(document())
described.app = get_wsgi_application()  # in process: nothing listens
OPERATIONS: list[Any] = [found.ok() for found in described.get_all_operations()]  # type: ignore[union-attr]


def test_no_two_schemas_share_a_name() -> None:
    """The document would describe both by whichever came last."""
    named: dict[str, set[type]] = {}
    seen: list[Any] = [
        one
        for module in list(sys.modules.values())
        if module.__name__.startswith("belvedere.faces.rest.schemas")
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, BaseModel)
    ]
    while seen:
        one = seen.pop()
        if isinstance(one, type) and issubclass(one, BaseModel | Enum):
            if one in named.setdefault(one.__name__, set()):
                continue
            named[one.__name__].add(one)
            seen += [field.annotation for field in getattr(one, "model_fields", {}).values()]
        else:
            seen += get_args(one)
    assert not {name: found for name, found in named.items() if len(found) > 1}


@pytest.mark.django_db
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_question_breaks_it(operation: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    people = world.people
    monkeypatch.setitem(limits.LIMITS, "api", limits.Limit(1_000_000, 60))
    made = bin_of(world.valbelle)
    known = {
        "slug": "valbelle",
        "measure_id": str(street(world.valbelle)),
        "form": "csv",
        "thing_id": made.thing_id,
        "series_id": made.series_id,
        "device_id": str(made.device_id),
        **world.supervised.parts(world.lighting),
    }
    key = holder(people, "governor" if operation.label.endswith(GOVERNED) else "lead").client.defaults[
        "HTTP_AUTHORIZATION"
    ]

    @settings(
        max_examples=10,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def ask(data: st.DataObject) -> None:
        fits = data.draw(st.booleans())
        mode = GenerationMode.POSITIVE if fits else GenerationMode.NEGATIVE
        try:
            case = data.draw(operation.as_strategy(generation_mode=mode))
        except Exception as error:  # nothing of this operation can be made unfit
            if "negative" in str(error).lower():
                return
            raise
        if data.draw(st.integers(0, 4)):  # mostly of what is there, else nothing but 404 is met
            here = {name: known[name] for name in case.path_parameters or {}}
            case.path_parameters = here or case.path_parameters
        headers = {"Accept-Encoding": "identity"}
        if data.draw(st.integers(0, 4)):
            headers["Authorization"] = key
        if "If-Match" in (case.headers or {}) and data.draw(st.booleans()):
            headers["If-Match"] = "*"
        case.call_and_validate(checks=CHECKS, headers=headers)

    ask()
