"""Two people edit the same part: what each typed, what was there, and what becomes of it.

A form carries what its fields showed when it was opened (`was`). When the measure has changed meanwhile,
each field is compared three ways: what only the other changed is taken over, what only the reader changed
is kept, and what both changed differently is asked. What a form builds on without showing it in a field
(`MeasureForm.stands_on`) is asked too when it moved.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms as fields
from django.http import QueryDict
from django.utils.translation import gettext

from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.forms import BUILT_ON, Grid, MeasureForm, said_of, showing

LONGEST_SHOWN = 600
SETTLE = "settle_"
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True, slots=True)
class Clash:
    """What both changed: asked. Without `name` it is no field, and saving again is the answer."""

    name: str
    label: str
    was: str | None  # None: not known any more
    typed: str
    saved: str
    chosen: str = ""

    @property
    def settle(self) -> str:
        return SETTLE + self.name


@dataclass(frozen=True, slots=True)
class Merge:
    """The data of the form with the other's changes in it. `taken`: the labels of the fields taken over."""

    data: QueryDict
    moved: bool = False  # someone changed the measure since the form was opened
    known: bool = True  # what the form showed at first came back with it
    taken: tuple[str, ...] = ()
    clashes: tuple[Clash, ...] = ()


def merge(form: MeasureForm, data: QueryDict, version: int) -> Merge:
    """`form` is bound to `data` and built on the measure as it stands now, at `version`."""
    sent = data.get("version", "")
    read = int(sent) if sent.isdigit() else version
    merger = _Merger(form, data.copy())
    if read == version:
        return Merge(merger.data, clashes=merger.settled())
    try:
        was = json.loads(data.get("was", ""))
    except ValueError:
        was = None
    merger.data["version"] = str(version)
    merger.data["was"] = json.dumps(merger.present)
    if not isinstance(was, dict):
        return Merge(merger.data, moved=True, known=False)
    taken, clashes = merger.compared(was)
    merger.data["clashes"] = ",".join(clash.name for clash in clashes if clash.name)
    return Merge(merger.data, True, True, taken, clashes)


class _Merger:
    """One form, what was sent for it, and what its fields would show now."""

    def __init__(self, form: MeasureForm, data: QueryDict) -> None:
        self.form, self.data, self.present = form, data, showing(form)

    def typed(self, name: str) -> str:
        bound = self.form[name]
        return said_of(bound.field, bound.field.widget.value_from_datadict(self.data, {}, bound.html_name))

    def now(self, name: str) -> str:
        return str(self.present.get(name, ""))

    def compared(self, was: dict[str, Any]) -> tuple[tuple[str, ...], tuple[Clash, ...]]:
        """Take over what only the other changed; the labels of it, and what both changed."""
        if self.form.GRID:
            was = _in_their_order(self.form.GRID, self.data, was, self.present)
        built_on, stands = was.get(BUILT_ON) or {}, self.present.get(BUILT_ON) or {}
        clashes = [
            Clash("", label, *_stood(str(built_on.get(label, "")), str(text)))
            for label, text in stands.items()
            if built_on.get(label) != text
        ]
        taken: list[str] = []
        for name in self.form.fields:
            if name not in self.present or name in self.form.PROPOSES:
                continue
            before, typed, now = str(was.get(name, "")), self.typed(name), self.now(name)
            if now in (before, typed):
                continue
            if typed == before:
                self.put(name, now)
                taken.append(self.label(name, short=True))
            else:
                clashes.append(self.clash(name, before))
        return tuple(dict.fromkeys(taken)), tuple(clashes)

    def settled(self) -> tuple[Clash, ...]:
        """Put the answers to earlier clashes into the data; while one is missing, all are asked again."""
        asked = [name for name in self.data.get("clashes", "").split(",") if name in self.present]
        given = {name: self.data.get(SETTLE + name, "") for name in asked}
        if not all(answer in (MINE, THEIRS) for answer in given.values()):
            return tuple(self.clash(name, None, given[name]) for name in asked)
        for name, answer in given.items():
            if answer == THEIRS:
                self.put(name, self.now(name))
        return ()

    def clash(self, name: str, was: str | None, chosen: str = "") -> Clash:
        known = None if was is None else self.told(name, was)
        typed, now = self.told(name, self.typed(name)), self.told(name, self.now(name))
        return Clash(name, self.label(name), known, typed, now, chosen)

    def label(self, name: str, *, short: bool = False) -> str:
        label = str(self.form[name].label)
        if self.form.GRID is None:
            return label
        at = name.rpartition("_")[2]
        year = self.now(f"year_{at}")
        return label if not year else year if short else f"{label} {year}"

    def put(self, name: str, said: str) -> None:
        field = self.form.fields[name]
        if isinstance(field, fields.MultipleChoiceField):
            self.data.setlist(name, said.split(",") if said else [])
        elif isinstance(field, fields.BooleanField) and not said:
            self.data.pop(name, None)
        else:
            self.data[name] = said

    def told(self, name: str, said: str) -> str:
        """A value as people read it."""
        field = self.form.fields[name]
        if isinstance(field, fields.BooleanField):
            return gettext("yes") if said else gettext("no")
        if isinstance(field, fields.ChoiceField):
            known = {str(value): str(label) for value, label in _flat(field.choices)}
            return ", ".join(known.get(one, one) for one in said.split(",") if one)
        if isinstance(field, fields.DateField) and said:
            try:
                return formats.day(date.fromisoformat(said), "short")
            except ValueError:
                return said
        return said if len(said) <= LONGEST_SHOWN else f"{said[: LONGEST_SHOWN - 1]}…"


