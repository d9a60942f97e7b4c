"""Several who write the same thing at once, each over a connection of their own: nothing is lost, nothing
breaks. In a database of its own: what is written is committed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.apart import apart
from tests.faces.ngsi_ld.conftest import Asker

__all__ = ["apart"]

WRITERS, TURNS = 4, 8
URN = "urn:ngsi-ld:Gauge:1"


def token() -> str:
    from belvedere.domains.access.models import Membership, Person
    from belvedere.domains.access.public import Role, actor_of, create_token
    from belvedere.domains.territory.models import Organisation, Territory

    here = Territory.objects.create(
        slug="gauges", names={"fr": "Jauges"}, country="CH", currency="CHF", languages=["fr"]
    )
    body = Organisation.objects.create(
        territory=here, kind="commune", names={"fr": "Jauges"}, search="jauges"
    )
    one = Person.objects.create(email="one@example.org", display_name="One", language="fr")
    Membership.objects.create(person=one, organisation=body, role=Role.MANAGER)
    return create_token(actor=actor_of(one), name="door", scopes=("read", "write"), days=1).plain


def test_who_write_one_thing_at_once_lose_nothing(apart: Callable[..., None]) -> None:
    told: list[Any] = []
    apart(lambda: told.append(Asker(token(), "gauges")))
    ask = told.pop()
    start = threading.Barrier(WRITERS)
    answers: Counter[int] = Counter()

    def write(number: int) -> None:
        start.wait(30)
        answers[ask("POST", "entities", {"id": URN, "type": "Gauge", "level": 0}).status] += 1
        for turn in range(TURNS):
            body = {f"own{number}": {"value": turn}, "level": {"value": number * TURNS + turn}}
            answers[ask("POST", f"entities/{URN}/attrs", body).status] += 1

    apart(*(lambda number=number: write(number) for number in range(WRITERS)))
    assert answers == {201: 1, 409: WRITERS - 1, 204: WRITERS * TURNS}

    def check() -> None:
        told.append(ask("GET", f"entities/{URN}?options=keyValues").json)
        told.append(
            ask("GET", f"temporal/entities/{URN}?options=temporalValues&timeproperty=modifiedAt").json
        )

    apart(check)
    present, past = told
    assert [present[f"own{number}"] for number in range(WRITERS)] == [TURNS - 1] * WRITERS
    for number in range(WRITERS):
        assert [value for value, _at in past[f"own{number}"]["values"]] == list(range(TURNS))
    assert sorted(value for value, _at in past["level"]["values"][1:]) == list(range(WRITERS * TURNS))
    assert past["level"]["values"][-1][0] == present["level"]
