"""Tables of plans, measures, sites and money. Private to the domain."""

from belvedere.domains.plans.models.measure import Category, Measure, MeasurePlace, Phase, Site
from belvedere.domains.plans.models.money import CostEstimate, FundingLine, MeasureFigures, SpendLine
from belvedere.domains.plans.models.plan import Plan, PlanMembership, PlanNode

__all__ = [
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
]
