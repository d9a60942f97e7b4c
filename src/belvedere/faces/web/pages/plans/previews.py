"""What a change would bring, worked out by making it and taking it back before it is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from belvedere.domains.plans.public import follow, page, states, views
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import follow_words, words
from belvedere.faces.web.pages.plans.accounts import covered
from belvedere.faces.web.pages.plans.forms import Subject
from belvedere.kernel.errors import N_
from belvedere.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Effect:
    """A value that would change. `level`: "major" for what should be looked at, "ok" for what is cured."""

    label: str
    before: str
    after: str
    level: str = ""


Whole = tuple[views.MeasureView, follow.Followed]


def dry_run(subject: Subject, act: Callable[[], None]) -> list[Effect]:
    """The effects of `act` on the measure; nothing is kept, nothing is told. Errors of `act` pass through."""
    room, view = subject.room, subject.view
    before = (view, subject.followed)
    with transaction.atomic():
        act()
        after = page.measure_page(room.actor, view.id, language=room.language, territory_id=room.territory.id)
        then = Subject(room, after)
        found = effects(before, (after, then.followed))
        transaction.set_rollback(True)
    return found


def effects(before: Whole, after: Whole) -> list[Effect]:
    """What differs, figures first."""
    old, new = before[0], after[0]
    found: list[Effect] = []
    for label, was, now in (
        (gettext("Cost"), old.cost, new.cost),
        (gettext("Aid"), old.aid, new.aid),
        (gettext("Net"), old.net, new.net),
    ):
        _note(found, label, _money(was), _money(now))
    _note(found, gettext("Works"), _span(old.works), _span(new.works))
    _note(
        found,
        gettext("Phase"),
        words.phase(old.phase_scheme, old.phase),
        words.phase(new.phase_scheme, new.phase),
    )
    _note(
        found,
        gettext("Implementation"),
        words.implementation(old.implementation).label,
        words.implementation(new.implementation).label,
    )
    _years(found, old, new)
    for kind in LISTS:
        kind.compare(found, before, after)
    come = [words.flag(flag).more for flag in new.flags if flag not in old.flags]
    gone = [words.flag(flag).label for flag in old.flags if flag not in new.flags]
    found += [Effect(text, "", "", "major") for text in come]
    found += [Effect(gettext("Cured: %(flag)s") % {"flag": text}, "", "", "ok") for text in gone]
    return found


def _money(value: Money | None) -> str:
    return "" if value is None else f"{formats.money(value, form='full')}"


def _day(value: date | None) -> str:
    return "" if value is None else formats.day(value, "short")


def _span(days: tuple[date | None, date | None]) -> str:
    return "" if not any(days) else " – ".join(_day(day) or "…" for day in days)


def _note(found: list[Effect], label: str, before: str, after: str) -> None:
    if before != after:
        found.append(Effect(label, before or "–", after or "–"))


def _by_year(view: views.MeasureView) -> dict[str, str]:
    """The sums of what each year, or each bucket before or after, is said to cost; in the order of time."""
    sums: dict[str, list[Money]] = {}
    for line in view.spending:
        kept = sums.setdefault(covered(line), [])
        same = next((at for at, money in enumerate(kept) if money.kind == line.amount.kind), None)
        if same is None:
            kept.append(line.amount)
        else:
            kept[same] = kept[same] + line.amount
    return {year: " + ".join(_money(money) for money in kept) for year, kept in sums.items()}


def _years(found: list[Effect], before: views.MeasureView, after: views.MeasureView) -> None:
    old, new = _by_year(before), _by_year(after)
    for year in dict.fromkeys([*new, *old]):
        _note(found, year, old.get(year, ""), new.get(year, ""))


# ------------------------------------------------------------------ what a measure has several of
@dataclass(frozen=True, slots=True)
class Kind:
    """A list of the measure: where it is, what a row is called, what of a row is told when it changes."""

    label: str  # msgid
    of: str
    named: Callable[[Any], str]
    told: Callable[[Any], str]

    def rows(self, whole: Whole) -> Sequence[Any]:
        view, followed = whole
        found: Sequence[Any] = getattr(view if hasattr(view, self.of) else followed, self.of)
        return found

    def compare(self, found: list[Effect], before: Whole, after: Whole) -> None:
        old = {row.id: row for row in self.rows(before)}
        new = {row.id: row for row in self.rows(after)}
        for key in [*old, *(key for key in new if key not in old)]:
            row = new.get(key) or old[key]
            label = ", ".join(part for part in (gettext(self.label), self.named(row)) if part)
            was = (self.told(old[key]) or gettext("there")) if key in old else ""
            now = (self.told(new[key]) or gettext("there")) if key in new else ""
            _note(found, label, was, now)


def _listed(row: views.Listing) -> str:
    return _joined(
        row.code,
        row.are_code,
        row.priority.value,
        row.assessed.value and gettext("authority: %(priority)s") % {"priority": row.assessed.value},
        words.years(*row.horizon),
        _money(row.listed_cost),
        words.agreement(row.agreement).label if row.has_agreement else "",
        row.agreement_number,
        row.financing_number,
        _day(row.financing_date),
        row.start_deadline and gettext("works to start by %(day)s") % {"day": _day(row.start_deadline)},
        row.claim_deadline and gettext("aid to be claimed by %(day)s") % {"day": _day(row.claim_deadline)},
        row.previous and gettext("after %(previous)s") % {"previous": row.previous},
    )


def _joined(*parts: Any) -> str:
    return ", ".join(str(part) for part in parts if part)


def _phase(row: Any) -> str:
    return _joined(
        *(
            f"{gettext(label)} {_span(span)}"
            for label, span in (
                (N_("planned"), row.planned),
                (N_("forecast"), row.forecast),
                (N_("done"), row.actual),
            )
            if any(span)
        ),
        row.confirmed and gettext("agreed"),
    )


class _Phases(Kind):
    """The phases: they go by their code."""

    def compare(self, found: list[Effect], before: Whole, after: Whole) -> None:
        old = {row.code: row for row in before[0].phases}
        new = {row.code: row for row in after[0].phases}
        scheme = after[0].phase_scheme
        for step in states.PHASE_SCHEMES.get(scheme, ()):
            was, now = old.get(step.code), new.get(step.code)
            _note(found, gettext(step.label), _phase(was) if was else "", _phase(now) if now else "")


def _effect(row: follow.EffectView) -> str:
    unit = row.indicator
    ends = [follow_words.of_indicator(v, unit) for v in (row.baseline, row.target) if v is not None]
    values = [follow_words.of_indicator(value.value, unit) for value in row.values]
    return _joined(" → ".join(ends), *values)


def _texts(row: Iterable[follow.Said]) -> str:
    return _joined(*(said.text[:80] for said in row))


LISTS: tuple[Kind, ...] = (
    Kind(N_("Plan"), "listings", lambda row: row.plan_code, _listed),
    _Phases(N_("Phase"), "phases", lambda row: row.code, _phase),
    Kind(
        N_("Funding"),
        "funding",
        lambda row: row.organisation_name,
        lambda row: _joined(_money(row.resolved), words.funding_state(row.state).label),
    ),
    Kind(N_("Site"), "sites", lambda row: row.name, lambda row: ""),
    Kind(
        N_("Milestone"),
        "milestones",
        follow_words.milestone,
        lambda row: _joined(_day(row.actual or row.forecast or row.planned)),
    ),
    Kind(
        N_("Quantity"),
        "quantities",
        lambda row: row.label.text,
        lambda row: _joined(
            follow_words.quantity(row.planned, row.unit),
            row.realised is not None
            and gettext("built: %(amount)s") % {"amount": follow_words.quantity(row.realised, row.unit)},
        ),
    ),
    Kind(
        N_("Risk"),
        "risks",
        lambda row: row.description.text[:40],
        lambda row: _joined(
            f"{row.probability} × {row.impact}", _texts([row.mitigation]), _day(row.closed_on)
        ),
    ),
    Kind(
        N_("Decision"),
        "decisions",
        lambda row: row.body,
        lambda row: _joined(_day(row.dated), row.title.text[:80], _money(row.amount)),
    ),
    Kind(
        N_("Document"),
        "documents",
        lambda row: row.title,
        lambda row: gettext("public") if row.public else gettext("internal"),
    ),
    Kind(N_("Link"), "links", lambda row: follow_words.link(row.type, row.way), lambda row: row.title.text),
    Kind(
        N_("Actor"),
        "actors",
        lambda row: gettext(follow_words.ROLES[row.role]),
        lambda row: _joined(row.name, row.organisation, _day(row.until)),
    ),
    Kind(N_("Indicator"), "effects", lambda row: row.indicator.name.text, _effect),
)
