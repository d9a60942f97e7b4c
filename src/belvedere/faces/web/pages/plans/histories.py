"""The journal of a measure, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, pgettext

from belvedere.domains.plans.public import queries, restoring, states, views, vocabulary
from belvedere.domains.territory.public import name_in, organisations_by_id
from belvedere.duties.journal.public import Recorded
from belvedere.faces.web import formats
from belvedere.faces.web.language import NAMES as NAMES_OF_LANGUAGES
from belvedere.faces.web.pages.coordination import journal_words as coordinated
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.faces.web.pages.plans.sheets.words import change_label
from belvedere.faces.web.pages.plans.told import is_followed, told
from belvedere.kernel.errors import N_
from belvedere.kernel.money import Kind, Money, Vat

VERBS = {
    **coordinated.VERBS,
    "plans.create_measure": N_("created the measure"),
    "plans.edit_measure": N_("changed the measure"),
    "plans.change_implementation": N_("changed the implementation"),
    "plans.change_phase": N_("moved the phase"),
    "plans.set_phase_dates": N_("changed the dates of the phases"),
    "plans.list_in_plan": N_("listed the measure in a plan"),
    "plans.edit_listing": N_("changed a listing"),
    "plans.unlist": N_("took the measure out of a plan"),
    "plans.succeed": N_("linked the generations"),
    "plans.assess": N_("recorded the authority’s priority"),
    "plans.hand_in_programme": N_("handed the programme in"),
    "plans.record_review": N_("recorded the authority’s review"),
    "plans.record_follow_up": N_("recorded what is followed"),
    "plans.move_agreement": N_("moved the agreement on aid"),
    "plans.publish_measure": N_("changed the visibility"),
    "plans.record_estimate": N_("recorded an estimate"),
    "plans.set_spending": N_("changed the yearly amounts"),
    "plans.set_funding": N_("changed the funding"),
    "plans.remove_funding": N_("removed a funding line"),
    "plans.record_commitment": N_("recorded a contract"),
    "plans.change_commitment": N_("changed a contract"),
    "plans.remove_commitment": N_("removed a contract"),
    "plans.record_payment": N_("recorded a payment"),
    "plans.remove_payment": N_("removed a payment"),
    "plans.add_site": N_("added a site"),
    "plans.move_site": N_("moved a site"),
    "plans.remove_site": N_("removed a site"),
    "plans.import_measures": N_("imported a spreadsheet"),
    "plans.import_measure": N_("changed the measure by an import"),
    "plans.undo_import": N_("took an import back"),
    "plans.set_link": N_("linked the measure"),
    "plans.remove_link": N_("took a link away"),
    "plans.set_actor": N_("changed an actor"),
    "plans.remove_actor": N_("took an actor away"),
    "plans.erase_actor": N_("erased a person from the actors"),
    "plans.rectify_actor": N_("corrected the name of an actor"),
    "plans.set_milestone": N_("changed a milestone"),
    "plans.remove_milestone": N_("took a milestone away"),
    "plans.set_quantity": N_("changed a quantity"),
    "plans.remove_quantity": N_("took a quantity away"),
    "plans.set_risk": N_("changed a risk"),
    "plans.remove_risk": N_("took a risk away"),
    "plans.set_decision": N_("recorded a decision"),
    "plans.remove_decision": N_("took a decision away"),
    "plans.add_document": N_("added a document"),
    "plans.add_version": N_("added a version of a document"),
    "plans.describe_document": N_("renamed a document"),
    "plans.publish_document": N_("changed who may open a document"),
    "plans.remove_document": N_("took a document out of sight"),
    "plans.restore_document": N_("put a document back"),
    "plans.translate": N_("gave a text in another language"),
    "plans.change_many": N_("changed several measures"),
    "plans.undo_many": N_("took a change of several measures back"),
    "plans.set_effect": N_("changed an indicator of the measure"),
    "plans.remove_effect": N_("took an indicator off the measure"),
    "plans.set_value": N_("recorded a value"),
    "plans.remove_value": N_("took a value away"),
}
NAMES = {
    "title": N_("Title"),
    "description": N_("Description"),
    "phase": N_("Phase"),
    "implementation": N_("Implementation"),
    "category_id": N_("Category"),
    "kind": N_("Kind"),
    "published": N_("Published"),
    "justification": N_("Justification"),
    "replaced_by": N_("Replaced by"),
    "plan": N_("Plan"),
    "listing": N_("Listing"),
    "agreement": N_("Agreement on aid"),
    "assessed_priority": N_("Authority’s priority"),
    "agreement_number": N_("Number in the agreement"),
    "financing_number": N_("Number of the financing agreement"),
    "financing_date": N_("Date of the financing agreement"),
    "start_deadline": N_("Works to start by"),
    "claim_deadline": N_("Aid to be claimed by"),
    "deadline_source": N_("Source of the deadlines"),
    "deadlines_frozen_on": N_("Deadlines frozen on"),
    "succession": N_("Generation before"),
    "code": N_("Code"),
    "are_code": N_("ARE code"),
    "priority": N_("Priority"),
    "listed_cost": N_("Cost listed in the plan"),
    "contribution": N_("Contribution"),
    "estimate": N_("Estimate"),
    "funding": N_("Funding"),
    "commitment": N_("Contract"),
    "payment": N_("Payment"),
    "site": N_("Site"),
    "figures.cost": N_("Cost"),
    "figures.aid": N_("Aid"),
    "figures.net": N_("Net"),
    "file": N_("File"),
    "line": N_("Line of the file"),
    "link": N_("Link"),
    "actor": N_("Actor"),
    "milestone": N_("Milestone"),
    "quantity": N_("Quantity"),
    "risk": N_("Risk"),
    "decision": N_("Decision"),
    "document": N_("Document"),
    "effect": N_("Indicator"),
    "value": N_("Value"),
}
_MONEY = re.compile(r"^(-?[\d.]+) (CHF|EUR)(?:, VAT (\w+))?, (?:prices of (\S+)|nominal)$")
MOST_CHANGES = 8
LONGEST_SHOWN = 160
SHOWN = 40  # entries on the page of a measure; from these an old value can be put back
_SILENT = frozenset({"import", "removed", "verdict"})  # for undoing, not for reading


@dataclass(frozen=True, slots=True)
class Change:
    name: str
    before: str
    after: str
    url: str = ""  # where what was before is put back
    language: str = ""  # of a text kept in several languages
    whole: str = ""  # the name without the language


@dataclass(frozen=True, slots=True)
class Old:
    """A value that an entry changed and that can be put back; `id` stands in the address."""

    id: str
    entry_id: int
    key: str
    name: str
    before: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    actor: str
    verb: str
    changes: tuple[Change, ...]
    more: int
    reason: str


def entries(found: Iterable[Recorded], view: views.MeasureView, room: Room) -> list[Line]:
    """The entries, newest first, with what was and what is in the reader's language."""
    rows = list(found)
    teller = _Teller(view, room, rows)
    return [teller.line(entry) for entry in rows]


