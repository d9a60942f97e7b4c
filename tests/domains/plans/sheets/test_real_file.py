"""The real list of French grants: every row, to the cent, its odd lines named, and twice the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from tests.realdata import real_data

FILE = "measures/anct_projets_dotations_investissement_2019.xlsx"


def counting(asked: Counter[str]) -> Callable[..., Any]:
    """Counts statements by their first 60 characters; what is copied in does not pass here."""

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked[sql[:60]] += 1
        return execute(sql, params, many, context)

    return wrapper


@pytest.mark.realdata
@pytest.mark.django_db
def test_the_real_file_arrives_to_the_cent_and_twice_changes_nothing() -> None:
    from belvedere.domains.access.public import Actor
    from belvedere.domains.plans.models import CostEstimate, FundingLine, Measure, MeasureFigures
    from belvedere.domains.plans.sheets import drafts
    from belvedere.domains.plans.sheets.models import SheetImport, SheetRow
    from belvedere.domains.territory.models import Organisation, Territory
    from belvedere.domains.territory.public import territory_by_slug

    Territory.objects.create(
        slug="france", names={"fr": "France"}, country="FR", currency="EUR", languages=["fr"]
    )
    territory, actor = territory_by_slug("france"), Actor.system("test")
    asked = Counter[str]()
    with connection.execute_wrapper(counting(asked)):
        made, taken = drafts.take_at_once(
            actor=actor,
            territory=territory,
            path=real_data(FILE),
            file_name="anct.xlsx",
            mapping_name="anct-2019",
        )
    draft = SheetImport.objects.get(pk=made)
    assert (taken.created, taken.changed) == (24_811, 0)
    # By batches, not by rows: `bench/sheets.py` says how long it takes.
    assert asked.total() < 120, asked.most_common(5)
    assert Measure.objects.count() == 24_811
    assert CostEstimate.objects.aggregate(n=Sum("amount"))["n"] == Decimal("7288428110.18")
    assert FundingLine.objects.aggregate(n=Sum("amount"))["n"] == Decimal("1707978945.66")
    figures: dict[str, Any] = MeasureFigures.objects.aggregate(
        cost=Sum("cost"), aid=Sum("aid"), net=Sum("net")
    )
    assert figures["cost"] == Decimal("7288428110.18") and figures["aid"] == Decimal("1707978945.66")
    assert MeasureFigures.objects.filter(flags__contains=["aid_exceeds_cost"]).count() == 2
    assert Organisation.objects.count() == 16_501  # and the State
    warnings = draft.totals["warnings"]
    assert warnings["aid_exceeds_cost"]["lines"] == [1049, 1139]
    assert warnings["share_wrong"]["rows"] == 9, warnings["share_wrong"]
    assert warnings["same_title"]["rows"] > 200
    assert draft.totals["amounts"][0]["gap"] == "0.00" and draft.totals["amounts"][0]["unexplained"] == "0.00"
    merged = draft.totals["merged"]
    assert len(merged) == 2 and sum(len(words) for words in merged.values()) in (4, 5)
    assert not SheetRow.objects.filter(sheet_import=draft, taken=False).exists()

    again = drafts.bring(
        actor=actor,
        territory=territory,
        path=real_data(FILE),
        file_name="anct.xlsx",
        mapping_name="anct-2019",
    )
    second = SheetImport.objects.get(pk=again)
    assert second.counts["same"] == 24_811, second.counts
    nothing = drafts.take(actor=actor, territory=territory, import_id=again)
    assert (nothing.created, nothing.changed, nothing.same) == (0, 0, 24_811)
