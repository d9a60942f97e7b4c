"""What may be lost: the deadlines of the aid, the works as they are expected, and the money at stake."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import states, views
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.addresses import open_url
from belvedere.faces.web.pages.plans.rooms import Room

CLOSE_DAYS = 365  # less than a year before the deadline is close
A = states.Agreement
OVER = frozenset({A.CLAIMS, A.FINAL_ACCOUNT, A.CLOSED, A.FORFEITED})


@dataclass(frozen=True, slots=True)
class Deadline:
    day: date
    is_start: bool
    whose: str
    source: str
    expected: date | None

    @property
    def margin(self) -> int | None:
        """Days between what is expected and the deadline, negative when it is missed."""
        return None if self.expected is None else (self.day - self.expected).days


@dataclass(frozen=True, slots=True)
class Threat:
    """The nearest deadline as the page says it. `level`: "major" missed, "warn" close, "info" kept."""

    level: str
    title: str
    text: str
    url: str


def deadlines(view: views.MeasureView) -> Iterator[Deadline]:
    """Those still to be met: of the plans, and of the funding lines that have their own."""
    start, end = view.works
    for one in view.listings:
        if one.agreement in OVER:
            continue
        if one.start_deadline and not view.works_begun:
            yield Deadline(one.start_deadline, True, one.plan_code, one.deadline_source, start)
        if one.claim_deadline:
            yield Deadline(one.claim_deadline, False, one.plan_code, one.deadline_source, end)
    for line in view.funding:
        if line.lost:
            continue
        if line.start_deadline and not view.works_begun:
            yield Deadline(line.start_deadline, True, line.organisation_name, "", start)
        if line.claim_deadline:
            yield Deadline(line.claim_deadline, False, line.organisation_name, "", end)


def threat(room: Room, view: views.MeasureView) -> Threat | None:
    """The deadline that presses most, with what hangs on it; None without one."""
    if not room.is_cockpit:
        return None
    known = sorted(
        deadlines(view),
        key=lambda one: (one.margin is None, one.margin if one.margin is not None else 0, one.day),
    )
    if not known:
        return None
    first = known[0]
    margin = first.margin
    level = "info" if margin is None or margin >= CLOSE_DAYS else "warn" if margin >= 0 else "major"
    url = open_url(room, view, "dates") if level != "info" else ""
    return Threat(level, _title(view, first), " ".join(_text(first)), url)


def _title(view: views.MeasureView, one: Deadline) -> str:
    """“Works to start by 31.12.2031, or 7.0 M CHF of aid is lost”."""
    said = {"day": formats.day(one.day, "short")}
    if view.at_stake is None or view.at_stake.amount <= 0:
        if one.is_start:
            return gettext("Works to start by %(day)s") % said
        return gettext("Aid to be claimed by %(day)s") % said
    said["amount"] = formats.money(view.at_stake)
    if one.is_start:
        return gettext("Works to start by %(day)s, or %(amount)s of aid is lost") % said
    return gettext("Aid to be claimed by %(day)s, or %(amount)s is lost") % said


def _text(one: Deadline) -> Iterator[str]:
    margin = one.margin
    if one.expected is None or margin is None:
        yield (
            gettext("Nobody has said yet when the works start.")
            if one.is_start
            else gettext("Nobody has said yet when the works end.")
        )
    else:
        said = {"day": formats.day(one.expected, "short"), "time": _time(abs(margin))}
        if one.is_start:
            yield (
                gettext("They are expected on %(day)s: %(time)s too late.")
                if margin < 0
                else gettext("They are expected on %(day)s: %(time)s before the deadline.")
            ) % said
        else:
            yield (
                gettext("The works are expected to end on %(day)s: %(time)s too late.")
                if margin < 0
                else gettext("The works are expected to end on %(day)s: %(time)s before the deadline.")
            ) % said
    yield gettext("Deadline of %(whose)s.") % {"whose": one.whose}
    if one.source:
        yield gettext("Source: %(source)s.") % {"source": one.source.rstrip(".")}


def _time(days: int) -> str:
    if days >= 730:
        years = days // 365
        return ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
    if days >= 90:
        months = round(days / 30.44)
        return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
    if days >= 14:
        return ngettext("%(n)s week", "%(n)s weeks", days // 7) % {"n": days // 7}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
