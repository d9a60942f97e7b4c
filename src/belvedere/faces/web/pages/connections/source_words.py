"""Sources and what their rows become, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from django.utils.translation import gettext, ngettext

from belvedere.domains.connections.public import SOURCE_FORMS, FileView, LookedAt, SourceView
from belvedere.domains.intake import public as intake
from belvedere.faces.web import formats
from belvedere.faces.web.pages.live import reasons, words
from belvedere.faces.web.pages.live.words import Word
from belvedere.kernel.errors import N_

# in the journal
VERBS: Final = {
    "connections.connect_source": N_("connected a source"),
    "connections.change_source": N_("changed a source"),
    "connections.map_source": N_("changed how a source is read"),
    "connections.switch_source": N_("switched a source on or off"),
    "connections.remove_source": N_("removed a source"),
    "connections.bring_file": N_("brought a file of readings"),
    "connections.map_file": N_("changed how a file of readings is read"),
    "connections.take_file": N_("took a file of readings"),
    "connections.remove_file": N_("removed a file of readings"),
}
_BY_STATUS: Final = {
    401: N_("Look at the header and at what it holds: the key may have changed."),
    403: N_("Look at the header and at what it holds: the key may have changed."),
    404: N_("Ask who runs it for the new address."),
    410: N_("Ask who runs it for the new address."),
    429: N_("Ask it less often."),
}


class Becomes(Enum):
    """What a row would become."""

    KNOWN = "known"
    NEW = "new"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a look. `values`: label and value of each attribute; `why`: of a refused one."""

    place: int
    id: str
    name: str
    key: str
    at: datetime | None
    has_place: bool
    values: tuple[tuple[str, str], ...]
    becomes: Becomes
    why: str = ""
    detail: str = ""


def form(view: SourceView) -> str:
    return gettext(SOURCE_FORMS[view.form])


def kind(view: SourceView) -> str:
    return words.kinds(view.kind)


def every(view: SourceView) -> str:
    return words.span(view.every_s)


def state_of(view: SourceView) -> Word:
    """Whether it is asked, and answers."""
    if not view.is_on:
        return Word(gettext("Switched off"), "info", "circle-dashed")
    if view.problem:
        return Word(gettext("Look at it"), "warn", "alert-triangle")
    if view.heard_at is None:
        return Word(gettext("Not asked yet"), "info", "clock")
    return Word(gettext("It answers"), "ok", "check")


def problem_of(view: SourceView) -> str:
    """What went wrong last, and when; "" when all is well."""
    if not view.problem or view.problem_at is None:
        return ""
    try:
        what = gettext(view.problem).format_map(dict(view.problem_data))
    except (KeyError, ValueError, IndexError):
        what = view.problem
    return gettext("%(what)s (%(when)s)") % {"what": what, "when": formats.moment(view.problem_at)}


def advice_of(view: SourceView) -> str:
    """What to do about it, and when it is asked again."""
    if not view.problem or view.next_at is None:
        return ""
    status = str(view.problem_data.get("status", ""))
    todo = _BY_STATUS.get(int(status)) if status.isdigit() else None
    again = ngettext(
        "It failed once and is asked again at %(when)s.",
        "It failed %(count)s times in a row and is asked again at %(when)s.",
        view.failures,
    ) % {"count": formats.number(view.failures), "when": formats.moment(view.next_at)}
    return f"{gettext(todo)} {again}" if todo else again


def row_of(view: SourceView | FileView, one: LookedAt, at: datetime) -> ShownRow:
    """A row as it would be taken now."""
    row = one.row.row
    told = _foreseen(one, at)
    name = next(iter(row.names.values()), "")
    if isinstance(told, tuple):
        why, detail = told
        given = ((words.term(view.kind, term), str(pair[0])[:60]) for term, pair in row.values.items())
        key, said = one.row.key, tuple(given)
        return ShownRow(row.place, row.id, name, key, row.at, False, said, Becomes.REFUSED, why, detail)
    values = tuple(
        (
            words.term(view.kind, value.target.term),
            words.value(view.kind, value.target.term, value.number, value.value, value.target.unit),
        )
        for value in told
    )
    becomes = Becomes.NEW if one.is_new else Becomes.KNOWN
    return ShownRow(row.place, row.id, name, one.row.key, row.at, row.point is not None, values, becomes)


def _foreseen(one: LookedAt, at: datetime) -> list[intake.Value] | tuple[str, str]:
    """The values, or why it would be refused and what is at fault."""
    if one.row.row.fault and (one.frame is None or one.feed is None):
        return gettext(one.row.row.fault), one.row.row.detail
    if one.is_foreign:
        return gettext("A device of somebody else"), one.row.key
    if one.frame is None or one.feed is None:
        return gettext("Not known here"), one.row.key
    told = intake.foresee(one.frame, at, one.feed)
    return (reasons.name(told.reason), told.detail) if isinstance(told, intake.Refusal) else told
