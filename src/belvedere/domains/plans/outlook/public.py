"""THE DOOR of the outlook: what an owner has to budget, by year, under a question.

Words: picture (a question computed once), column, charge, need, ceiling, effect, explanation.
Reads take a `Picture` from `open_picture`, which checks who may see it.
"""

from belvedere.domains.plans.outlook import views
from belvedere.domains.plans.outlook.cockpit import effects, measure_detail, open_picture, passed, view_of
from belvedere.domains.plans.outlook.explaining import explain
from belvedere.domains.plans.outlook.groups import NONE, SEVERAL, By, groups, measures
from belvedere.domains.plans.outlook.picture import Picture
from belvedere.domains.plans.outlook.question import Adjustments, Change, Question

__all__ = [
    "NONE",
    "SEVERAL",
    "Adjustments",
    "By",
    "Change",
    "Picture",
    "Question",
    "effects",
    "explain",
    "groups",
    "measure_detail",
    "measures",
    "open_picture",
    "passed",
    "view_of",
    "views",
]