def _stood(was: str, now: str) -> tuple[str, str, str]:
    """What the edit builds on, before and now; a mark only tells that it changed."""
    return ("", "", gettext("changed")) if now.startswith("#") else (was, "", now)


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for value, label in choices:
        found += label if isinstance(label, list | tuple) else [(value, label)]
    return found


# ------------------------------------------------------------------ grids
Rows = dict[int, dict[str, str]]


def _in_their_order(
    grid: Grid, data: QueryDict, was: Mapping[str, Any], present: Mapping[str, Any]
) -> dict[str, Any]:
    """Lines of a grid are told apart by their keys, not by their place.

    Moves what was typed in `data` to the place where the same line stands now, and gives `was` in that order.
    """
    base, now, typed = _rows(grid, was), _rows(grid, present), _rows(grid, data.dict())
    places = _places(grid, base, now)
    end = max([*now, -1]) + 1
    moved: Rows = {at: dict.fromkeys(grid.columns, "") for at in now}  # lines the other added
    shown: Rows = {}
    for at, row in sorted(typed.items()):
        to = places.get(at)
        if to is not None:
            shown[to] = base[at]
        elif row == base.get(at):
            continue  # taken away by the other, left alone by the reader
        else:
            to, end = end, end + 1
        moved[to] = row
    for name in [name for name in data if grid.split(name)]:
        del data[name]
    for at, row in moved.items():
        for column, value in row.items():
            data[f"{column}_{at}"] = value
    rest = {name: value for name, value in was.items() if not grid.split(name)}
    return rest | {f"{column}_{at}": value for at, row in shown.items() for column, value in row.items()}


def _places(grid: Grid, base: Rows, now: Rows) -> dict[int, int]:
    """For each line shown at first, where the same line stands now."""
    free: dict[tuple[str, ...], list[int]] = {}
    for at, row in sorted(now.items()):
        free.setdefault(tuple(row[key] for key in grid.keys), []).append(at)
    found = {}
    for at, row in sorted(base.items()):
        places = free.get(tuple(row[key] for key in grid.keys))
        if places:
            found[at] = places.pop(0)
    return found


def _rows(grid: Grid, values: Mapping[str, Any]) -> Rows:
    """The lines with something in them, each with all its columns."""
    rows: Rows = {}
    for name, value in values.items():
        place = grid.split(name)
        if place is not None:
            rows.setdefault(place[1], dict.fromkeys(grid.columns, ""))[place[0]] = str(value)
    return {at: row for at, row in rows.items() if any(row[name] for name in grid.filled)}


__all__ = ["Clash", "Merge", "merge"]
