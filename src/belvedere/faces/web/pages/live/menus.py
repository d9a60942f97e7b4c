"""The filters of a list as menus, and their values in the address."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict

MOST = 100


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """One filter; `single`: one value at most."""

    name: str
    label: str
    options: tuple[Option, ...]
    single: bool = False

    @property
    def chosen(self) -> int:
        return sum(one.chosen for one in self.options)


def chosen_ids(query: QueryDict, name: str) -> tuple[UUID, ...]:
    """The identifiers given under `name`; what is none is left out."""
    found = []
    for text in query.getlist(name)[:MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(dict.fromkeys(found))
