"""Entries of the journal in the reader's words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext

from belvedere.domains.access.public import (
    ROLE_NAMES,
    TERRITORY_ROLE_NAMES,
    Actor,
    names_of,
)
from belvedere.domains.plans.public import queries as plans
from belvedere.domains.territory.public import TerritoryView, organisations_by_id
from belvedere.duties.journal.public import Recorded
from belvedere.faces.web.pages.automation import words as automation_words
from belvedere.faces.web.pages.collaboration import journal_words
from belvedere.faces.web.pages.commands import words as commands_words
from belvedere.faces.web.pages.connections import words as connections_words
from belvedere.faces.web.pages.crisis import words as crisis_words
from belvedere.faces.web.pages.duty import words as duty_words
from belvedere.faces.web.pages.equipment import words as equipment_words
from belvedere.faces.web.pages.exchange import words as exchange_words
from belvedere.faces.web.pages.interventions import words as interventions_words
from belvedere.faces.web.pages.library import words as library_words
from belvedere.faces.web.pages.live import words as live_words
from belvedere.faces.web.pages.logbook import words as logbook_words
from belvedere.faces.web.pages.packs import words as packs_words
from belvedere.faces.web.pages.plans import histories
from belvedere.faces.web.pages.portal import journal_words as works_words
from belvedere.faces.web.pages.reach import words as reach_words
from belvedere.faces.web.pages.reporting import words as reporting_words
from belvedere.faces.web.pages.scenes import words as scenes_words
from belvedere.faces.web.pages.webhooks import words as webhooks_words
from belvedere.kernel.errors import N_

VERBS: Final = {
    **automation_words.VERBS,
    **commands_words.VERBS,
    **connections_words.VERBS,
    **crisis_words.VERBS,
    **duty_words.VERBS,
    **equipment_words.VERBS,
    **packs_words.VERBS,
    **exchange_words.VERBS,
    **histories.VERBS,
    **interventions_words.VERBS,
    **journal_words.VERBS,
    **library_words.VERBS,
    **live_words.VERBS,
    **logbook_words.VERBS,
    **reach_words.VERBS,
    **reporting_words.VERBS,
    **scenes_words.VERBS,
    **webhooks_words.VERBS,
    **works_words.VERBS,
    "plans.create_plan": N_("created a plan"),
    "plans.edit_plan": N_("changed a plan"),
    "plans.add_node": N_("added an axis to a plan"),
    "plans.set_deadline_rules": N_("changed the deadlines of a plan"),
    "plans.define_indicator": N_("defined an indicator"),
    "plans.remove_indicator": N_("removed an indicator"),
    "plans.set_frames": N_("changed spending ceilings"),
    "plans.remove_frame": N_("removed a spending ceiling"),
    "plans.set_index": N_("changed a price index"),
    "plans.remove_index": N_("removed a price index"),
    "plans.set_vat_rates": N_("changed the rates of VAT"),
    "plans.save_scenario": N_("kept a scenario"),
    "plans.archive_scenario": N_("put a scenario away"),
    "plans.vote_snapshot": N_("kept the state that was voted"),
    "plans.explain_variance": N_("explained a difference to the vote"),
    "access.create_person": N_("created an account"),
    "access.change_own_details": N_("changed the details of the account"),
    "access.rectify_person": N_("corrected the details of an account"),
    "access.erase_person": N_("erased an account"),
    "access.end_session": N_("signed a device out"),
    "access.create_token": N_("created an access token"),
    "access.revoke_token": N_("withdrew an access token"),
    "access.invite_person": N_("invited someone"),
    "access.invite_to_territory": N_("invited someone to the territory"),
    "access.send_invitation_again": N_("sent an invitation again"),
    "access.revoke_invitation": N_("withdrew an invitation"),
    "access.accept_invitation": N_("accepted an invitation"),
    "access.give_role": N_("gave a role"),
    "access.change_role": N_("changed a role"),
    "access.end_membership": N_("ended a role"),
    "access.give_territory_role": N_("gave a role in the territory"),
    "access.end_territory_role": N_("ended a role in the territory"),
    "access.deactivate_person": N_("closed an account"),
    "territory.open_territory": N_("opened the territory"),
    "territory.create_organisation": N_("added an organisation"),
    "territory.set_perimeter": N_("changed the places of an organisation"),
    "territory.join_body": N_("brought an organisation into a body"),
    "territory.leave_body": N_("took an organisation out of a body"),
    "territory.import_memberships": N_("brought the members of bodies from a file"),
    "territory.import_boundaries": N_("brought boundaries from a file"),
    "territory.set_boundary": N_("changed the boundary of a place"),
    "territory.add_place": N_("added a place"),
    "territory.describe_place": N_("changed the names of a place"),
    "territory.link_parent": N_("placed a place within another"),
    "territory.record_population": N_("recorded how many people live in a place"),
    "territory.dress_map": N_("changed what the map shows around the territory"),
}
NAMES: Final = {
    **histories.NAMES,
    "organisation": N_("Organisation"),
    "role": N_("Role"),
    "name": N_("Name"),
    "names": N_("Names"),
}
LONGEST = 160
MOST_CHANGES = 6


@dataclass(frozen=True, slots=True)
class Change:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as it is shown. `url` is "" where the subject has no page."""

    id: int
    at: datetime
    actor: str
    verb: str
    subject: str
    url: str
    changes: tuple[Change, ...]
    more: int
    reason: str


