"""Who is on duty, on the desk: a line a roster, with the telephone for those who may send them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from belvedere.domains.duty import public as duty
from belvedere.faces.web.pages.duty import words
from belvedere.faces.web.pages.plans.rooms import Room

#: Enough to tell until when the turn of now goes.
LENGTH = timedelta(weeks=2)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """`who`: "nobody" where `is_nobody`; `phone`: "" for who may not see it, too."""

    roster: str
    url: str
    who: str
    is_nobody: bool
    until: datetime
    phone: str


def on_duty(room: Room) -> list[OnDuty]:
    """The rosters that the reader may see, by name."""
    found = duty.rosters(room.actor, room.territory.id, length=LENGTH)
    phones = duty.phones_on_duty(room.actor, found)
    return [
        OnDuty(
            roster=one.name,
            url=reverse("duty:roster", args=[room.territory, one.id]),
            who=words.who(one, one.now.who),
            is_nobody=one.now.who is None,
            until=one.now.until,
            phone=phones.get(one.id, ""),
        )
        for one in found
    ]
