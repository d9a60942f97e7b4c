"""One alarm for a cut cabinet, not sixty: what hangs on a failed thing is grouped beneath its alarm.

A thing hangs on another one by the register of equipment (a lamp stands under its cabinet) or by a relation
that it tells. Of its alarms those of rules that say so gather others beneath; where a rule says nothing,
those of silence do. And what is under maintenance is put on the shelf as it is raised.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from belvedere.domains.automation import bodies
from belvedere.domains.automation.models import Alarm
from belvedere.domains.automation.moving import Moves
from belvedere.domains.automation.states import ACTIVE, MAINTENANCE, Act, AlarmState
from belvedere.domains.equipment.public import things_above, things_below, things_under_maintenance
from belvedere.domains.twin.public import hanging_from, hanging_on

#: Relations by which a thing says what it hangs on.
RELATIONS: Final = ("refStreetlightControlCabinet", "refDevice", "controlledBy")
#: What was raised so shortly before is taken for a consequence, though it came first.
BEFORE: Final = timedelta(minutes=30)
#: When the cause is over for so long and the consequence goes on, it stands for itself.
AFTER: Final = timedelta(minutes=10)
#: A maintenance without an end is looked at again after so long.
LOOK_AGAIN: Final = timedelta(hours=24)


def gather(raised: Sequence[Alarm], moves: Moves, at: datetime) -> None:
    """Put alarms that are being raised, and not written yet, beneath others or others beneath them; on the
    shelf where the thing is under maintenance."""
    if not raised:
        return
    _shelve(raised, moves, at)
    above = _above({alarm.entity_id for alarm in raised})
    tops: dict[int, Alarm] = {}
    for alarm in [*_active({thing for some in above.values() for thing in some}, moves), *raised]:
        if not moves.is_beneath(alarm) and _gathers(alarm):
            tops.setdefault(alarm.entity_id, alarm)
    for alarm in raised:
        top = next((tops[thing] for thing in above.get(alarm.entity_id, ()) if thing in tops), None)
        if top is not None and not moves.is_beneath(alarm) and top.territory_id == alarm.territory_id:
            moves.put_beneath(alarm, top, at)
    _gather_older([one for one in tops.values() if one in raised], moves, at)


def _gather_older(tops: Collection[Alarm], moves: Moves, at: datetime) -> None:
    """What was raised shortly before, beneath what is raised now."""
    below = _below({alarm.entity_id for alarm in tops})
    top_of = {thing: top for top in tops for thing in below.get(top.entity_id, ())}
    for alarm in _active(top_of, moves):
        top = top_of[alarm.entity_id]
        is_close = top.raised_at - alarm.raised_at <= BEFORE and top.territory_id == alarm.territory_id
        if is_close and not moves.is_beneath(alarm):
            moves.put_beneath(alarm, top, at)


def let_go(at: datetime) -> int:
    """Alarms that go on though what they hung on is over for a while stand for themselves again."""
    rows = (
        Alarm.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(
            state__in=list(ACTIVE),
            parent__state__in=[AlarmState.CLEARED, AlarmState.CLOSED],
            parent__cleared_at__lte=at - AFTER,
        )
        .order_by("pk")
    )
    moves = Moves(at)
    for alarm in rows:
        under, alarm.parent = alarm.parent_id, None
        moves.move(alarm, Act.UNGROUP, at, data={"under": under})
    return len(moves.write())


def unshelve(at: datetime) -> int:
    """Show again those alarms whose time on the shelf, or whose maintenance, is over."""
    rows = Alarm.objects.select_for_update(skip_locked=True).filter(shelved_until__isnull=False)
    due = list(rows.filter(shelved_until__lte=at) | rows.filter(shelved_why=MAINTENANCE))
    working = things_under_maintenance(at, {one.entity_id for one in due if one.shelved_why == MAINTENANCE})
    moves = Moves(at)
    for alarm in sorted(due, key=lambda one: one.pk):
        if alarm.shelved_why == MAINTENANCE and alarm.entity_id in working:
            if alarm.shelved_until is not None and alarm.shelved_until <= at:
                Alarm.objects.filter(pk=alarm.pk).update(shelved_until=at + LOOK_AGAIN)
            continue
        alarm.shelved_until, alarm.shelved_why = None, ""
        moves.move(alarm, Act.UNSHELVE, at)
    return len(moves.write())


def _shelve(raised: Sequence[Alarm], moves: Moves, at: datetime) -> None:
    working = things_under_maintenance(at, {alarm.entity_id for alarm in raised})
    for alarm in raised:
        under = working.get(alarm.entity_id)
        if under is not None and alarm.shelved_until is None:
            alarm.shelved_until = max(under.ends_at or at + LOOK_AGAIN, at + timedelta(minutes=1))
            alarm.shelved_why = MAINTENANCE
            moves.move(
                alarm, Act.SHELVE, at, note=MAINTENANCE, data={"until": alarm.shelved_until.isoformat()}
            )


def _gathers(alarm: Alarm) -> bool:
    return bodies.gathers(bodies.kept(alarm.version.body))


def _active(things: Iterable[int], moves: Moves) -> list[Alarm]:
    """The alarms of these that go on, locked; those in hand are left out."""
    wanted = list(things)
    if not wanted:
        return []
    rows = Alarm.objects.select_for_update(of=("self",)).filter(entity_id__in=wanted, state__in=list(ACTIVE))
    here = {alarm.pk for alarm in moves.in_hand()}
    return [row for row in rows.select_related("version").order_by("pk") if row.pk not in here]


def _above(things: Collection[int]) -> dict[int, list[int]]:
    """What each thing hangs on, the nearest first."""
    found = {thing: list(some) for thing, some in things_above(things).items()}
    for thing, some in hanging_on(things, RELATIONS).items():
        found.setdefault(thing, []).extend(sorted(some))
    return found


def _below(things: Collection[int]) -> dict[int, set[int]]:
    """What hangs on each thing."""
    found = {thing: set(some) for thing, some in things_below(things).items()}
    for thing, some in hanging_from(things, RELATIONS).items():
        found.setdefault(thing, set()).update(some)
    return found
