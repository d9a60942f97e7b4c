"""Where a measure stands: the planning track, the implementation track, the calendar of its phases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from belvedere.domains.plans.public import maturity, states, views
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import words

Span = tuple[date | None, date | None]
I = states.Implementation  # noqa: E741 (one letter for a table)


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    state: str  # "done", "current", "late" or ""
    note: str = ""


def planning(view: views.MeasureView) -> list[Step]:
    """The steps of the phase scheme, those before the present one done."""
    steps = states.PHASE_SCHEMES.get(view.phase_scheme, ())
    codes = [step.code for step in steps]
    now = codes.index(view.phase) if view.phase in codes else -1
    dates = {phase.code: phase for phase in view.phases}
    found = []
    for at, step in enumerate(steps):
        state = "done" if at < now else "current" if at == now else ""
        found.append(Step(gettext(step.label), state, _when(dates.get(step.code), state)))
    return found


def _when(phase: views.PhaseView | None, state: str) -> str:
    """The date under a step: when it ended, else when it starts."""
    if phase is None:
        return ""
    ended = phase.actual[1] or phase.actual[0]
    if state == "done" and ended:
        return formats.day(ended, "month")
    start = phase.actual[0] or phase.forecast[0] or phase.planned[0]
    return formats.day(start, "month") if start else ""


def implementation(view: views.MeasureView) -> list[Step]:
    """Not started, in progress, done; or where it left that road."""
    now = view.implementation
    road = [I.NOT_STARTED, I.IN_PROGRESS, I.DONE]
    if now in road:
        at = road.index(now)
        return [
            Step(
                words.implementation(value).label,
                "done" if at > n or now is I.DONE else "current" if at == n else "",
            )
            for n, value in enumerate(road)
        ]
    off = Step(words.implementation(now).label, "late")
    return [Step(words.implementation(I.NOT_STARTED).label, "done"), off]


A = states.Agreement
# The road of the aid; what leaves it is shown as its last step.
AGREEMENT_ROAD = (
    A.PROPOSED,
    A.ASSESSED,
    A.IN_AGREEMENT,
    A.REQUESTED,
    A.SIGNED,
    A.WORKS_STARTED,
    A.CLAIMS,
    A.FINAL_ACCOUNT,
    A.CLOSED,
)


def agreement(listing: views.Listing) -> list[Step]:
    """The steps of the aid of one listing; [] where its plan has no agreement."""
    if not listing.has_agreement:
        return []
    now = listing.agreement
    if now is A.FORFEITED:
        return [Step(words.agreement(A.IN_AGREEMENT).label, "done"), Step(words.agreement(now).label, "late")]
    at = AGREEMENT_ROAD.index(now) if now in AGREEMENT_ROAD else -1
    notes = {
        A.ASSESSED: listing.assessed.value,
        A.IN_AGREEMENT: listing.agreement_number,
        A.SIGNED: formats.day(listing.financing_date, "short") if listing.financing_date else "",
    }
    return [
        Step(
            words.agreement(value).label,
            "done" if n < at or now is A.CLOSED else "current" if n == at else "",
            notes.get(value, ""),
        )
        for n, value in enumerate(AGREEMENT_ROAD)
    ]


def label(track: maturity.Track, to: str, scheme: str) -> str:
    if track is maturity.Track.PLANNING:
        return words.phase(scheme, to)
    if track is maturity.Track.IMPLEMENTATION:
        return words.implementation(I(to)).label
    return words.agreement(A(to)).label


@dataclass(frozen=True, slots=True)
class Bar:
    """A span on the calendar; `start` and `width` are shares of its length."""

    kind: str  # "planned", "forecast", "actual"
    label: str
    start: str
    width: str
    dates: str


@dataclass(frozen=True, slots=True)
class CalendarLine:
    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A day drawn across the calendar; `start` is the share of its length. `is_late`: to the left of it."""

    kind: str
    label: str
    start: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    years: tuple[int, ...]
    lines: tuple[CalendarLine, ...]
    marks: tuple[Mark, ...]


def _spans(phase: views.PhaseView) -> list[tuple[str, str, Span]]:
    return [
        ("planned", gettext("planned"), phase.planned),
        ("forecast", gettext("forecast"), phase.forecast),
        ("actual", gettext("done"), phase.actual),
    ]


def calendar(view: views.MeasureView, marks: Sequence[tuple[date, str, str]] = ()) -> Calendar | None:
    """The phases that have dates, on a common scale of years; None when none has.

    `marks` are days with a label and a kind; a day far from the phases is left out.
    """
    order = [step.code for step in states.PHASE_SCHEMES.get(view.phase_scheme, ())]
    phases = sorted(view.phases, key=lambda phase: order.index(phase.code) if phase.code in order else 99)
    dates = [day for phase in phases for _k, _l, span in _spans(phase) for day in span if day]
    if not dates:
        return None
    near = [day for day, _label, kind in marks if kind == "deadline"]
    first, last = min(dates).year, max([*dates, *near]).year
    left, width = date(first, 1, 1).toordinal(), (date(last + 1, 1, 1) - date(first, 1, 1)).days
    lines = []
    for phase in phases:
        bars = tuple(
            bar
            for kind, label, span in _spans(phase)
            if (bar := _bar(kind, label, span, left, width)) is not None
        )
        if bars:
            lines.append(CalendarLine(words.phase(view.phase_scheme, phase.code), bars))
    drawn = tuple(
        Mark(
            kind,
            label,
            f"{(day.toordinal() - left) / width:.4f}",
            (day.toordinal() - left) / width > LATE_SHARE,
        )
        for day, label, kind in marks
        if first <= day.year <= last
    )
    return Calendar(tuple(range(first, last + 1)), tuple(lines), drawn)


LATE_SHARE = 0.7  # a label that would leave the calendar stands on the left of its mark


def _bar(kind: str, label: str, span: Span, left: int, width: int) -> Bar | None:
    start, end = span
    start, end = start or end, end or start
    if start is None or end is None:
        return None
    from_share = (start.toordinal() - left) / width
    share = max(0.006, (end.toordinal() - start.toordinal() + 1) / width)
    dates = " – ".join(dict.fromkeys((formats.day(start, "short"), formats.day(end, "short"))))
    return Bar(kind, label, f"{from_share:.4f}", f"{share:.4f}", dates)
