"""The form in which a rule is written: what was typed as it was typed, and the rule that it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.http import QueryDict

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.errors import BadRule
from belvedere.domains.automation.public import (
    Body,
    Change,
    Clause,
    Closing,
    Condition,
    Count,
    Excepted,
    Expected,
    Foreseen,
    Hours,
    Level,
    Neighbours,
    Says,
    Silence,
    Stuck,
    Sum,
    Usual,
    Watched,
)
from belvedere.domains.twin import public as twin
from belvedere.faces.web.pages.automation.sentences import described_as
from belvedere.faces.web.pages.live.menus import chosen_ids
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity
from belvedere.science.alarms.comparing import Apart, Measure
from belvedere.science.alarms.conditions import Side

MOST_CLAUSES = 4
UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
GATHERS = {"": None, "yes": True, "no": False}
SPANNED = ("rises", "falls", "silent", "stuck")
#: What is compared: with the usual hour, with the others, with what was forecast; on which side it is wrong.
COMPARED = {
    **{f"usual_{one.value}": (Usual, one) for one in Apart},
    **{f"others_{one.value}": (Neighbours, one) for one in Apart},
    **{f"expected_{one.value}": (Expected, one) for one in Apart},
}
EXPECTED = tuple(key for key, (made, _apart) in COMPARED.items() if made is Expected)
UNFORESEEN = tuple(key for key in COMPARED if key not in EXPECTED)
FORESEEN = {"will_above": Side.ABOVE, "will_below": Side.BELOW}
MEASURES = {"percent": Measure.SHARE, "units": Measure.UNITS, "deviations": Measure.DEVIATIONS}
#: How the things are judged: each for itself, or all as one.
TALLIES = ("each", "count", "share", "sum")
_NO_NUMBER = N_("Write a number, for example 12.5.")


@dataclass(frozen=True, slots=True)
class Span:
    """A duration as people write it: 30 min."""

    amount: str = ""
    unit: str = "min"

    @classmethod
    def of(cls, seconds: float | None) -> Span:
        if not seconds:
            return cls()
        unit = next(one for one in ("d", "h", "min", "s") if seconds % UNITS[one] == 0 or one == "s")
        return cls(plain(seconds / UNITS[unit]), unit)

    def seconds(self, where: str) -> float:
        return number(self.amount, where) * UNITS.get(self.unit, 60) if self.amount.strip() else 0.0


@dataclass(frozen=True, slots=True)
class ClauseDraft:
    """One condition as typed; `n`, `back`: in the unit in which people write the attribute."""

    attribute: str = ""
    asks: str = "above"
    n: str = ""
    back: str = ""
    span: Span = Span()
    words: tuple[str, ...] = ()
    measure: str = "percent"
    weeks: str = "4"
    same_place: bool = False
    forecast: str = ""  # the attribute that tells it, where that is not the described one


@dataclass(frozen=True, slots=True)
class TallyDraft:
    """How the things are judged, as typed; `n`, `back`: things, or percents."""

    of: str = "each"
    side: str = "above"
    n: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True)
class HoursDraft:
    days: tuple[int, ...] = ()
    start: str = ""
    end: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.days or self.start or self.end)


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule as typed."""

    name: str = ""
    severity: str = "3"
    owner: str = ""
    kind: str = ""
    type: str = ""
    things: tuple[int, ...] = ()
    organisations: tuple[UUID, ...] = ()
    places: tuple[UUID, ...] = ()
    clauses: tuple[ClauseDraft, ...] = (ClauseDraft(),)
    lasting: Span = Span()
    clearing: Span = Span()
    trusted: Span = Span()
    hours: tuple[HoursDraft, ...] = ()
    holidays: str = ""
    advice: str = ""
    closing: str = Closing.BY_HAND.value
    gathers: str = ""  # "", "yes" or "no"
    tally: TallyDraft = TallyDraft()
    reason: str = ""
    expected: str = field(default="", compare=False)


def plain(value: float) -> str:
    """A number as it is put into a field."""
    return f"{value:.10g}"


def number(text: str, where: str) -> float:
    """“12,5” and “12.5”, “1 200” and “−3”; BadRule for what is no number."""
    bare = text.strip().rstrip("%").replace("\u2212", "-").replace("\u202f", "").replace("\u00a0", "")
    bare = bare.replace(" ", "").replace("’", "").replace("'", "").replace(",", ".")
    try:
        return float(bare)
    except ValueError:
        raise BadRule(_NO_NUMBER, field=where) from None


