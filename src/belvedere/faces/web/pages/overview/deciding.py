"""What needs a decision, as lines of the page: day, what, consequence, who, amount, where it is decided."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from babel.dates import get_month_names
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import glance
from belvedere.domains.reporting.public import queries as reporting
from belvedere.domains.reporting.public import states as reporting_states
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import findings
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import N_

SHOWN = 6
SHOWN_LATE = 3
CLOSE_DAYS = 14
TITLES: dict[glance.Matter, str] = {
    glance.Matter.CREDIT: N_("Vote the credit"),
    glance.Matter.FINANCING: N_("Sign the financing agreement"),
    glance.Matter.TENDER: N_("Launch the call for tenders"),
    glance.Matter.PERMIT: N_("Grant the permit"),
    glance.Matter.START: N_("Start the works"),
    glance.Matter.CLAIM: N_("Claim the aid"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A decision. `day` None: at once. `amount` with what it is; `url` where it is decided."""

    day: date | None
    when: str
    is_pressing: bool
    title: str
    language: str
    text: str
    who: str
    amount: str
    of: str
    url: str
    matter: str = ""

    @property
    def number(self) -> str:
        return str(self.day.day) if self.day else ""

    @property
    def month(self) -> str:
        if self.day is None:
            return ""
        name: str = get_month_names("abbreviated", "format", formats.locale())[self.day.month]
        return name


def lines(room: Room, found: glance.ToDecide, day: date) -> list[Line]:
    """The decisions by day, then the rounds that wait for an answer among them."""
    made = [_due(room, one, day) for one in found.due] + rounds(room, day)
    return sorted(made, key=lambda line: line.day or day)


def late(room: Room, found: glance.ToDecide, day: date) -> list[Line]:
    """What should have been decided, what hangs on most first."""
    return [_due(room, one, day) for one in found.late]


def _due(room: Room, one: glance.Due, day: date) -> Line:
    measure = one.measure
    amount, of = _amount(one)
    return Line(
        day=one.day,
        when=_when(one.day, day),
        is_pressing=(one.day - day).days <= CLOSE_DAYS,
        matter=gettext(TITLES[one.matter]),
        title=measure.title,
        language=measure.title_language,
        text=_consequence(one, day),
        who=measure.owner_name,
        amount=amount,
        of=of,
        url=room.measure_url(measure.id),
    )


def _amount(one: glance.Due) -> tuple[str, str]:
    measure = one.measure
    if measure.at_stake is not None:
        return findings.headline(measure.at_stake), gettext("aid at stake")
    if measure.cost is None:
        return "", ""
    if measure.net is not None and measure.net != measure.cost:
        of = gettext("of which %(net)s for the owner") % {"net": findings.headline(measure.net)}
        return findings.headline(measure.cost), of
    return findings.headline(measure.cost), gettext("cost")


def _consequence(one: glance.Due, day: date) -> str:
    measure = one.measure
    if one.matter is glance.Matter.CLAIM:
        return gettext("After that day the aid is lost.")
    if one.matter is glance.Matter.START:
        if measure.works_start is None:
            return gettext("Nobody has said yet when the works start.")
        return _against(measure.works_start, one.day)
    if measure.works_start is None:
        return gettext("The works have no date yet.")
    said = {"start": formats.day(measure.works_start, "short")}
    if measure.start_deadline is not None:
        said["deadline"] = formats.day(measure.start_deadline, "short")
        return gettext("Works wait for it: planned on %(start)s, to begin by %(deadline)s.") % said
    if one.day < day:
        return gettext("Its day has passed; the works planned on %(start)s slip with it.") % said
    return gettext("Without it the works planned on %(start)s slip.") % said


def _against(start: date, deadline: date) -> str:
    said = {"start": formats.day(start, "short"), "deadline": formats.day(deadline, "short")}
    if start > deadline:
        return gettext("Expected on %(start)s, after the deadline of %(deadline)s.") % said
    return gettext("Expected on %(start)s; the deadline is %(deadline)s.") % said


