"""What the verbs of following take: plain values, checked when they are made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from belvedere.domains.plans.values import Texts, checked_texts
from belvedere.domains.plans.vocabulary import (
    ActorRole,
    DecisionType,
    Direction,
    DocumentType,
    IndicatorRole,
    LinkType,
    MilestoneType,
    QuantityUnit,
    RiskKind,
    ValueKind,
)
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.files.contents import recognise
from belvedere.kernel.identifiers import slugify
from belvedere.kernel.money import Money

LONGEST_NOTE = 300
LONGEST_DESCRIPTION = 4000
FIRST_YEAR, LAST_YEAR = 1900, 2200


def checked_line(text: str, *, field: str, longest: int, required: str = "") -> str:
    """`text` on one line; `required` is the sentence to refuse an empty one with."""
    cleaned = " ".join(text.split())
    if len(cleaned) > longest:
        raise InvalidInput(
            N_("This text has {length} characters; at most {longest} fit. Shorten it."),
            length=len(cleaned),
            longest=longest,
            field=field,
        )
    if required and not cleaned:
        raise InvalidInput(required, field=field)
    return cleaned


def checked_day(day: date | None, *, field: str) -> date | None:
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInput(
            N_("{day} is not a day of our times. Check the year."), day=day.isoformat(), field=field
        )
    return day


def checked_number(value: Decimal | None, *, field: str, digits: int, decimals: int) -> Decimal | None:
    """`value` as it will be kept: finite, at most `decimals` decimals, fewer than `digits` before them."""
    if value is None:
        return None
    if not value.is_finite() or abs(value) >= Decimal(10) ** digits:
        raise InvalidInput(N_("{value} is too large to be real."), value=str(value), field=field)
    kept = value.quantize(Decimal(1).scaleb(-decimals))
    if kept != value:
        raise InvalidInput(
            N_("{value} has too many decimals. Give at most {decimals}."),
            value=str(value),
            decimals=decimals,
            field=field,
        )
    return kept


@dataclass(frozen=True, slots=True)
class LinkDraft:
    """How the measure relates to the one of `target_id`.

    `lag_months`: the target must be done that long before (positive) or may still run after (negative).
    """

    target_id: UUID
    type: LinkType
    note: str = ""
    lag_months: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "note", checked_line(self.note, field="note", longest=LONGEST_NOTE))
        if not -600 <= self.lag_months <= 600:
            raise InvalidInput(N_("The lag is a number of months, at most 600."), field="lag_months")


@dataclass(frozen=True, slots=True)
class ActorDraft:
    """Who plays a part: an organisation, a person who signs in or a plain label, from when to when."""

    role: ActorRole
    organisation_id: UUID | None = None
    person_id: UUID | None = None
    label: str = ""
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", checked_line(self.label, field="label", longest=120))
        if self.organisation_id is None and self.person_id is None and not self.label:
            raise InvalidInput(
                N_("Say who: choose an organisation or a person, or type a name."), field="label"
            )
        if self.person_id is not None and self.label:
            raise InvalidInput(
                N_("Choose a person or type a name, not both: the person’s own name is shown."), field="label"
            )
        checked_day(self.since, field="since")
        checked_day(self.until, field="until")
        if self.since and self.until and self.until < self.since:
            raise InvalidInput(
                N_("The end lies before the beginning. Correct one of the dates."), field="until"
            )


@dataclass(frozen=True, slots=True)
class MilestoneDraft:
    """A day that counts: as first planned, as now forecast, as it came."""

    type: MilestoneType
    title: Texts = field(default_factory=dict)
    planned: date | None = None
    forecast: date | None = None
    actual: date | None = None

    def __post_init__(self) -> None:
        needs_title = self.type is MilestoneType.OTHER
        object.__setattr__(self, "title", checked_texts(self.title, field="title", required=needs_title))
        for name in ("planned", "forecast", "actual"):
            checked_day(getattr(self, name), field=name)
        if not (self.planned or self.forecast or self.actual):
            raise InvalidInput(N_("Give at least one date of the milestone."), field="planned")


@dataclass(frozen=True, slots=True)
class QuantityDraft:
    """How much is to be built, in `unit`, and how much is."""

    unit: QuantityUnit
    planned: Decimal
    realised: Decimal | None = None
    label: Texts = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", checked_texts(self.label, field="label"))
        for name in ("planned", "realised"):
            kept = checked_number(getattr(self, name), field=name, digits=11, decimals=3)
            if kept is not None and kept < 0:
                raise InvalidInput(N_("A quantity cannot be negative."), field=name)
            object.__setattr__(self, name, kept)


@dataclass(frozen=True, slots=True)
class RiskDraft:
    """What may go wrong; `probability` and `impact` from 1 (low) to 5 (high)."""

    kind: RiskKind
    description: Texts
    probability: int
    impact: int
    mitigation: Texts = field(default_factory=dict)
    closed_on: date | None = None

    def __post_init__(self) -> None:
        for name, required in (("description", True), ("mitigation", False)):
            texts = checked_texts(getattr(self, name), field=name, longest=LONGEST_DESCRIPTION)
            if required and not texts:
                raise InvalidInput(N_("Describe the risk in at least one language."), field=name)
            object.__setattr__(self, name, texts)
        for name in ("probability", "impact"):
            if not 1 <= getattr(self, name) <= 5:
                raise InvalidInput(N_("Give a number from 1 (low) to 5 (high)."), field=name)
        checked_day(self.closed_on, field="closed_on")


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """What a body decided on the measure; the document is one of the measure's."""

    type: DecisionType
    body: str
    dated: date
    title: Texts = field(default_factory=dict)
    amount: Money | None = None
    document_id: UUID | None = None

    def __post_init__(self) -> None:
        said = checked_line(
            self.body, field="body", longest=200, required=N_("Say which body took the decision.")
        )
        object.__setattr__(self, "body", said)
        object.__setattr__(self, "title", checked_texts(self.title, field="title"))
        checked_day(self.dated, field="dated")
        if self.amount is not None and self.amount.amount < 0:
            raise InvalidInput(N_("The amount of a decision cannot be negative."), field="amount")


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A file as it was given. What it is, is found in its content; what may not be kept is refused here."""

    file_name: str
    content: bytes = field(repr=False)
    media_type: str = field(init=False)

    def __post_init__(self) -> None:
        found = recognise(self.content, self.file_name)
        object.__setattr__(self, "file_name", found.file_name)
        object.__setattr__(self, "media_type", found.media_type)


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """A document of the measure with its first file; without a title it bears the file's name."""

    type: DocumentType
    file: FileDraft
    title: str = ""

    def __post_init__(self) -> None:
        title = checked_line(self.title or self.file.file_name, field="title", longest=200)
        object.__setattr__(self, "title", title)


