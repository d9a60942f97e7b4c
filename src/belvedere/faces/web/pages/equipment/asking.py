"""What an address asks of the register, and the menus that say it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext

from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.public import State
from belvedere.domains.territory.public import organisations_by_id
from belvedere.faces.web.pages.equipment import words
from belvedere.faces.web.pages.live.menus import MOST, Menu, Option, chosen_ids


@dataclass(frozen=True, slots=True)
class Asked:
    """A choice of equipment; `start` is the first row of the page."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    states: tuple[State, ...] = ()
    owners: tuple[UUID, ...] = ()
    contracts: tuple[UUID, ...] = ()
    parents: tuple[UUID, ...] = ()
    start: int = 0

    @property
    def any(self) -> bool:
        return bool(self.pairs())

    @property
    def wanted(self) -> equipment.Wanted:
        return equipment.Wanted(
            text=self.text,
            kinds=self.kinds,
            states=self.states,
            owners=self.owners,
            contracts=self.contracts,
            parents=self.parents,
        )

    def pairs(self) -> list[tuple[str, str]]:
        """The choice as the fields of an address."""
        found = [("q", self.text)] if self.text else []
        for name, values in (
            ("kind", self.kinds),
            ("state", self.states),
            ("owner", self.owners),
            ("contract", self.contracts),
            ("under", self.parents),
        ):
            found += [(name, str(value)) for value in values]
        return found

    def query(self, **extra: Any) -> str:
        pairs = [*self.pairs(), *((name, str(value)) for name, value in extra.items() if value)]
        return f"?{urlencode(pairs)}" if pairs else ""


def read(query: QueryDict) -> Asked:
    """Values that mean nothing are left out."""
    start = query.get("start", "")
    known, states = equipment.kinds(), set(State)
    return Asked(
        text=query.get("q", "").strip()[:200].replace("\x00", ""),
        kinds=tuple(dict.fromkeys(one for one in query.getlist("kind")[:MOST] if one in known)),
        states=tuple(dict.fromkeys(State(one) for one in query.getlist("state")[:MOST] if one in states)),
        owners=chosen_ids(query, "owner"),
        contracts=chosen_ids(query, "contract"),
        parents=chosen_ids(query, "under"),
        start=int(start) if start.isascii() and start.isdigit() and len(start) < 8 else 0,
    )


def menus(asked: Asked, whole: equipment.Tallies, contracts: Iterable[equipment.ContractView]) -> list[Menu]:
    """The filters with something to choose from, what is most first."""
    states = tuple(
        Option(one.value, words.state(one).label, one in asked.states, whole.states.get(one, 0))
        for one in State
        if one in whole.states or one in asked.states
    )
    owners = {key: one.label for key, one in organisations_by_id([*whole.owners, *asked.owners]).items()}
    names = {one.id: one.name for one in contracts if one.equipment or one.id in asked.contracts}
    kinds = {one: words.kinds(one) for one in {*whole.kinds, *asked.kinds}}
    found = [
        Menu("state", gettext("How it is"), states),
        Menu("kind", gettext("Kind"), _options(kinds, asked.kinds, whole.kinds)),
        Menu("contract", gettext("Contract"), _options(names, asked.contracts, whole.contracts)),
        Menu("owner", gettext("Belongs to"), _options(owners, asked.owners, whole.owners)),
    ]
    return [menu for menu in found if len(menu.options) > 1 or menu.chosen]


def _options(
    labels: Mapping[Any, str], chosen: Iterable[Any], counts: Mapping[Any, int]
) -> tuple[Option, ...]:
    rows = [Option(str(key), label, key in set(chosen), counts.get(key, 0)) for key, label in labels.items()]
    return tuple(sorted(rows, key=lambda one: (-(one.count or 0), one.label.casefold())))
