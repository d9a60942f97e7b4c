"""The log book on the desk: the last entries, and where the next one is written."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from belvedere.domains.logbook import public as logbook
from belvedere.faces.web.pages.logbook import words
from belvedere.faces.web.pages.logbook.views import books
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.paging import Window

LAST = 5


@dataclass(frozen=True, slots=True)
class Noted:
    """`new_url` is empty for who may not write."""

    lines: list[words.Line]
    new_url: str


def noted(room: Room) -> Noted:
    """The last entries that the reader may see."""
    page = logbook.entries(room.actor, room.territory.id, logbook.Wanted(), Window(0, LAST))
    new_url = ""
    if books(room):
        here = reverse("automation:desk", args=[room.territory])
        new_url = f"{reverse('logbook:new', args=[room.territory])}?{urlencode({'next': here})}"
    return Noted(words.lines(room, page.rows), new_url)
