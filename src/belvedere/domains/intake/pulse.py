"""How many messages arrived hour by hour: a count without what they say, for everyone of the territory."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Sum

from belvedere.domains.access.public import Actor
from belvedere.domains.intake.models import Received
from belvedere.domains.twin.public import works_in
from belvedere.kernel.errors import N_, Refused


def messages_by_hour(
    actor: Actor, territory_id: UUID, start: datetime, end: datetime
) -> tuple[tuple[datetime, int], ...]:
    """Messages of the hours of arrival (UTC) from `start` until before `end`, hours without any left out.

    Refused for who does not work in the territory.
    """
    if not works_in(actor, territory_id):
        raise Refused(N_("Only the people who work in the territory see how many messages arrive."))
    rows = Received.objects.filter(territory_id=territory_id, hour__gte=start, hour__lt=end)
    counted = rows.values("hour").annotate(total=Sum("messages")).order_by("hour")
    return tuple((row["hour"], int(row["total"])) for row in counted)
