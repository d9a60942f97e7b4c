"""What the changes do, in four figures: aid lost, what is left to pay, the ceiling, the treasury."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import outlook
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.asked import Asked, Change
from belvedere.faces.web.pages.plans.outlook.units import Unit

SHOWN = 2  # lost lines told apart; the others are counted
YEARS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Fix:
    label: str
    url: str
    leaves: bool = False  # it is on another page


@dataclass(frozen=True, slots=True)
class Effect:
    label: str
    figure: str
    text: str
    level: str = ""
    fixes: tuple[Fix, ...] = ()


def effects(
    found: outlook.views.Effects,
    passed: tuple[outlook.views.Passed, ...],
    asked: Asked,
    unit: Unit,
    url: str,
    owner: str,
    titles: dict[UUID, str],
    *,
    has_ceiling: bool,
    may_set: bool,
) -> list[Effect]:
    """The four figures; `passed` offers the slips that mend, `titles` names their measures."""
    return [
        _lost(found, asked, unit, url),
        _charge(found, asked, unit, owner),
        _ceiling(found, passed, asked, url, titles) if has_ceiling else _no_ceiling(url, may_set),
        _treasury(found, asked, unit),
    ]


def _lost(found: outlook.views.Effects, asked: Asked, unit: Unit, url: str) -> Effect:
    label = gettext("Aid lost")
    if not found.lost_count:
        return Effect(label, gettext("none"), gettext("All deadlines are kept"))
    texts, fixes = [], []
    for line in found.lost_lines[:SHOWN]:
        texts.append(_lost_words(line))
        if line.keeping_shift is None or line.why == "departure":
            continue
        change = Change(line.measure_id, line.keeping_shift, asked.change_of(line.measure_id).cost)
        said = findings.years_said(line.keeping_shift)
        fixes.append(
            Fix(
                gettext("%(years)s keeps it") % {"years": said}
                if line.keeping_shift
                else gettext("The planned date keeps it"),
                url + asked.with_change(change).query(),
            )
        )
    more = found.lost_count - min(SHOWN, len(found.lost_lines))
    if more > 0:
        texts.append(
            ngettext("%(n)s other line is lost.", "%(n)s other lines are lost.", more)
            % {"n": formats.number(more)}
        )
    return Effect(label, unit.in_words(found.lost), " ".join(texts), "critical", tuple(fixes))


def _lost_words(line: outlook.views.LostLine) -> str:
    said = {"title": line.measure_title, "payer": line.payer_name}
    if line.why == "departure":
        return gettext("%(title)s: %(payer)s leaves.") % said
    said["day"] = formats.day(line.deadline, "short") if line.deadline else ""
    if line.why == "start" and line.works_start:
        said["year"] = str(line.works_start.year)
        return gettext("%(title)s: works in %(year)s, deadline of %(payer)s %(day)s.") % said
    return gettext("%(title)s: claimed after the deadline of %(payer)s, %(day)s.") % said


def _charge(found: outlook.views.Effects, asked: Asked, unit: Unit, owner: str) -> Effect:
    label = gettext("To be paid by %(owner)s in all") % {"owner": owner}
    now, before = unit.in_words(found.charge), unit.in_words(found.charge_before)
    if not asked.is_what_if:
        return Effect(label, now, gettext("the reference"))
    difference = found.charge - found.charge_before
    figure = unit.in_words(difference, sign=True) if difference else gettext("unchanged")
    return Effect(label, figure, gettext("%(now)s, reference %(before)s") % {"now": now, "before": before})


def _no_ceiling(url: str, may_set: bool) -> Effect:
    label = gettext("Ceiling")
    text = gettext("Nobody entered what may be spent a year.")
    fixes = (Fix(gettext("Enter it"), f"{url}ceilings/", leaves=True),) if may_set else ()
    return Effect(label, gettext("not set"), text, fixes=fixes)


def _ceiling(
    found: outlook.views.Effects,
    passed: tuple[outlook.views.Passed, ...],
    asked: Asked,
    url: str,
    titles: dict[UUID, str],
) -> Effect:
    label = gettext("Ceiling exceeded")
    years = [str(year) for year in found.passed]
    figure = ", ".join(years[:YEARS_SHOWN]) + (" …" if len(years) > YEARS_SHOWN else "")
    text = findings.ceiling_change(found.passed, found.passed_before) if asked.is_what_if else ""
    return Effect(
        label,
        figure or gettext("never"),
        text,
        "critical" if years else "",
        tuple(_mends(passed, asked, url, titles)),
    )


def _mends(
    passed: tuple[outlook.views.Passed, ...], asked: Asked, url: str, titles: dict[UUID, str]
) -> Iterator[Fix]:
    for one in passed:
        if one.mending_measure is None:
            continue
        change = Change(one.mending_measure, one.mending_shift, asked.change_of(one.mending_measure).cost)
        said = {
            "title": titles.get(one.mending_measure, ""),
            "years": findings.years_said(one.mending_shift),
            "year": one.year,
        }
        label = gettext("“%(title)s” at %(years)s mends %(year)s") % said
        yield Fix(label, url + asked.with_change(change).query())
        return


def _treasury(found: outlook.views.Effects, asked: Asked, unit: Unit) -> Effect:
    label = gettext("Treasury, peak")

    def said(peak: tuple[Decimal, int] | None) -> str:
        if peak is None:
            return gettext("none")
        return gettext("%(amount)s in %(year)s") % {
            "amount": unit.in_words(peak[0]),
            "year": peak[1],
        }

    before = gettext("reference %(peak)s") % {"peak": said(found.peak_before)} if asked.is_what_if else ""
    return Effect(label, said(found.peak), before or gettext("the largest amount to advance in a year"))