def share(kind: str, attribute: str) -> float:
    """What one unit of the field is: a hundredth where people write percents."""
    described = described_as(kind, attribute)
    return 0.01 if described is not None and described.percent else 1.0


# ---- from a rule to the form


def of_rule(view: automation.RuleView) -> Draft:
    """The form that says what a rule says."""
    body = view.body
    watched = body.watched
    return Draft(
        name=view.name,
        severity=str(int(view.severity)),
        owner=str(view.owner_id or ""),
        kind=watched.kind,
        type=watched.type,
        things=watched.things,
        organisations=watched.organisations,
        places=watched.places,
        clauses=tuple(_of_clause(watched.kind, one) for one in body.clauses),
        lasting=Span.of(body.for_s),
        clearing=Span.of(body.clear_for_s),
        trusted=Span.of(body.trusted_s),
        hours=tuple(HoursDraft(one.days, one.start, one.end) for one in body.excepted.hours),
        holidays=body.excepted.holidays,
        advice=body.advice,
        closing=body.closing.value,
        gathers=next(key for key, one in GATHERS.items() if one is body.gathers),
        tally=_of_tally(body),
        expected=str(view.version),
    )


def _of_tally(body: Body) -> TallyDraft:
    tally = body.tally
    if not isinstance(tally, Count):
        return TallyDraft("each" if tally is None else "sum")
    unit = 0.01 if tally.share else 1.0
    back = "" if tally.clears_at is None else plain(tally.clears_at / unit)
    return TallyDraft("share" if tally.share else "count", tally.side.value, plain(tally.level / unit), back)


def _of_clause(kind: str, one: Clause) -> ClauseDraft:
    def typed(value: float | None) -> str:
        return "" if value is None else plain(value / share(kind, one.attribute))

    match one.condition:
        case Level(side, level, clears_at):
            return ClauseDraft(one.attribute, side.value, typed(level), typed(clears_at))
        case Change(side, by, within_s):
            asks = "rises" if side is Side.ABOVE else "falls"
            return ClauseDraft(one.attribute, asks, typed(by), span=Span.of(within_s))
        case Silence(after_s):
            return ClauseDraft(one.attribute, "silent", span=Span.of(after_s))
        case Stuck(over_s, within):
            return ClauseDraft(one.attribute, "stuck", typed(within) if within else "", span=Span.of(over_s))
        case Says(words):
            return ClauseDraft(one.attribute, "says", words=words)
        case Foreseen(side, level, within_s, clears_at):
            asks = next(key for key, known in FORESEEN.items() if known is side)
            return ClauseDraft(one.attribute, asks, typed(level), typed(clears_at), Span.of(within_s))
        case Usual() | Neighbours() | Expected():
            return _of_compared(one.attribute, one.condition, share(kind, one.attribute))


def _of_compared(attribute: str, condition: Usual | Neighbours | Expected, unit: float) -> ClauseDraft:
    measure = next(key for key, one in MEASURES.items() if one is condition.measure)
    scale = {"percent": 0.01, "units": unit}.get(measure, 1.0)
    draft = ClauseDraft(
        attribute,
        n=plain(condition.by / scale),
        back="" if condition.clears_at is None else plain(condition.clears_at / scale),
        measure=measure,
    )
    if isinstance(condition, Usual):
        return replace(draft, asks=f"usual_{condition.apart.value}", weeks=str(condition.weeks))
    if isinstance(condition, Expected):
        asks = f"expected_{condition.apart.value}"
        return replace(draft, asks=asks, span=Span.of(condition.lead_s), forecast=condition.forecast)
    asks = f"others_{condition.apart.value}"
    return replace(draft, asks=asks, same_place=condition.same_place, span=Span.of(condition.fresh_s))


# ---- from what was typed to the form


