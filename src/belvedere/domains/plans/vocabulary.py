"""The vocabularies of following a measure: links, actors, milestones, risks, decisions, documents, aid."""

from __future__ import annotations

from enum import StrEnum


class Continuity(StrEnum):
    """How a listing relates to the one of the generation before."""

    SAME = "same"
    MODIFIED = "modified"
    REPLACES = "replaces"
    SPLIT = "split"  # one measure became several
    MERGED = "merged"  # several became one


class LinkType(StrEnum):
    """`SUBSTITUTES`: a B measure stands in for an A one that is not built (same effect, same units)."""

    DEPENDS_ON = "depends_on"
    CONFLICTS = "conflicts"
    COMPLEMENTS = "complements"
    REPLACES = "replaces"
    SUBSTITUTES = "substitutes"
    PART_OF = "part_of"
    ACCOMPANIES = "accompanies"


class ActorRole(StrEnum):
    PILOT = "pilot"
    CO_OWNER = "co_owner"
    TECHNICAL = "technical"
    ELECTED = "elected_referent"
    PARTNER = "partner"
    PLANNER = "planner"
    SITE_MANAGER = "site_manager"
    CONTACT = "contact"


class MilestoneType(StrEnum):
    CREDIT = "credit"  # the credit is voted
    PERMIT = "permit"
    TENDER = "tender"
    FINANCING = "financing_agreement"
    START = "works_start"
    OPENING = "opening"
    CLAIM = "claim"  # the aid is claimed
    OTHER = "other"


class QuantityUnit(StrEnum):
    METRE = "m"
    SQUARE_METRE = "m2"
    PIECE = "piece"
    PLACE = "place"
    TREE = "tree"
    DWELLING = "dwelling"
    KILOWATT = "kW"


class RiskKind(StrEnum):
    LAND = "land"
    OBJECTION = "objection"
    PERMIT = "permit"
    COST = "cost"
    FUNDING = "funding"
    CAPACITY = "capacity"
    GROUND = "ground"
    COORDINATION = "coordination"
    OTHER = "other"


class DecisionType(StrEnum):
    CREDIT = "credit"
    APPROVAL = "approval"
    AGREEMENT = "agreement"
    DEFERRAL = "deferral"
    ABANDON = "abandon"
    OTHER = "other"


class DocumentType(StrEnum):
    SHEET = "sheet"
    PLAN = "plan"
    STUDY = "study"
    REPORT = "report"
    DECISION = "decision"
    AGREEMENT = "agreement"
    INVOICE = "invoice"
    PHOTO = "photo"
    OTHER = "other"


class IndicatorRole(StrEnum):
    OUTPUT = "output"
    OUTCOME = "outcome"
    CONTEXT = "context"


class Direction(StrEnum):
    """Where an indicator should go."""

    UP = "up"
    DOWN = "down"
    STEADY = "steady"


class ValueKind(StrEnum):
    RESULT = "result"
    ESTIMATE = "estimate"


class Span(StrEnum):
    """What a spending line covers: one year, or everything up to or from its year on."""

    YEAR = ""
    BEFORE = "before"
    AFTER = "after"


class Nature(StrEnum):
    INVESTMENT = "investment"
    OPERATION = "operation"


class Contribution(StrEnum):
    """How the aid of an agglomeration programme comes: for the measure itself, or as a lump sum per unit."""

    INDIVIDUAL = "individual"
    LUMP = "lump"


class ScenarioType(StrEnum):
    PRUDENT = "prudent"
    ACCELERATED = "accelerated"
    OWN = "own"


class SnapshotKind(StrEnum):
    BUDGET = "budget"
    FOUR_YEAR_PLAN = "four_year_plan"
    AGREEMENT = "agreement"
    REPORT = "report"


class VarianceKind(StrEnum):
    MONEY = "money"
    DATES = "dates"
