"""The log book on the desk: the last entries, and where the next one is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from belvedere.domains.logbook import public as logbook
from belvedere.faces.web import formats
from belvedere.faces.web.pages.logbook import words
from belvedere.faces.web.pages.logbook.views import books
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.paging import Window

LAST = 12


@dataclass(frozen=True, slots=True)
class Noted:
    """`lines`: when each happened, in short, and the line. `new_url` is empty for who may not write;
    `books`: those that they may write in."""

    lines: Sequence[tuple[str, words.Line]]
    new_url: str
    books: Sequence[tuple[str, str]]
    here: str


def noted(room: Room) -> Noted:
    """The last entries that the reader may see."""
    page = logbook.entries(room.actor, room.territory.id, logbook.Wanted(), Window(0, LAST))
    own = books(room)
    here = reverse("automation:desk", args=[room.territory])
    new_url = f"{reverse('logbook:new', args=[room.territory])}?{urlencode({'next': here})}" if own else ""
    lines = [(_when(one.view.happened_at), one) for one in words.lines(room, page.rows)]
    return Noted(lines, new_url, own, here)


def _when(at: datetime) -> str:
    """The hour today, the day before that."""
    here = timezone.localtime(at)
    if here.date() == timezone.localdate():
        return formats.hour(at)
    return formats.day(at, "dd.MM.")