def verb_name(verb: str) -> str:
    """What the verb did, as the end of a sentence that begins with who; unknown verbs as they are."""
    return gettext(VERBS[verb]) if verb in VERBS else verb.partition(".")[2].replace("_", " ")


def lines(found: Iterable[Recorded], actor: Actor, territory: TerritoryView) -> list[Line]:
    """Entries for the list, in their order."""
    rows = list(found)
    teller = _Teller(rows, actor, territory)
    return [teller.line(row) for row in rows]


class _Teller:
    """Looks up once what the entries of a page speak of."""

    def __init__(self, rows: list[Recorded], actor: Actor, territory: TerritoryView) -> None:
        self.territory, self.actor = territory, actor
        self.language = (get_language() or "fr")[:2]
        subjects = {row.subject for row in rows}
        people = _ids(key for label, key in subjects if label == "access.person")
        self.people = names_of(people)
        self.measures = {
            key: self._measure(key) for label, key in sorted(subjects) if label == "plans.measure"
        }
        named = {
            str(side["organisation"])
            for row in rows
            for side in (row.before, row.after)
            if isinstance(side.get("organisation"), str)
        }
        named |= {key for label, key in subjects if label == "territory.organisation"}
        self.organisations = {str(key): body.name for key, body in organisations_by_id(_ids(named)).items()}

    def _measure(self, key: str) -> str:
        row = next(
            (plans.measure_row(self.actor, found, language=self.language) for found in _ids([key])), None
        )
        return row.title if row else ""

    def line(self, entry: Recorded) -> Line:
        changes = entry.changes
        label, key = entry.subject
        return Line(
            id=entry.id,
            at=entry.at,
            actor=entry.actor_label or gettext("An erased person"),
            verb=verb_name(entry.verb),
            subject=self._subject(label, key),
            url=self._url(label, key),
            changes=tuple(
                Change(
                    gettext(NAMES[name]) if name in NAMES else name,
                    self._value(name, before),
                    self._value(name, after),
                )
                for name, before, after in changes[:MOST_CHANGES]
            ),
            more=max(0, len(changes) - MOST_CHANGES),
            reason=entry.reason,
        )

    def _subject(self, label: str, key: str) -> str:
        kinds: dict[str, Callable[[], str]] = {
            "access.person": lambda: (
                next((self.people.get(found, "") for found in _ids([key])), "") or gettext("An erased person")
            ),
            "plans.measure": lambda: self.measures.get(key) or gettext("Measure"),
            "territory.organisation": lambda: self.organisations.get(key, ""),
        }
        return kinds[label]() if label in kinds else ""

    def _url(self, label: str, key: str) -> str:
        if label != "plans.measure" or not self.measures.get(key):
            return ""
        try:
            return reverse("plans:measure", kwargs={"territory": self.territory.slug, "measure_id": key})
        except NoReverseMatch:
            return ""

    def _value(self, name: str, value: Any) -> str:
        if value is None or value == "" or value == {} or value == []:
            return ""
        if name == "organisation":
            return self.organisations.get(str(value), str(value))
        if name == "role":
            return _role(str(value))
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
            text = " / ".join(f"{code}: {item}" for code, item in value.items())
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _role(value: str) -> str:
    names = {role.value: name for role, name in [*TERRITORY_ROLE_NAMES.items(), *ROLE_NAMES.items()]}
    return gettext(names[value]) if value in names else value


def _ids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
