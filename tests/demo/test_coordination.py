"""What the demo plants for coordination is found: those pairs and no other among these works."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from belvedere.demo.coordination import PLANTED, RULE, SAID
from belvedere.domains.access.public import Actor
from belvedere.domains.coordination.models import Verdict
from belvedere.domains.coordination.public import Kind, conflicts, rule_of
from belvedere.domains.plans.models import Measure
from belvedere.domains.territory.public import networks
from tests.demo.test_demo import filled  # noqa: F401 (the same demo, filled once for this file)

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 1)
# Next to the others, and in the way of none of them.
INNOCENT = ("NOB-02", "CON-05", "SIO-12", "SIE-09", "PDI-045")


def test_exactly_what_was_planted_is_found(filled: Any) -> None:  # noqa: F811
    territory = filled[0]
    assert rule_of(territory.id) == RULE
    watched = {key for pair in PLANTED for key in pair} | set(INNOCENT)
    keys = {
        pk: external.removeprefix("demo-")
        for pk, external in Measure.objects.filter(
            external_id__in=[f"demo-{key}" for key in watched]
        ).values_list("pk", "external_id")
    }
    assert set(keys.values()) == watched
    found = {
        (keys[one.first.id], keys[one.second.id]): one
        for one in conflicts(Actor.system(), territory.id, day=DAY)
        if one.first.id in keys and one.second.id in keys
    }
    assert set(found) == set(PLANTED)
    kinds = {pair: one.kind for pair, one in found.items()}
    assert kinds["PA4-TP.07", "PA4-TP.06"] is Kind.SECOND_TIME
    assert kinds["PA4-TIM.10", "PA5-MD.21"] is Kind.SECOND_TIME
    assert kinds["PA4-MD.04", "PA5-MD.07"] is Kind.SAME_TIME
    assert len(set(found["PA4-MD.04", "PA5-MD.07"].owners)) == 2


def test_some_are_talked_about_and_the_roads_are_there(filled: Any) -> None:  # noqa: F811
    assert 0 < Verdict.objects.count() <= len(SAID)
    (network,) = networks(filled[0].id)
    assert 10 <= network.lines <= 20 and "invent" in network.name
