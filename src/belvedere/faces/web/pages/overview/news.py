"""What changed, in sentences: one for each measure and matter, the weightiest first, the rest counted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import glance, states
from belvedere.duties.journal.public import Filters, Recorded, entries_in
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import N_
from belvedere.kernel.money import Kind, Money, Vat
from belvedere.kernel.paging import Window

READ = 300  # entries looked at; what lies further back is only counted
SHOWN = 7
# verb -> what it is about, the weightiest matter first
MATTERS: dict[str, tuple[str, ...]] = {
    "decision": ("plans.set_decision",),
    "cost": ("plans.record_estimate",),
    "progress": ("plans.change_phase", "plans.change_implementation"),
    "aid": ("plans.set_funding", "plans.remove_funding", "plans.move_agreement"),
    "dates": ("plans.set_phase_dates", "plans.set_milestone"),
    "new": ("plans.create_measure",),
    "years": ("plans.set_spending",),
    "payments": ("plans.record_payment", "plans.record_commitment"),
    "effect": ("plans.set_value",),
}
MATTER_OF = {verb: matter for matter, verbs in MATTERS.items() for verb in verbs}
RANK = {matter: at for at, matter in enumerate(MATTERS)}
HEADS: dict[str, tuple[str, str]] = {
    "decision": (N_("Decision."), "gavel"),
    "cost": (N_("Cost."), "trending-up"),
    "progress": (N_("Progress."), "player-track-next"),
    "aid": (N_("Aid."), "pig-money"),
    "dates": (N_("Dates."), "calendar-event"),
    "new": (N_("New."), "circle-plus"),
    "years": (N_("Yearly amounts."), "chart-bar"),
    "payments": (N_("Payments."), "cash"),
    "effect": (N_("Effect."), "chart-dots"),
}
_MONEY = re.compile(r"^(-?[\d.]+) ([A-Z]{3})(?:, VAT (\w+))?, (?:prices of (\S+)|nominal)$")


@dataclass(slots=True)
class _Told:
    """Entries on one matter of one measure, the newest first."""

    matter: str
    measure_id: UUID
    entries: list[Recorded] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sentence:
    head: str
    icon: str
    title: str
    language: str
    text: str
    at: datetime
    codes: str
    url: str


@dataclass(frozen=True, slots=True)
class News:
    """`more`: sentences not shown, `measures`: how many measures changed, `further`: entries not read."""

    sentences: tuple[Sentence, ...]
    more: int
    measures: int
    further: int

    @property
    def rest(self) -> str:
        if self.further:
            return gettext("Many more changes: the journal has them all.")
        if not self.more:
            return ""
        return ngettext("%(n)s more change", "%(n)s more changes", self.more) % {
            "n": formats.number(self.more)
        }


def news(room: Room, since: datetime) -> News:
    """What was done to the measures that the person may see since an instant."""
    page = entries_in(room.territory.id, Window(0, READ), Filters(verbs=tuple(MATTER_OF), since=since))
    told = _gathered(page.rows)
    seen = glance.glimpses_of(
        room.actor, room.territory.id, {one.measure_id for one in told}, language=room.language
    )
    kept = [one for one in told if one.measure_id in seen]
    kept.sort(key=lambda one: (RANK[one.matter], -one.entries[0].id))
    shown = _balanced(kept)
    return News(
        tuple(_sentence(room, one, seen[one.measure_id]) for one in shown),
        more=len(kept) - len(shown),
        measures=len({one.measure_id for one in kept}),
        further=max(0, page.total - len(page.rows)),
    )


def _balanced(kept: list[_Told]) -> list[_Told]:
    """At most three of a matter before others come, in the order of the matters."""
    first: list[_Told] = []
    later: list[_Told] = []
    taken: dict[str, int] = defaultdict(int)
    for one in kept:
        taken[one.matter] += 1
        (first if taken[one.matter] <= 2 else later).append(one)
    chosen = (first + later)[:SHOWN]
    return sorted(chosen, key=lambda one: (RANK[one.matter], -one.entries[0].id))


def _gathered(entries: Iterable[Recorded]) -> list[_Told]:
    found: dict[tuple[str, UUID], _Told] = {}
    for entry in entries:
        measure_id = _measure(entry)
        if measure_id is None:
            continue
        key = (MATTER_OF[entry.verb], measure_id)
        found.setdefault(key, _Told(*key)).entries.append(entry)
    return list(found.values())


def _measure(entry: Recorded) -> UUID | None:
    if entry.subject[0] != "plans.measure":
        return None
    try:
        return UUID(entry.subject[1])
    except ValueError:
        return None


def _sentence(room: Room, one: _Told, measure: glance.Glimpse) -> Sentence:
    head, icon = HEADS[one.matter]
    return Sentence(
        head=gettext(head),
        icon=icon,
        title=measure.title,
        language=measure.title_language,
        text=_text(one, measure),
        at=one.entries[0].at,
        codes=measure.codes,
        url=room.measure_url(measure.id),
    )


def _text(one: _Told, measure: glance.Glimpse) -> str:
    first, last = one.entries[-1], one.entries[0]
    match one.matter:
        case "cost":
            return _cost(first, last, measure)
        case "progress":
            return _progress(last)
        case "dates" if measure.works_start:
            return gettext("works now planned on %(day)s") % {
                "day": formats.day(measure.works_start, "short")
            }
        case "new":
            return gettext("measure of %(owner)s") % {"owner": measure.owner_name}
        case "decision":
            return _decision(last)
        case "aid" if measure.cost is not None and measure.net is not None:
            return gettext("%(net)s of %(cost)s left to the owner") % {
                "net": formats.money(measure.net),
                "cost": formats.money(measure.cost),
            }
    number = len(one.entries)
    return ngettext("%(n)s change", "%(n)s changes", number) % {"n": formats.number(number)}


def _cost(first: Recorded, last: Recorded, measure: glance.Glimpse) -> str:
    before, after = _money(first.before), _money(last.after)
    now = after or measure.cost
    if now is None:
        return gettext("estimated anew")
    if before is None or before == now:
        return formats.money(now)
    return gettext("from %(before)s to %(now)s") % {
        "before": formats.money(before),
        "now": formats.money(now),
    }


def _money(side: Mapping[str, Any]) -> Money | None:
    """The amount of an estimate as the journal keeps it."""
    found = _MONEY.match(str(side.get("estimate") or ""))
    if found is None:
        return None
    number, currency, vat, month = found.groups()
    return Money(Decimal(number), Kind(currency, Vat(vat or "unknown"), month or ""))


def _progress(last: Recorded) -> str:
    if value := last.after.get("implementation"):
        return words.implementation(states.Implementation(value)).label
    if value := last.after.get("phase"):
        return words.phase_anywhere(str(value))
    return gettext("moved on")


def _decision(last: Recorded) -> str:
    for name, value in last.after.items():
        if name.split(".")[0] == "decision" and isinstance(value, dict) and value.get("body"):
            return str(value["body"])
    return gettext("recorded")


def journal_url(room: Room) -> str:
    return reverse("journal:list", kwargs={"territory": room.territory})
