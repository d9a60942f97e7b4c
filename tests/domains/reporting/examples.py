"""A programme of Valbelle with measures of two communes, to report on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import actions, plan_actions, states, values, vocabulary
from belvedere.domains.reporting.public import RoundDraft, open_round
from belvedere.kernel.money import Kind, Money, Vat

CHF = Kind("CHF", Vat.EXCLUDED, "2025-10")
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
AS_OF, DUE = date(2026, 10, 31), date(2026, 11, 30)


def chf(amount: object, kind: Kind = CHF) -> Money:
    return Money(Decimal(str(amount)), kind)


@dataclass
class Programme:
    """A plan of the body, and measures by name."""

    plan: UUID
    measures: dict[str, UUID] = field(default_factory=dict)


def programme(valbelle: Any) -> Programme:
    """Montaigu owns a street in works and a bridge, Rochefort a square."""
    actor = Actor.system()
    plan = plan_actions.create_plan(
        actor=actor,
        territory_id=valbelle.territory.pk,
        owner_id=valbelle.body.pk,
        type="agglomeration_programme",
        code="PA5",
        title={"fr": "Programme 5"},
        generation=5,
        years=(2024, 2031),
        money_kind=CHF,
    )
    made = Programme(plan)
    for name, owner, more in (
        (
            "street",
            valbelle.montaigu,
            {"phase": "32", "phases": (works(date(2027, 4, 1), date(2028, 9, 30)),)},
        ),
        ("bridge", valbelle.montaigu, {"phase": "2", "phases": (works(date(2026, 5, 1), date(2029, 5, 1)),)}),
        ("square", valbelle.rochefort, {"phase": "31"}),
    ):
        at = len(made.measures) + 1
        made.measures[name] = actions.create_measure(
            actor=actor,
            territory_id=valbelle.territory.pk,
            draft=draft(valbelle, owner, name, plan, at, **more),
        )
    return made


def works(start: date, end: date) -> values.PhaseDraft:
    return values.PhaseDraft("5", planned=(start, end), forecast=(start, end))


def draft(valbelle: Any, owner: Any, name: str, plan: UUID, at: int, **more: Any) -> values.MeasureDraft:
    return values.MeasureDraft(
        title={"fr": name.title()},
        owner_id=owner.pk,
        memberships=(
            values.MembershipDraft(
                plan,
                code=f"M-{at}",
                are_code=f"2399.5.00{at}",
                priority=states.Priority.A,
                listed_cost=Decimal(1_000_000),
                start_deadline=date(2028, 3, 31),
                claim_deadline=date(2031, 11, 30),
                deadline_source="LV",
                contribution=vocabulary.Contribution.INDIVIDUAL,
            ),
        ),
        estimates=(values.EstimateDraft(chf(1_000_000), date(2025, 10, 1), eligible=chf(800_000)),),
        spending=(values.SpendDraft(2027, chf(400_000)), values.SpendDraft(2028, chf(600_000))),
        funding=(
            values.FundingDraft(
                valbelle.canton.pk,
                values.RateWithCap(Decimal("0.4"), chf(300_000)),
                CHF,
                "Loi",
                states.FundingState.AGREED,
            ),
        ),
        **more,
    )


def opened(valbelle: Any, actor: Actor, made: Programme, **more: Any) -> UUID:
    """A round of the programme, open since NOW; call it inside `standing_at(NOW)`."""
    asked = RoundDraft(
        **{"name": "Rapport 2026", "plan_ids": (made.plan,), "as_of": AS_OF, "due": DUE, **more}
    )
    return open_round(actor=actor, territory_id=valbelle.territory.pk, draft=asked)
