"""The telephone of who is on duty, for those who may send them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from belvedere.domains.access.public import Actor, phones_of
from belvedere.domains.automation import public as automation
from belvedere.domains.duty.views import RosterView


def phones_on_duty(actor: Actor, views: Collection[RosterView]) -> dict[UUID, str]:
    """By roster, the number of who is on duty now, as they wrote it.

    Only of rosters whose alarms the actor looks after: others see the name alone. Those who gave no number
    are left out.
    """
    on_duty = {
        one.id: one.now.who
        for one in views
        if one.now.who is not None and automation.may(actor, "handle", one.territory_id, one.owner_id) is None
    }
    known = phones_of(set(on_duty.values())) if on_duty else {}
    return {roster: known[who] for roster, who in on_duty.items() if who in known}
