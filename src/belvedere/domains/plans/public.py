"""THE DOOR of plans: plans, measures, sites, money by year and by owner.

Words: plan, axis, measure, owner, priority, phase, site, cost estimate, spending line, funding line.
Verbs are in `actions` and `money_actions`, reads in `queries`, `totals` and `page`; spreadsheets come and go
through `sheets`; `follow` holds what is followed on a measure. Events: MeasureCreated, MeasureChanged,
MeasuresImported.
Not for: organisations and places (territory), rights of people (access).
"""

from belvedere.domains.plans import (
    actions,
    brief,
    bulk,
    glance,
    guards,
    listing_actions,
    maturity,
    money_actions,
    page,
    payment_actions,
    payments,
    plan_actions,
    plan_reads,
    policies,
    programme_actions,
    queries,
    reported,
    restoring,
    states,
    thresholds,
    totals,
    translating,
    values,
    views,
    vocabulary,
    works,
)
from belvedere.domains.plans.filters import DEFAULT_SORT, SORTS, MeasureFilter
from belvedere.domains.plans.follow import public as follow
from belvedere.domains.plans.outlook import public as outlook

__all__ = [
    "DEFAULT_SORT",
    "SORTS",
    "MeasureFilter",
    "actions",
    "brief",
    "bulk",
    "follow",
    "glance",
    "guards",
    "listing_actions",
    "maturity",
    "money_actions",
    "outlook",
    "page",
    "payment_actions",
    "payments",
    "plan_actions",
    "plan_reads",
    "policies",
    "programme_actions",
    "queries",
    "reported",
    "restoring",
    "states",
    "thresholds",
    "totals",
    "translating",
    "values",
    "views",
    "vocabulary",
    "works",
]
