"""Plugs plans and measures into the platform."""

from __future__ import annotations

from django.apps import AppConfig

TABLES = (
    "Category",
    "CostEstimate",
    "FundingLine",
    "Measure",
    "MeasureFigures",
    "MeasurePlace",
    "Phase",
    "Plan",
    "PlanMembership",
    "PlanNode",
    "Site",
    "SpendLine",
)


class PlansConfig(AppConfig):
    name = "belvedere.domains.plans"
    label = "plans"

    def ready(self) -> None:
        from belvedere.duties.privacy.public import NOT_PERSONAL, declare_table

        # Measures speak of organisations. Who changed what stands in the journal, which declares itself.
        for table in TABLES:
            declare_table(f"plans.{table}", NOT_PERSONAL)
