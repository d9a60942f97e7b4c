"""The vocabularies of following a measure as people read them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from django.utils.translation import gettext

from belvedere.domains.plans.public import follow, vocabulary
from belvedere.faces.web import formats
from belvedere.kernel.errors import N_

L, M, U = vocabulary.LinkType, vocabulary.MilestoneType, vocabulary.QuantityUnit
LINKS: dict[vocabulary.LinkType, tuple[str, str]] = {
    # looked at from the measure that says it · from the other
    L.DEPENDS_ON: (N_("Depends on"), N_("Needed by")),
    L.CONFLICTS: (N_("In conflict with"), N_("In conflict with")),
    L.COMPLEMENTS: (N_("Completes"), N_("Completed by")),
    L.REPLACES: (N_("Replaces"), N_("Replaced by")),
    L.SUBSTITUTES: (N_("Stands in for"), N_("Stood in for by")),
    L.PART_OF: (N_("Part of"), N_("Contains")),
    L.ACCOMPANIES: (N_("Accompanies"), N_("Accompanied by")),
}
ROLES: dict[vocabulary.ActorRole, str] = {
    vocabulary.ActorRole.PILOT: N_("Pilot"),
    vocabulary.ActorRole.CO_OWNER: N_("Co-owner"),
    vocabulary.ActorRole.TECHNICAL: N_("Technical lead"),
    vocabulary.ActorRole.ELECTED: N_("Elected referent"),
    vocabulary.ActorRole.PARTNER: N_("Partner"),
    vocabulary.ActorRole.PLANNER: N_("Planner or engineer"),
    vocabulary.ActorRole.SITE_MANAGER: N_("Site manager"),
    vocabulary.ActorRole.CONTACT: N_("Contact"),
}
MILESTONES: dict[vocabulary.MilestoneType, str] = {
    M.CREDIT: N_("Credit voted"),
    M.PERMIT: N_("Permit granted"),
    M.TENDER: N_("Tender awarded"),
    M.FINANCING: N_("Financing agreement signed"),
    M.START: N_("Works start"),
    M.OPENING: N_("Opening"),
    M.CLAIM: N_("Aid claimed"),
    M.OTHER: N_("Other"),
}
UNITS: dict[vocabulary.QuantityUnit, str] = {
    U.METRE: N_("metres"),
    U.SQUARE_METRE: N_("square metres"),
    U.PIECE: N_("pieces"),
    U.PLACE: N_("places"),
    U.TREE: N_("trees"),
    U.DWELLING: N_("dwellings"),
    U.KILOWATT: N_("kilowatts"),
}
UNITS_SHORT: dict[vocabulary.QuantityUnit, str] = {
    **UNITS,
    U.METRE: "m",
    U.SQUARE_METRE: "m²",
    U.KILOWATT: "kW",
}
RISKS: dict[vocabulary.RiskKind, str] = {
    vocabulary.RiskKind.LAND: N_("Land"),
    vocabulary.RiskKind.OBJECTION: N_("Objections"),
    vocabulary.RiskKind.PERMIT: N_("Permits"),
    vocabulary.RiskKind.COST: N_("Cost"),
    vocabulary.RiskKind.FUNDING: N_("Funding"),
    vocabulary.RiskKind.CAPACITY: N_("Staff and time"),
    vocabulary.RiskKind.GROUND: N_("Ground"),
    vocabulary.RiskKind.COORDINATION: N_("Coordination"),
    vocabulary.RiskKind.OTHER: N_("Other"),
}
DECISIONS: dict[vocabulary.DecisionType, str] = {
    vocabulary.DecisionType.CREDIT: N_("Credit"),
    vocabulary.DecisionType.APPROVAL: N_("Approval"),
    vocabulary.DecisionType.AGREEMENT: N_("Agreement"),
    vocabulary.DecisionType.DEFERRAL: N_("Deferral"),
    vocabulary.DecisionType.ABANDON: N_("Decision to abandon"),
    vocabulary.DecisionType.OTHER: N_("Other"),
}
DOCUMENTS: dict[vocabulary.DocumentType, str] = {
    vocabulary.DocumentType.SHEET: N_("Sheet of the plan"),
    vocabulary.DocumentType.PLAN: N_("Drawing"),
    vocabulary.DocumentType.STUDY: N_("Study"),
    vocabulary.DocumentType.REPORT: N_("Report"),
    vocabulary.DocumentType.DECISION: N_("Decision"),
    vocabulary.DocumentType.AGREEMENT: N_("Agreement"),
    vocabulary.DocumentType.INVOICE: N_("Invoice"),
    vocabulary.DocumentType.PHOTO: N_("Photo"),
    vocabulary.DocumentType.OTHER: N_("Other"),
}
INDICATOR_ROLES: dict[vocabulary.IndicatorRole, str] = {
    vocabulary.IndicatorRole.OUTCOME: N_("Effect"),
    vocabulary.IndicatorRole.OUTPUT: N_("What is built"),
    vocabulary.IndicatorRole.CONTEXT: N_("Context"),
}
DIRECTIONS: dict[vocabulary.Direction, str] = {
    vocabulary.Direction.UP: N_("should rise"),
    vocabulary.Direction.DOWN: N_("should fall"),
    vocabulary.Direction.STEADY: N_("should stay"),
}
VALUE_KINDS: dict[vocabulary.ValueKind, str] = {
    vocabulary.ValueKind.RESULT: N_("measured"),
    vocabulary.ValueKind.ESTIMATE: N_("estimated"),
}
E = TypeVar("E", bound=StrEnum)


def options(table: Mapping[E, str]) -> Iterable[tuple[str, str]]:
    """A vocabulary as a field of choice takes it."""
    return [(key.value, gettext(label)) for key, label in table.items()]


def link(kind: vocabulary.LinkType, way: follow.Way) -> str:
    return gettext(LINKS[kind][1 if way is follow.Way.IN else 0])


def milestone(view: follow.MilestoneView) -> str:
    """Its own title, else that of its kind."""
    return view.title.text or gettext(MILESTONES[view.type])


def quantity(value: Decimal, unit: vocabulary.QuantityUnit) -> str:
    """“1,850 m”."""
    return f"{formats.number(value)} {gettext(UNITS_SHORT[unit])}"


def of_indicator(value: Decimal, indicator: follow.IndicatorView) -> str:
    """A value of an indicator with its unit, in its decimals."""
    return f"{formats.number(value, indicator.decimals)} {indicator.unit}"


def plain(value: Decimal | None) -> str:
    """A number as it stands in a field: no needless zeros."""
    if value is None:
        return ""
    places = max(0, -int(value.normalize().as_tuple().exponent))
    text = formats.number(value, places)
    return text.replace(",", formats.NARROW) if formats.locale().language == "en" else text
