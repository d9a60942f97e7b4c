"""Packs in the reader's words."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext, ngettext

from belvedere.domains.commands import public as commands
from belvedere.domains.packs.public import Need, Preset, Row, Shown, Table
from belvedere.faces.web import formats
from belvedere.faces.web.pages.live import words as live
from belvedere.kernel.errors import N_
from belvedere.kernel.texts import text_in

# in the journal
VERBS: Final = {
    "packs.switch_on": N_("switched a pack on"),
    "packs.switch_off": N_("switched a pack off"),
    "packs.take_over": N_("let a rule say again what its pack says"),
    "packs.add_notice": N_("entered a camera into the register"),
    "packs.remove_notice": N_("took a camera out of the register"),
}
MISSES: Final = {
    "sign": N_("no sign tells people"),
    "reference": N_("no authorisation is named"),
    "validity": N_("the authorisation has run out"),
}


def finding(found: list[Shown]) -> str:
    """The title of the list."""
    on = sum(one.is_on for one in found)
    if not on:
        return gettext("No pack is switched on")
    return ngettext("%(n)s pack is switched on", "%(n)s packs are switched on", on) % {
        "n": formats.number(on)
    }


def ready(one: Shown) -> str:
    """“120 things have what it needs”."""
    if not one.ready:
        return gettext("no thing here has what it needs")
    return ngettext("%(n)s thing has what it needs", "%(n)s things have what it needs", one.ready) % {
        "n": formats.number(one.ready)
    }


def need(one: Need) -> str:
    """“Lamps: power, state”."""
    return gettext("%(kind)s: %(attributes)s") % {
        "kind": live.kinds(one.kind),
        "attributes": ", ".join(live.term(one.kind, term) for term in one.attributes),
    }


def preset(one: Preset) -> str:
    """A command that the pack suggests, with its kind."""
    kind = commands.kind(one.kind)
    return gettext("%(name)s (%(kind)s)") % {
        "name": text_in(one.names, live.language()),
        "kind": kind.label(live.language()),
    }


def cells(table: Table, row: Row) -> list[tuple[str, str, bool]]:
    """By figure: its name, its value, whether it is above its limit."""
    found = []
    for column, value in zip(table.columns, row.values, strict=True):
        is_above = value is not None and column.limit is not None and value > column.limit
        shown = "–" if value is None else formats.number(value, column.decimals)
        if value is not None and column.unit:
            shown = f"{shown}\u00a0{column.unit}"
        found.append((gettext(column.name), shown, is_above))
    return found


def head(table: Table) -> list[str]:
    """The names of the figures, with what they must not exceed."""
    found = []
    for one in table.columns:
        name = gettext(one.name)
        if one.limit is not None:
            name = gettext("%(name)s (limit %(limit)s)") % {
                "name": name,
                "limit": formats.number(one.limit, 0),
            }
        found.append(name)
    return found
