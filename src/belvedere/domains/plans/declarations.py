"""What the tables of plans hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

# Measures speak of organisations. Who changed what stands in the journal, which declares itself.
TABLES = (
    "Category",
    "Commitment",
    "CostEstimate",
    "DeadlineRule",
    "Decision",
    "Document",
    "DocumentContent",
    "DocumentVersion",
    "Frame",
    "FundingLine",
    "IndexSeries",
    "IndexValue",
    "Indicator",
    "IndicatorValue",
    "Measure",
    "MeasureBook",
    "MeasureFigures",
    "MeasureIndicator",
    "MeasureLink",
    "MeasurePlace",
    "Milestone",
    "Payment",
    "Phase",
    "Plan",
    "PlanMembership",
    "PlanNode",
    "Quantity",
    "Risk",
    "Scenario",
    "ScenarioChange",
    "ScenarioLeaver",
    "Site",
    "Snapshot",
    "SnapshotLine",
    "SpendLine",
    "Succession",
    "VarianceReason",
    "VatRate",
)
_ACTOR = Personal(
    whose=N_("People named as actors of a measure"),
    why=N_("To know whom to ask about a measure"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the measure"),
)


def declare() -> None:
    """Declare every table of plans."""
    for table in TABLES:
        declare_table(f"plans.{table}", NOT_PERSONAL)
    declare_table("plans.MeasureActor", NOT_PERSONAL, person=_ACTOR, label=_ACTOR)