def _when(due: date, day: date) -> str:
    """“in 13 days”; the number and its unit stay on one line."""
    return re.sub(r"(?<=\d) ", formats.HARD, _how_far((due - day).days))


def _how_far(days: int) -> str:
    if days < 0:
        return ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": formats.number(-days)}
    if days == 0:
        return gettext("today")
    if days <= CLOSE_DAYS:
        return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}
    if days < 70:
        return ngettext("in %(n)s week", "in %(n)s weeks", days // 7) % {"n": days // 7}
    months = round(days / 30.44)
    return ngettext("in %(n)s month", "in %(n)s months", months) % {"n": months}


def rounds(room: Room, day: date) -> list[Line]:
    """The reporting rounds that wait for the person's organisations, or for the office."""
    made = []
    for head in reporting.rounds_of(room.actor, room.territory.id):
        if head.state is not reporting_states.RoundState.OPEN or not (head.waiting or head.may_run):
            continue
        answers = bool(head.waiting) and not head.may_run
        made.append(
            Line(
                day=head.due,
                when=_when(head.due, day),
                is_pressing=(head.due - day).days <= CLOSE_DAYS,
                matter=gettext("Answer the report") if answers else gettext("Close the report"),
                title=head.name,
                language="",
                text=_waited_for(head.owners - head.handed_in),
                who="" if answers else gettext("Programme office"),
                amount=gettext("%(done)s of %(all)s") % {"done": head.handed_in, "all": head.owners},
                of=gettext("reports handed in"),
                url=_round_url(room, head, answers),
            )
        )
    return made


def _round_url(room: Room, head: reporting.RoundHead, answers: bool) -> str:
    if answers:
        return reverse("reporting:checklist", args=[room.territory, head.waiting[0]])
    return reverse("reporting:round", args=[room.territory, head.id])


def _waited_for(owners: int) -> str:
    if not owners:
        return gettext("All owners have handed their reports in.")
    return ngettext(
        "%(n)s owner has not handed its report in yet.",
        "%(n)s owners have not handed their reports in yet.",
        owners,
    ) % {"n": formats.number(owners)}


def risks(room: Room, found: tuple[glance.Glimpse, ...]) -> list[Line]:
    """What misses a deadline of aid as things stand: decided today, lost later."""
    made = []
    for measure in found:
        text = ""
        if measure.works_start and measure.start_deadline and measure.works_start > measure.start_deadline:
            text = _against(measure.works_start, measure.start_deadline)
        made.append(
            Line(
                day=None,
                when="",
                is_pressing=False,
                title=measure.title,
                language=measure.title_language,
                text=text
                or gettext("The works are expected too late, or too close to the deadline of the aid."),
                who=measure.owner_name,
                amount=findings.headline(measure.at_stake) if measure.at_stake else "",
                of=gettext("aid at stake") if measure.at_stake else "",
                url=room.measure_url(measure.id),
            )
        )
    return made


def sums(stake: glance.Stake) -> str:
    """“12.4 M CHF”, unlike kinds one after the other; "" for nothing."""
    return " + ".join(findings.headline(amount) for amount in stake.amounts)


def finding(found: glance.ToDecide, extra: int, until: date) -> str:
    """The title: how many decisions by when, and what is at stake."""
    number = found.total + extra
    day = formats.day(until, "long")
    if not number:
        return gettext("Nothing to decide by %(day)s") % {"day": day}
    said = {"n": formats.number(number), "day": day, "stake": sums(found.stake)}
    if not found.complete:
        return gettext("More than %(n)s decisions by %(day)s, %(stake)s of aid at stake") % said
    if not said["stake"]:
        return ngettext("%(n)s decision by %(day)s", "%(n)s decisions by %(day)s", number) % said
    return (
        ngettext(
            "%(n)s decision by %(day)s, %(stake)s of aid at stake",
            "%(n)s decisions by %(day)s, %(stake)s of aid at stake",
            number,
        )
        % said
    )
