"""The five funding rules on a stored measure: in their order, lump sums on planned quantities."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.figures import refresh
from belvedere.domains.plans.models import Quantity
from belvedere.domains.plans.public import actions, page, values
from belvedere.kernel.errors import InvalidInput
from belvedere.kernel.money import Kind, Vat
from belvedere.science.finance.funding import FillUp, LumpPerUnit, RateWithCap, Residual
from tests.domains.plans.drafts import CHF, chf, draft, estimate

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


def test_five_rules_are_resolved_in_their_order(valbelle: Any) -> None:
    rules = [
        Residual(),
        FillUp(Decimal("0.5")),
        RateWithCap(Decimal("0.35"), chf(300)),
        LumpPerUnit(chf(2), Decimal(0), "m"),
        values.Fixed(chf(50)),
    ]
    funding = tuple(values.FundingDraft(valbelle.canton.pk, rule, CHF, position=1) for rule in rules)
    made = draft(valbelle.montaigu, estimates=(estimate("1000"),), funding=funding)
    measure = actions.create_measure(actor=SYSTEM, territory_id=valbelle.territory.pk, draft=made)
    Quantity.objects.create(measure_id=measure, unit="m", planned=Decimal("30.5"))
    refresh([measure])
    view = page.measure_page(SYSTEM, measure, language="fr")
    brought = {line.rule: line.resolved for line in view.funding}
    assert brought == {
        "fixed": chf(50),
        "lump_per_unit": chf(61),
        "rate_on_eligible": chf(300),
        "fill_up_to": chf(89),
        "residual": chf(500),
    }
    assert {line.rule for line in view.funding if line.capped} == {"rate_on_eligible"}
    assert view.net == chf(0)


def test_the_amounts_of_a_lump_sum_are_of_the_line_s_kind(valbelle: Any) -> None:
    old = Kind("CHF", Vat.EXCLUDED, "2020-10")
    with pytest.raises(InvalidInput):
        values.FundingDraft(valbelle.canton.pk, LumpPerUnit(chf(2), Decimal(0), "m"), old)
