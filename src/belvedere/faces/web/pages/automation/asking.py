"""What an address asks of the alarms, and the menus that say it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.public import AlarmState
from belvedere.domains.territory.public import organisations_by_id, places
from belvedere.domains.twin import public as twin
from belvedere.faces.web.pages.automation import words
from belvedere.faces.web.pages.live import words as live
from belvedere.faces.web.pages.live.menus import MOST, Menu, Option, chosen_ids
from belvedere.kernel.severity import Severity

SHELVED = "shelved"
_RAISED = ("raised_from", "raised_to")
STEP = 60
MOST_ROWS = 300
#: What a desk looks at: urgent first.
SEVERITIES = tuple(sorted(Severity, reverse=True))


@dataclass(frozen=True, slots=True)
class Asked:
    """A choice of alarms."""

    text: str = ""
    states: tuple[AlarmState, ...] = ()
    severities: tuple[Severity, ...] = ()
    kinds: tuple[str, ...] = ()
    owners: tuple[UUID, ...] = ()
    places: tuple[UUID, ...] = ()
    rules: tuple[int, ...] = ()
    things: tuple[int, ...] = ()
    shelved: bool = False
    raised: tuple[datetime, datetime] | None = None

    def pairs(self) -> list[tuple[str, str]]:
        found = [("q", self.text)] if self.text else []
        if self.shelved:
            found.append(("state", SHELVED))
        named: tuple[tuple[str, tuple[Any, ...]], ...] = (
            ("state", tuple(one.value for one in self.states)),
            ("severity", tuple(one.value for one in self.severities)),
            ("kind", self.kinds),
            ("owner", self.owners),
            ("place", self.places),
            ("rule", self.rules),
            ("thing", self.things),
        )
        found += [(name, str(value)) for name, values in named for value in values]
        return [*found, *self.raised_pairs]

    @property
    def raised_pairs(self) -> list[tuple[str, str]]:
        """The span of time in which alarms were raised, as an address says it."""
        if self.raised is None:
            return []
        return [(name, at.isoformat()) for name, at in zip(_RAISED, self.raised, strict=True)]

    @property
    def any(self) -> bool:
        return bool(self.pairs())

    def query(self, **extra: Any) -> str:
        pairs = [*self.pairs(), *((name, str(value)) for name, value in extra.items() if value)]
        return f"?{urlencode(pairs)}" if pairs else "?"

    @property
    def filters(self) -> automation.Filters:
        return automation.Filters(
            states=self.states,
            severities=self.severities,
            kinds=self.kinds,
            owners=self.owners,
            places=self.places,
            rules=self.rules,
            things=self.things,
            text=self.text,
            raised=self.raised,
            shelved=True if self.shelved else None if AlarmState.CLOSED in self.states else False,
        )


def read(query: QueryDict) -> Asked:
    """Values that mean nothing are left out."""
    states = [one for one in query.getlist("state")[:MOST] if one in set(AlarmState)]
    grave = [int(one) for one in query.getlist("severity")[:MOST] if one.isascii() and one.isdigit()]
    return Asked(
        text=query.get("q", "").strip()[:200].replace("\x00", ""),
        states=tuple(AlarmState(one) for one in dict.fromkeys(states)),
        severities=tuple(Severity(one) for one in dict.fromkeys(grave) if one in set(Severity)),
        kinds=tuple(dict.fromkeys(one for one in query.getlist("kind")[:MOST] if one in twin.descriptions())),
        owners=chosen_ids(query, "owner"),
        places=chosen_ids(query, "place"),
        rules=_numbers(query, "rule"),
        things=_numbers(query, "thing"),
        shelved=SHELVED in query.getlist("state"),
        raised=_span(query),
    )


def _span(query: QueryDict) -> tuple[datetime, datetime] | None:
    try:
        start, end = (datetime.fromisoformat(query.get(name, "")) for name in _RAISED)
    except ValueError:
        return None
    return (start, end) if start.tzinfo and end.tzinfo and start < end else None


def _numbers(query: QueryDict, name: str) -> tuple[int, ...]:
    given = query.getlist(name)[:MOST]
    return tuple(
        dict.fromkeys(int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 19)
    )


def menus(asked: Asked, whole: twin.Tallies) -> list[Menu]:
    """The filters with something to choose from."""
    grave = [Option(str(one.value), words.severity(one).label, one in asked.severities) for one in SEVERITIES]
    states = [Option(one.value, words.state(one).label, one in asked.states) for one in AlarmState]
    states.append(Option(SHELVED, gettext("shelved"), asked.shelved))
    owners = {key: one.label for key, one in organisations_by_id([*whole.owners, *asked.owners]).items()}
    communes = {key: one.name for key, one in places([*whole.places, *asked.places]).items()}
    kinds = {one: live.kinds(one) for one in {*whole.kinds, *asked.kinds} if one}
    found = [
        Menu("severity", gettext("How urgent"), tuple(grave)),
        Menu("state", gettext("State of the alarm"), tuple(states)),
        Menu("kind", gettext("Kind of thing"), _options(kinds, asked.kinds)),
        Menu("place", gettext("Commune"), _options(communes, asked.places)),
        Menu("owner", gettext("Belongs to"), _options(owners, asked.owners)),
    ]
    return [menu for menu in found if len(menu.options) > 1 or menu.chosen]


def _options(labels: dict[Any, str], chosen: tuple[Any, ...]) -> tuple[Option, ...]:
    rows = [Option(str(key), label, key in chosen) for key, label in labels.items()]
    return tuple(sorted(rows, key=lambda one: one.label.casefold()))
