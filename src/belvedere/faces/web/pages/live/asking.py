"""What an address asks of the things of the territory, and the menus that say it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext

from belvedere.domains.territory.public import organisations_by_id, places
from belvedere.domains.twin import public as twin
from belvedere.faces.web.pages.live import words
from belvedere.faces.web.pages.live.menus import MOST, Menu, Option, chosen_ids
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.geometry import Box

LAYOUTS = ("map", "table")


@dataclass(frozen=True, slots=True)
class Asked:
    """A choice of things and how to show it."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    owners: tuple[UUID, ...] = ()
    places: tuple[UUID, ...] = ()
    hidden: tuple[str, ...] = field(default=(), compare=False)  # kinds whose layer is off
    layout: str = field(default="map", compare=False)

    @property
    def any(self) -> bool:
        return bool(self.pairs())

    def pairs(self) -> list[tuple[str, str]]:
        found = [("q", self.text)] if self.text else []
        for name, values in (
            ("kind", self.kinds),
            ("state", self.states),
            ("owner", self.owners),
            ("place", self.places),
        ):
            found += [(name, str(value)) for value in values]
        return found

    def query(self, **extra: Any) -> str:
        """The choice as the query of an address, "" for all."""
        pairs = [*self.pairs(), *((name, str(value)) for name, value in extra.items() if value)]
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def view(self) -> str:
        """The layout as the address says it, "" for the usual one."""
        return "" if self.layout == "map" else self.layout

    @property
    def wanted(self) -> twin.Wanted:
        return twin.Wanted(None, **self._chosen)

    @property
    def _chosen(self) -> dict[str, Any]:
        return {
            "kinds": self.kinds,
            "states": self.states,
            "owners": self.owners,
            "places": self.places,
            "text": self.text,
        }

    def only(self, kind: str, state: str) -> str:
        """The query of the things of one kind in one state among these."""
        return replace(self, kinds=(kind,), states=(state,), hidden=()).query(view=self.view)

    def found(self, room: Room, limit: int) -> twin.Found:
        """The things themselves, the most urgent first."""
        return twin.entities_in(room.actor, room.territory.id, limit=limit, **self._chosen)

    def drawn(self, room: Room, limit: int, box: Box | None, *states: str) -> twin.Found:
        """The things for the map, without what they say; in one of `states` where any is given."""
        chosen = {**self._chosen, "states": states} if states else self._chosen
        return twin.entities_in(room.actor, room.territory.id, box=box, limit=limit, values=False, **chosen)

    def cells(self, room: Room, box: Box, across: int) -> tuple[twin.Cell, ...]:
        """The things of a window counted by square."""
        return twin.grid(room.actor, room.territory.id, box=box, across=across, **self._chosen)

    def counted(self, room: Room) -> dict[str, dict[str, int]]:
        """How many there are, by kind and state."""
        return twin.kinds_and_states(room.actor, room.territory.id, **self._chosen)


def read(query: QueryDict) -> Asked:
    """Values that mean nothing are left out."""
    known = twin.descriptions()
    kinds = dict.fromkeys(one for one in query.getlist("kind")[:MOST] if one in known)
    states = dict.fromkeys(one for one in query.getlist("state")[:MOST] if one in set(twin.State))
    layout = query.get("view", "")
    return Asked(
        text=query.get("q", "").strip()[:200].replace("\x00", ""),
        kinds=tuple(kinds),
        states=tuple(states),
        owners=chosen_ids(query, "owner"),
        places=chosen_ids(query, "place"),
        hidden=tuple(dict.fromkeys(one for one in query.getlist("hide")[:MOST] if one in known)),
        layout=layout if layout in LAYOUTS else "map",
    )


def menus(asked: Asked, whole: twin.Tallies) -> list[Menu]:
    """The filters with something to choose from, what is most first; states in order of urgency."""
    states = [
        Option(one.value, words.state(one).label, one.value in asked.states, whole.states.get(one, 0))
        for one in (twin.State.ALARM, twin.State.WATCH, twin.State.SILENT, twin.State.NORMAL)
        if one in whole.states or one.value in asked.states
    ]
    owners = {key: one.label for key, one in organisations_by_id([*whole.owners, *asked.owners]).items()}
    communes = {key: one.name for key, one in places([*whole.places, *asked.places]).items()}
    kinds = {one: words.kinds(one) for one in {*whole.kinds, *asked.kinds} if one}
    found = [
        Menu("state", gettext("How it is"), tuple(states)),
        Menu("kind", gettext("Kind of thing"), _options(kinds, asked.kinds, whole.kinds)),
        Menu("place", gettext("Commune"), _options(communes, asked.places, whole.places)),
        Menu("owner", gettext("Belongs to"), _options(owners, asked.owners, whole.owners)),
    ]
    return [menu for menu in found if len(menu.options) > 1 or menu.chosen]


def _options(labels: Any, chosen: Any, counts: Any) -> tuple[Option, ...]:
    rows = [Option(str(key), label, key in chosen, counts.get(key, 0)) for key, label in labels.items()]
    return tuple(sorted(rows, key=lambda one: (-(one.count or 0), one.label.casefold())))