@dataclass(frozen=True, slots=True)
class IndicatorDraft:
    """What is measured, in the words of the territory. An empty `code` is made from the name."""

    names: Texts
    unit: str
    code: str = ""
    decimals: int = 0
    direction: Direction = Direction.UP
    source: str = ""
    formula: str = ""

    def __post_init__(self) -> None:
        names = checked_texts(self.names, field="names", longest=200)
        if not names:
            raise InvalidInput(N_("Name the indicator in at least one language."), field="names")
        object.__setattr__(self, "names", names)
        unit = checked_line(
            self.unit, field="unit", longest=40, required=N_("Say in which unit the indicator is counted.")
        )
        object.__setattr__(self, "unit", unit)
        object.__setattr__(self, "code", slugify(self.code or next(iter(names.values()))))
        if not self.code:
            raise InvalidInput(N_("Give a code of letters and digits."), field="code")
        for name in ("source", "formula"):
            line = checked_line(getattr(self, name), field=name, longest=LONGEST_NOTE)
            object.__setattr__(self, name, line)
        if not 0 <= self.decimals <= 4:
            raise InvalidInput(N_("An indicator has from 0 to 4 decimals."), field="decimals")


@dataclass(frozen=True, slots=True)
class EffectDraft:
    """What the measure should do to an indicator: from a baseline to a target, each with its day."""

    indicator_id: int
    role: IndicatorRole = IndicatorRole.OUTCOME
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    target_on: date | None = None
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "note", checked_line(self.note, field="note", longest=LONGEST_NOTE))
        for name in ("baseline", "target"):
            kept = checked_number(getattr(self, name), field=name, digits=14, decimals=4)
            object.__setattr__(self, name, kept)
            checked_day(getattr(self, f"{name}_on"), field=f"{name}_on")
            if kept is None and getattr(self, f"{name}_on") is not None:
                raise InvalidInput(N_("There is a day without a value. Give both or none."), field=name)
        if self.baseline_on and self.target_on and self.target_on <= self.baseline_on:
            raise InvalidInput(N_("The target must lie after the baseline."), field="target_on")


@dataclass(frozen=True, slots=True)
class IndicatorValueDraft:
    """A value on a day as `source` says it."""

    dated: date
    value: Decimal
    kind: ValueKind = ValueKind.RESULT
    source: str = ""
    comment: str = ""

    def __post_init__(self) -> None:
        checked_day(self.dated, field="dated")
        kept = checked_number(self.value, field="value", digits=14, decimals=4)
        object.__setattr__(self, "value", kept)
        object.__setattr__(self, "source", checked_line(self.source, field="source", longest=200))
        object.__setattr__(self, "comment", checked_line(self.comment, field="comment", longest=LONGEST_NOTE))