def read(given: QueryDict) -> Draft:
    """What was sent, as it is; nothing is judged."""
    many = [n for n in range(MOST_CLAUSES) if f"attribute-{n}" in given] or [0]
    hours = [
        HoursDraft(
            tuple(int(one) for one in given.getlist(f"days-{n}") if one in "1234567" and one),
            given.get(f"start-{n}", "").strip(),
            given.get(f"end-{n}", "").strip(),
        )
        for n in range(21)
    ]
    return Draft(
        name=given.get("name", ""),
        severity=given.get("severity", "3"),
        owner=given.get("owner", ""),
        kind=given.get("kind", ""),
        type=given.get("type", ""),
        things=tuple(int(one) for one in given.getlist("thing")[:500] if one.isascii() and one.isdigit()),
        organisations=chosen_ids(given, "organisation"),
        places=chosen_ids(given, "place"),
        clauses=tuple(_clause(given, n) for n in many),
        lasting=_span(given, "lasting"),
        clearing=_span(given, "clearing"),
        trusted=_span(given, "trusted"),
        hours=tuple(one for one in hours if not one.is_empty),
        holidays=given.get("holidays", ""),
        advice=given.get("advice", ""),
        closing=given.get("closing", Closing.BY_HAND.value),
        gathers=given.get("gathers", ""),
        reason=given.get("reason", ""),
        tally=TallyDraft(
            given.get("tally", "each"),
            given.get("tally-side", "above"),
            given.get("tally-n", ""),
            given.get("tally-back", ""),
        ),
        expected=given.get("expected", ""),
    )


def _clause(given: QueryDict, n: int) -> ClauseDraft:
    return ClauseDraft(
        attribute=given.get(f"attribute-{n}", ""),
        asks=given.get(f"asks-{n}", "above"),
        n=given.get(f"n-{n}", ""),
        back=given.get(f"back-{n}", ""),
        span=_span(given, f"span-{n}"),
        words=tuple(one for one in given.getlist(f"word-{n}") if one),
        measure=given.get(f"measure-{n}", "percent"),
        weeks=given.get(f"weeks-{n}", "4").strip(),
        same_place=f"same_place-{n}" in given,
        forecast=given.get(f"forecast-{n}", ""),
    )


def _span(given: QueryDict, name: str) -> Span:
    unit = given.get(f"{name}-unit", "min")
    return Span(given.get(name, ""), unit if unit in UNITS else "min")


def fitted(draft: Draft) -> Draft:
    """The form after another kind or condition was chosen: what does not fit any more is put right."""
    described = twin.descriptions().get(draft.kind)
    if described is None:
        return draft
    known = set(described.attributes)
    clauses = []
    for one in draft.clauses:
        term = one.attribute if one.attribute in known or ":" in one.attribute else described.main
        asks = one.asks if one.asks in conditions_of(draft.kind, term) else conditions_of(draft.kind, term)[0]
        clauses.append(replace(one, attribute=term, asks=asks))
    return replace(draft, clauses=tuple(clauses))


def conditions_of(kind: str, attribute: str) -> Sequence[str]:
    """What can be asked of an attribute."""
    described = described_as(kind, attribute)
    if described is None:
        return ("above", "below", *COMPARED, "rises", "falls", "silent", "stuck", "says", *FORESEEN)
    if described.forecast_of:
        return (*FORESEEN, "silent")
    if described.kind is twin.ValueType.NUMBER:
        compared = COMPARED if described.forecast else UNFORESEEN
        return ("above", "below", *compared, "rises", "falls", "silent", "stuck")
    return ("says", "silent")


# ---- from the form to the rule


def body_of(draft: Draft) -> Body:
    """The rule that the form says; BadRule names the field that cannot be read."""
    return Body(
        watched=Watched(draft.kind, draft.type, draft.things, draft.organisations, draft.places),
        clauses=tuple(
            Clause(one.attribute, _condition(draft.kind, one, n)) for n, one in enumerate(draft.clauses)
        ),
        for_s=draft.lasting.seconds("lasting"),
        clear_for_s=draft.clearing.seconds("clearing"),
        trusted_s=draft.trusted.seconds("trusted") or None,
        excepted=Excepted(
            tuple(Hours(one.days or tuple(range(1, 8)), one.start, one.end) for one in draft.hours),
            draft.holidays,
        ),
        advice=draft.advice.strip(),
        closing=Closing(draft.closing) if draft.closing in set(Closing) else Closing.BY_HAND,
        gathers=GATHERS.get(draft.gathers),
        tally=_tally(draft.tally),
    )