def old_values(found: Iterable[Recorded], view: views.MeasureView, room: Room) -> list[Old]:
    """What can be put back of these entries."""
    rows = list(found)
    teller = _Teller(view, room, rows)
    return [
        Old(old_id(row, at), row.id, change[0], teller.name(change[0]), teller.value(*change[:2]), row.at)
        for row in rows
        for at, change in enumerate(row.changes)
        if restoring.restorable(row, change[0])
    ]


def old_id(row: Recorded, at: int) -> str:
    return f"{row.id}-{at}"


class _Teller:
    """Writes values of the journal; looks the names of organisations up once."""

    def __init__(self, view: views.MeasureView, room: Room, rows: list[Recorded]) -> None:
        self.view, self.room = view, room
        ids = {
            value["organisation"]
            for row in rows
            for side in (row.before, row.after)
            for value in side.values()
            if isinstance(value, dict) and value.get("organisation")
        }
        self.organisations = {
            str(key): found.label for key, found in organisations_by_id(_uuids(ids)).items()
        }
        self.categories = dict(queries.categories(view.territory_id))

    def line(self, entry: Recorded) -> Line:
        changes = [
            (at, change)
            for at, change in enumerate(entry.changes)
            if change[0] not in _SILENT
            and (change[0] != "title" or entry.before)
            and not (change[0] == "effect" and isinstance(change[2], str))  # only which one a value is of
        ]
        return Line(
            at=entry.at,
            actor=entry.actor_label or gettext("A person since erased"),
            verb=gettext(VERBS[entry.verb]) if entry.verb in VERBS else entry.verb,
            changes=tuple(
                told
                for at, (name, before, after) in changes[:MOST_CHANGES]
                for told in self._changes(name, before, after, self._url(entry, at, name))
            ),
            more=max(0, len(changes) - MOST_CHANGES),
            reason=entry.reason,
        )

    def _changes(self, name: str, before: Any, after: Any, url: str) -> list[Change]:
        """One change; of a text kept in several languages one for each language that changed."""
        sides = [side if isinstance(side, dict) else {} for side in (before, after)]
        if not any(sides) or not (_is_texts(sides[0]) and _is_texts(sides[1])):
            return [Change(self.name(name), self.value(name, before), self.value(name, after), url)]
        was, now = sides
        moved = [code for code in dict.fromkeys([*was, *now]) if was.get(code, "") != now.get(code, "")]
        return [
            Change(
                f"{self.name(name)} ({_language(code)})",
                _short(str(was.get(code) or "")),
                _short(str(now.get(code) or "")),
                url if code == moved[-1] else "",  # all of them are put back at once
                code,
                self.name(name),
            )
            for code in moved
        ]

    def _url(self, entry: Recorded, at: int, name: str) -> str:
        able = self.room.is_cockpit and "edit" in self.view.may
        if not able or not restoring.restorable(entry, name):
            return ""
        return self.room.url("edit_item", measure_id=self.view.id, part="put-back", item=old_id(entry, at))

    def name(self, name: str) -> str:
        if name.startswith("spending."):
            return name.split(".")[1]
        if name.startswith("phase."):
            return words.phase(self.view.phase_scheme, name.split(".")[1])
        if is_followed(name):
            name = name.split(".")[0]
        return gettext(NAMES[name]) if name in NAMES else change_label(name)

    def value(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        if name == "phase":
            return words.phase(self.view.phase_scheme, str(value))
        if name == "implementation":
            return words.implementation(states.Implementation(value)).label
        if name == "published":
            return gettext("published") if value else gettext("not published")
        if name == "category_id":
            return name_in(self.categories.get(value, {}), self.room.language) or str(value)
        if name == "kind" and value in states.MeasureKind._value2member_map_:
            return gettext(words.KINDS[states.MeasureKind(value)])
        if name == "agreement":
            return words.agreement(states.Agreement(value)).label
        if name == "contribution":
            return words.contribution(vocabulary.Contribution(value))
        if isinstance(value, dict):
            return self._mapping(name, value)
        if isinstance(value, list):
            return ", ".join(str(one) for one in value)
        if name in ("file", "line"):
            return str(value)
        return _amount(str(value), self.view)

    def _mapping(self, name: str, value: dict[str, Any]) -> str:
        if name == "funding":
            return self._funding(value)
        if is_followed(name):
            return told(value, self.room.language)
        if name == "site":
            at = value.get("at") or []
            return ", ".join(formats.number(Decimal(str(part)), 4) for part in at)
        colon = pgettext("between a label and its value", ":")
        return _short(" / ".join(f"{_language(code)}{colon} {text}" for code, text in value.items()))

    def _funding(self, value: dict[str, Any]) -> str:
        parts = [self.organisations.get(str(value.get("organisation")), gettext("unknown"))]
        if value.get("amount"):
            parts.append(formats.number(Decimal(value["amount"]), 0))
        if value.get("rate"):
            parts.append(formats.percent(Decimal(value["rate"])))
        if value.get("cap"):
            parts.append(gettext("cap %(cap)s") % {"cap": formats.number(Decimal(value["cap"]), 0)})
        if value.get("state"):
            parts.append(words.funding_state(states.FundingState(value["state"])).label)
        return ", ".join(parts)


def _is_texts(value: dict[str, Any]) -> bool:
    return all(code in NAMES_OF_LANGUAGES for code in value)


def _language(code: str) -> str:
    return NAMES_OF_LANGUAGES.get(code, code)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def _uuids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(str(text)))
        except ValueError:
            continue
    return found


def _amount(text: str, view: views.MeasureView) -> str:
    """Amounts of the journal in the reader's language; other words as they are."""
    match = _MONEY.match(text)
    if match:
        number, currency, vat, month = match.groups()
        kind = Kind(currency, Vat(vat) if vat else Vat.UNKNOWN, month or "")
        return formats.money(Money(Decimal(number), kind))
    try:
        number_only = Decimal(text)
    except InvalidOperation:
        return text
    return formats.money(Money(number_only, view.cost.kind)) if view.cost else formats.number(number_only)
