"""Connections and decoders in the reader's words."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext, ngettext

from belvedere.domains.connections.public import SYSTEM_NAMES, WAYS, ConnectionView, SourceView
from belvedere.faces.web import formats
from belvedere.faces.web.pages.connections.source_words import VERBS as SOURCE_VERBS
from belvedere.faces.web.pages.live.words import Word
from belvedere.kernel.errors import N_

# in the journal
VERBS: Final = {
    **SOURCE_VERBS,
    "connections.connect": N_("connected a network server"),
    "connections.change_broker": N_("changed the broker of a connection"),
    "connections.rotate_key": N_("gave a connection a new secret"),
    "connections.remove_connection": N_("removed a connection"),
    "connections.write_script": N_("wrote a decoder"),
    "connections.remove_script": N_("removed a decoder"),
    "connections.set_reader": N_("changed how a device is decoded"),
}


def system(view: ConnectionView) -> str:
    return SYSTEM_NAMES[view.system]


def way(view: ConnectionView) -> str:
    return gettext(WAYS[view.way])


def state_of(view: ConnectionView) -> Word:
    """Whether uplinks come in."""
    if view.problem:
        return Word(gettext("Look at it"), "warn", "alert-triangle")
    if view.heard_at is None:
        return Word(gettext("Nothing received yet"), "info", "clock")
    return Word(gettext("Uplinks come in"), "ok", "check")


def problem_of(view: ConnectionView) -> str:
    """What went wrong last, and when; "" when all is well."""
    if not view.problem or view.problem_at is None:
        return ""
    return gettext("%(what)s (%(when)s)") % {
        "what": gettext(view.problem),
        "when": formats.moment(view.problem_at),
    }


def finding(views: list[ConnectionView], sources: list[SourceView]) -> str:
    """The title of the page."""
    lost = sum(1 for one in sources if one.is_on and one.problem)
    if lost and not any(one.problem for one in views):
        return ngettext("%(count)s source needs a look", "%(count)s sources need a look", lost) % {
            "count": lost
        }
    if sources and not views:
        asked = sum(1 for one in sources if one.is_on)
        return ngettext(
            "%(count)s source is asked for what it holds",
            "%(count)s sources are asked for what they hold",
            asked,
        ) % {"count": asked}
    broken = sum(1 for one in views if one.problem)
    if broken:
        return ngettext(
            "%(count)s network server needs a look", "%(count)s network servers need a look", broken
        ) % {"count": broken}
    if not views:
        return gettext("No network server is connected yet")
    if not any(one.heard_at for one in views):
        return gettext("Nothing was received from a network server yet")
    return gettext("The network servers tell what their devices send")