def _tally(one: TallyDraft) -> Count | Sum | None:
    if one.of == "sum":
        return Sum()
    if one.of not in ("count", "share"):
        return None
    unit = 0.01 if one.of == "share" else 1.0

    def typed(text: str, where: str) -> float:
        return float(f"{number(text, where) * unit:.12g}")

    back = typed(one.back, "tally-back") if one.back.strip() else None
    side = Side.BELOW if one.side == Side.BELOW.value else Side.ABOVE
    return Count(side, typed(one.n, "tally-n"), one.of == "share", back)


def _condition(kind: str, one: ClauseDraft, n: int) -> Condition:
    unit = share(kind, one.attribute)

    def typed(text: str, where: str) -> float:
        return float(f"{number(text, where) * unit:.12g}")

    if one.asks in COMPARED:
        return _compared(one, n, unit)
    span = one.span.seconds(f"span-{n}") if one.asks in (*SPANNED, *FORESEEN) else 0.0
    match one.asks:
        case "will_above" | "will_below":
            back = typed(one.back, f"back-{n}") if one.back.strip() else None
            return Foreseen(FORESEEN[one.asks], typed(one.n, f"n-{n}"), span, back)
        case "above" | "below":
            back = typed(one.back, f"back-{n}") if one.back.strip() else None
            return Level(Side(one.asks), typed(one.n, f"n-{n}"), back)
        case "rises" | "falls":
            side = Side.ABOVE if one.asks == "rises" else Side.BELOW
            return Change(side, typed(one.n, f"n-{n}"), span)
        case "silent":
            return Silence(span)
        case "stuck":
            return Stuck(span, typed(one.n, f"n-{n}") if one.n.strip() else 0.0)
        case "says":
            return Says(one.words)
    raise BadRule(N_("Choose what is wrong with it."), field=f"asks-{n}")


def _compared(one: ClauseDraft, n: int, unit: float) -> Condition:
    made, apart = COMPARED[one.asks]
    measure = MEASURES.get(one.measure, Measure.SHARE)
    scale = {Measure.SHARE: 0.01, Measure.UNITS: unit}.get(measure, 1.0)

    def typed(text: str, where: str) -> float:
        return float(f"{number(text, where) * scale:.12g}")

    by = typed(one.n, f"n-{n}")
    back = typed(one.back, f"back-{n}") if one.back.strip() else None
    if made is Neighbours:
        fresh = one.span.seconds(f"span-{n}") or Neighbours(apart, by).fresh_s
        return Neighbours(apart, by, measure, one.same_place, fresh, back)
    if made is Expected:
        return Expected(apart, by, measure, one.span.seconds(f"span-{n}"), one.forecast, back)
    if not (one.weeks.isascii() and one.weeks.isdigit()):
        raise BadRule(_NO_NUMBER, field=f"weeks-{n}")
    return Usual(apart, by, measure, int(one.weeks), back)


def rule_draft(draft: Draft) -> automation.RuleDraft:
    """As `save_rule` takes it."""
    if draft.severity not in {str(int(one)) for one in Severity}:
        raise BadRule(N_("Choose how urgent its alarms are."), field="severity")
    try:
        owner = UUID(draft.owner) if draft.owner else None
    except ValueError:
        raise BadRule(N_("Choose whose rule it is."), field="owner") from None
    return automation.RuleDraft(owner, draft.name, Severity(int(draft.severity)), body_of(draft))


_PLACES = {
    "attribute": "attribute", "level": "n", "by": "n", "within": "n", "clears_at": "back", "words": "word",
    "weeks": "weeks", "measure": "measure", "fresh_s": "span", "within_s": "span",
    "lead_s": "span",
    "after_s": "span", "over_s": "span", "start": "start", "end": "end", "days": "days",
}  # fmt: skip
_WHOLE = {
    "watched.kind": "kind", "watched.things": "thing", "for_s": "lasting", "clear_for_s": "clearing",
    "trusted_s": "trusted", "excepted.holidays": "holidays", "tally.level": "tally-n",
    "tally.clears_at": "tally-back",
}  # fmt: skip


def field_of(where: str) -> str:
    """The field of the form that a part of the rule is written in."""
    if where in _WHOLE:
        return _WHOLE[where]
    parts = where.split(".")
    index = next((one for one in parts if one.isdigit()), "")
    if not index:
        return where
    last = parts[-1]
    return f"{_PLACES.get(last, 'asks')}-{index}"
