"""THE DOOR of the outlook: what an owner has to budget, by year, under a question.

Words: picture (a question computed once), column, charge, need, ceiling, effect, explanation.
`investment_plan` gives the programmes and credits of payment (AP/CP) with their co-funding, of a picture
or of a vote. Reads take a `Picture` from `open_picture`, which checks who may see it. Verbs write what an
outlook rests on: frames (ceilings), prices (indexes, VAT), scenarios, snapshots (votes), reasons of
variances.
"""

from belvedere.domains.plans.outlook import views
from belvedere.domains.plans.outlook.cockpit import measure_detail, open_picture, view_of
from belvedere.domains.plans.outlook.effects import effects
from belvedere.domains.plans.outlook.explaining import explain
from belvedere.domains.plans.outlook.frames import FrameView, frames, remove_frame, set_frames
from belvedere.domains.plans.outlook.freezing import frozen_ceilings
from belvedere.domains.plans.outlook.groups import NONE, SEVERAL, By, groups, measures
from belvedere.domains.plans.outlook.investment import Cofunding, InvestmentPlan, Programme, investment_plan
from belvedere.domains.plans.outlook.passing import passed
from belvedere.domains.plans.outlook.picture import Picture
from belvedere.domains.plans.outlook.prices import (
    IndexView,
    PricesView,
    VatView,
    prices,
    remove_index,
    set_index,
    set_vat_rates,
)
from belvedere.domains.plans.outlook.question import Adjustments, Change, Question
from belvedere.domains.plans.outlook.scenarios import (
    ScenarioView,
    archive_scenario,
    save_scenario,
    scenario,
    scenarios_of,
)
from belvedere.domains.plans.outlook.snapshots import (
    SnapshotHead,
    SnapshotView,
    snapshot,
    snapshots_of,
    verify_snapshot,
    vote_snapshot,
)
from belvedere.domains.plans.outlook.values import (
    FrameDraft,
    IndexDraft,
    ScenarioDraft,
    SnapshotDraft,
    VatDraft,
)
from belvedere.domains.plans.outlook.variances import Given, Variance, explain_variance, variances
from belvedere.domains.plans.outlook.voting import differences, explain_difference, last_vote, vote
from belvedere.domains.plans.outlook.whole import Whole, WholeLine, WholeMeasure, whole

__all__ = [
    "NONE",
    "SEVERAL",
    "Adjustments",
    "By",
    "Change",
    "Cofunding",
    "FrameDraft",
    "FrameView",
    "Given",
    "IndexDraft",
    "IndexView",
    "InvestmentPlan",
    "Picture",
    "PricesView",
    "Programme",
    "Question",
    "ScenarioDraft",
    "ScenarioView",
    "SnapshotDraft",
    "SnapshotHead",
    "SnapshotView",
    "Variance",
    "VatDraft",
    "VatView",
    "Whole",
    "WholeLine",
    "WholeMeasure",
    "archive_scenario",
    "differences",
    "effects",
    "explain",
    "explain_difference",
    "explain_variance",
    "frames",
    "frozen_ceilings",
    "groups",
    "investment_plan",
    "last_vote",
    "measure_detail",
    "measures",
    "open_picture",
    "passed",
    "prices",
    "remove_frame",
    "remove_index",
    "save_scenario",
    "scenario",
    "scenarios_of",
    "set_frames",
    "set_index",
    "set_vat_rates",
    "snapshot",
    "snapshots_of",
    "variances",
    "verify_snapshot",
    "view_of",
    "views",
    "vote",
    "vote_snapshot",
    "whole",
]
