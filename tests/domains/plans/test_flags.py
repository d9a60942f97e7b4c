"""Flags derived from facts: each limit with the near miss on its other side."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from belvedere.domains.plans.flags import Facts, PhaseFacts, flags_of, months_before
from belvedere.domains.plans.states import Flag, Implementation
from belvedere.kernel.money import Kind, Vat
from tests.domains.plans.drafts import chf

TODAY = date(2026, 11, 22)
GOING = Implementation.IN_PROGRESS
CLEAN = Facts(stage=4, touched=TODAY, cost=chf(1000))


def flags(**more: Any) -> set[Flag]:
    return set(flags_of(replace(CLEAN, **more), TODAY))


def phase(stage: int = 7, **dates: Any) -> tuple[PhaseFacts, ...]:
    return (PhaseFacts(stage, **dates),)


def test_nothing_is_the_matter() -> None:
    assert flags() == set()


@pytest.mark.parametrize(
    ("phases", "late"),
    [
        (phase(planned=(date(2027, 1, 1), date(2027, 12, 31)), forecast=(None, date(2028, 1, 30))), False),
        (phase(planned=(date(2027, 1, 1), date(2027, 12, 31)), forecast=(None, date(2028, 1, 31))), True),
        (phase(planned=(TODAY, None)), False),
        (phase(planned=(date(2026, 11, 21), None)), True),
        (phase(planned=(date(2026, 11, 21), None), actual=(date(2026, 11, 21), None)), False),
        (phase(planned=(date(2026, 11, 21), None), forecast=(date(2027, 1, 1), None)), False),
        (phase(4, planned=(date(2026, 1, 1), None)), False),  # it stands there: it did start
        (phase(4, planned=(date(2026, 1, 1), date(2026, 11, 21))), True),
        (phase(4, planned=(None, date(2026, 11, 21)), actual=(None, date(2026, 11, 20))), False),
        (phase(3, planned=(None, date(2025, 1, 1))), False),  # behind us
    ],
)
def test_late(phases: tuple[PhaseFacts, ...], late: bool) -> None:
    assert (Flag.LATE in flags(phases=phases)) is late


@pytest.mark.parametrize("over", ["done", "abandoned", "replaced"])
def test_what_is_over_is_neither_late_nor_stale_nor_incomplete(over: str) -> None:
    assert (
        flags(
            implementation=Implementation(over),
            phases=phase(planned=(None, date(2025, 1, 1))),
            touched=date(2020, 1, 1),
            described=False,
            works_start=date(2030, 1, 1),
            start_deadline=date(2027, 1, 1),
        )
        == set()
    )


@pytest.mark.parametrize(
    ("more", "risk"),
    [
        ({"works_start": date(2030, 3, 31), "start_deadline": date(2031, 3, 31)}, False),
        ({"works_start": date(2030, 4, 1), "start_deadline": date(2031, 3, 31)}, True),
        ({"works_start": date(2030, 4, 1), "start_deadline": date(2031, 3, 31), "works_begun": True}, False),
        ({"works_start": date(2025, 1, 1), "start_deadline": date(2027, 11, 22)}, False),
        ({"works_start": date(2025, 1, 1), "start_deadline": date(2027, 11, 21)}, True),  # not begun by today
        ({"works_start": date(2030, 1, 1)}, False),
        ({"start_deadline": date(2026, 1, 1)}, False),  # nobody knows when it starts
        ({"works_end": date(2030, 12, 31), "claim_deadline": date(2031, 12, 31)}, False),
        ({"works_end": date(2031, 1, 1), "claim_deadline": date(2031, 12, 31)}, True),
        ({"works_end": date(2031, 1, 1), "claim_deadline": date(2031, 12, 31), "works_begun": True}, True),
    ],
)
def test_deadline_at_risk(more: dict[str, Any], risk: bool) -> None:
    assert (Flag.DEADLINE_RISK in flags(**more)) is risk


@pytest.mark.parametrize(
    ("now", "accuracy", "drifted"),
    [
        (1150, None, False),
        ("1150.01", None, True),
        (850, None, False),
        (849, None, True),
        (1290, "0.30", False),
        (1301, "0.30", True),
        (1100, "0", True),
    ],
)
def test_cost_drift(now: object, accuracy: str | None, drifted: bool) -> None:
    limit = None if accuracy is None else Decimal(accuracy)
    found = flags(cost=chf(now), previous_cost=chf(1000), previous_accuracy=limit)
    assert (Flag.COST_DRIFT in found) is drifted


def test_unlike_estimates_are_not_compared() -> None:
    former = Kind("CHF", Vat.EXCLUDED, "2005-10")
    assert flags(cost=chf(5000), previous_cost=chf(1000, former)) == set()


def test_stale_after_a_year() -> None:
    assert flags(touched=date(2025, 11, 22)) == set()
    assert flags(touched=date(2025, 11, 21)) == {Flag.STALE}


@pytest.mark.parametrize("missing", [{"described": False}, {"piloted": False}, {"stage": None}])
def test_incomplete(missing: dict[str, Any]) -> None:
    assert flags(**missing) == {Flag.INCOMPLETE}


@pytest.mark.parametrize(
    ("voted", "promised", "unfunded"),
    [
        (1000, 0, False),
        (999, 0, False),  # whole francs
        (998, 0, True),
        (0, 1000, False),
        (0, 400, True),
        (600, 400, True),  # the vote covers gross years: of the rest only the aid is promised
        (2000, 0, False),
    ],
)
def test_unfunded(voted: int, promised: int, unfunded: bool) -> None:
    money = {"voted": Decimal(voted), "promised": Decimal(promised)}
    assert (Flag.UNFUNDED in flags(implementation=GOING, **money)) is unfunded
    assert flags(**money) == set()  # not begun: not yet a matter


def test_months_before() -> None:
    assert months_before(date(2028, 2, 29), 12) == date(2027, 2, 28)
    assert months_before(date(2026, 1, 31), 2) == date(2025, 11, 30)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)
