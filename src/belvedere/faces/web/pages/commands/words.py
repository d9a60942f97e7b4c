"""Commands and scenes in the reader's words."""

from __future__ import annotations

from django.utils.translation import get_language, gettext

from belvedere.domains.commands import public as commands
from belvedere.domains.commands.public import State, Value
from belvedere.faces.web.pages.live.words import Word
from belvedere.kernel.errors import N_

LOOKS: dict[State, tuple[str, str]] = {
    State.REQUESTED: ("info", "clock"),
    State.CONFIRMED: ("info", "clock"),
    State.SENT: ("info", "send"),
    State.ACKNOWLEDGED: ("info", "antenna"),
    State.DONE: ("ok", "check"),
    State.FAILED: ("major", "alert-triangle"),
    State.EXPIRED: ("warn", "clock-exclamation"),
    State.CANCELLED: ("", "x"),
}
# in the journal
VERBS = {
    "commands.request": N_("asked for a command to a device"),
    "commands.confirm": N_("confirmed a command that somebody else asked for"),
    "commands.cancel": N_("cancelled a command"),
    "commands.replace": N_("replaced a command by a newer one"),
    "commands.done": N_("heard that a device has carried out a command"),
    "commands.failed": N_("heard that a device has not carried out a command"),
    "commands.expired": N_("let a command expire without an answer"),
    "commands.set_limit": N_("set what a thing may be told at least and at most"),
}


def language() -> str:
    return (get_language() or "fr")[:2]


def state(of: State) -> Word:
    """The word of where a command stands."""
    level, icon = LOOKS[of]
    return Word(gettext(commands.STATE_NAMES[of]), level, icon)


def kind(slug: str) -> str:
    """The name of a kind of command; the slug of one that is no longer described."""
    found = commands.kinds().get(slug)
    return found.label(language()) if found is not None else slug


def value(slug: str, of: Value) -> str:
    """A value as people read it."""
    found = commands.kinds().get(slug)
    return found.shown(of, language()) if found is not None else str(of)


def what(slug: str, of: Value) -> str:
    """A kind with its value: “Dim: 40 %”."""
    return gettext("%(command)s: %(value)s") % {"command": kind(slug), "value": value(slug, of)}
