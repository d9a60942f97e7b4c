"""THE DOOR of plans: plans, measures, sites, money by year and by owner.

Words: plan, axis, measure, owner, priority, phase, site, cost estimate, spending line, funding line.
Verbs are in `actions` and `money_actions`, reads in `queries`, `totals` and `page`; spreadsheets come and go
through `sheets`. Events: MeasureCreated, MeasureChanged, MeasuresImported.
Not for: organisations and places (territory), rights of people (access).
"""

from belvedere.domains.plans import (
    actions,
    money_actions,
    page,
    policies,
    queries,
    states,
    totals,
    values,
    views,
)
from belvedere.domains.plans.filters import DEFAULT_SORT, SORTS, MeasureFilter
from belvedere.domains.plans.follow import public as follow

__all__ = [
    "DEFAULT_SORT",
    "SORTS",
    "MeasureFilter",
    "actions",
    "follow",
    "money_actions",
    "page",
    "policies",
    "queries",
    "states",
    "totals",
    "values",
    "views",
]
