"""The clock of scenes: what holds now is asked of each thing, once for each moment; for who does rounds.

A scene is taken, asked for and given its next instant in one transaction: cut anywhere, nothing has happened,
and the next round does it. The key of a command names scene, version, moment and thing, so that two who work
at once, or one who works twice, ask once. After a stop only what holds now is asked: what came and went
meanwhile is over. A moment is a step, the begin or the end of an override, or when the scene was switched on.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import DatabaseError, IntegrityError, InterfaceError, transaction

from belvedere.domains.commands.public import Form, LimitView, Order, kind, limits_of, order_once
from belvedere.domains.scenes.actions import body_of
from belvedere.domains.scenes.bodies import (
    Reach,
    SceneBody,
    is_lighting,
    override_body,
    reach_of,
    scene_body,
)
from belvedere.domains.scenes.models import Override, Scene
from belvedere.domains.scenes.reaching import things_of
from belvedere.domains.territory.public import territory_by_id
from belvedere.science.scenes.programs import (
    Moment,
    Program,
    follows_with,
    holds_with,
)
from belvedere.science.scenes.programs import Override as Held

MOST_AT_ONCE: Final = 100
#: How long a thing that does not answer is asked, unless something else holds before.
PATIENCE: Final = timedelta(hours=2)
AGAIN_AFTER_FAULT: Final = timedelta(minutes=1)
#: So long before sunrise and after sunset what is off need not be lit by a limit.
DUSK: Final = timedelta(minutes=45)
LOOK_BACK: Final = timedelta(days=32)
LOOK_AHEAD: Final = timedelta(days=8)
LOOK_AGAIN: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Meant:
    """An override with the things it is for (None: all)."""

    held: Held
    things: frozenset[int] | None
    row: Override


def ask_due(at: datetime) -> Counter[str]:
    """Ask what is due now; counts `scenes`, `asked` commands, `faults`."""
    counted: Counter[str] = Counter()
    due = Scene.objects.filter(is_on=True, next_at__lte=at).order_by("next_at", "pk")
    for pk in list(due.values_list("pk", flat=True)[:MOST_AT_ONCE]):
        try:
            with transaction.atomic():
                rows = Scene.objects.select_for_update(skip_locked=True)
                row = rows.filter(pk=pk, is_on=True, next_at__lte=at).first()
                if row is not None:
                    counted["asked"] += _ask(row, at)
                    counted["scenes"] += 1
        except IntegrityError:
            # Somebody asked the same things at this moment: the next round sees what they asked.
            counted["again"] += 1
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            log.exception("the scene %s could not be asked", pk)
            counted["faults"] += 1
            Scene.objects.filter(pk=pk, is_on=True).update(next_at=at + AGAIN_AFTER_FAULT)
    return counted


def prefix(scene: Scene) -> str:
    """What the keys of all its commands begin with."""
    return f"scene:{scene.pk.hex}:"


def _ask(row: Scene, at: datetime) -> int:
    _version, stored = body_of(row)
    body = scene_body(stored)
    program = body.program(territory_by_id(row.territory_id).zone)
    things = [one.id for one in things_of(row.territory_id, row.owner_id, body.command, body.reach)]
    is_level = kind(body.command).form is Form.LEVEL
    limits = limits_of(things, body.command) if is_level else {}
    meant = overrides_of(row, body, program, at)
    orders: list[Order] = []
    nexts = _edges(program, at, limits) if is_lighting(body) else []
    for group, some in _grouped(things, meant).items():
        held = [meant[number].held for number in group]
        following = follows_with(program, held, at)
        nexts += [following] if following else []
        moment = holds_with(program, held, at)
        if moment is None:
            continue
        until = max(at + timedelta(minutes=1), min([at + PATIENCE, *nexts]))
        since = max([moment.at, *([row.on_since] if row.on_since else [])])
        for number in some:
            told = allowed(Moment(since, moment.value), limits.get(number), program, at, is_lighting(body))
            key = f"{prefix(row)}{row.version}:{_number(told.at)}:{number}"
            orders.append(Order(number, told.value, key, until))
    done = order_once(
        orders,
        kind_slug=body.command,
        territory_id=row.territory_id,
        owner_id=row.owner_id,
        why=row.name,
        at=at,
        confirmed_by=row.on_by_id if kind(body.command).dangerous else None,
    )
    # Never later than what was looked at: an exception may stand further off.
    row.next_at = min([at + LOOK_AGAIN, *(one for one in nexts if one > at)])
    row.save(update_fields=["next_at"])
    return len(done.asked)


def _number(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def _grouped(things: Sequence[int], meant: Sequence[Meant]) -> dict[tuple[int, ...], list[int]]:
    """Things by which overrides are for them."""
    found: dict[tuple[int, ...], list[int]] = {}
    for number in things:
        group = tuple(at for at, one in enumerate(meant) if one.things is None or number in one.things)
        found.setdefault(group, []).append(number)
    return found


def overrides_of(row: Scene, body: SceneBody, program: Program, at: datetime) -> list[Meant]:
    """The overrides of a scene around an instant, as they were entered; each day of one by itself."""
    rows = Override.objects.filter(scene=row, until__gt=at - LOOK_BACK, since__lt=at + LOOK_AHEAD)
    found: list[Meant] = []
    for one in rows.order_by("pk"):
        reach = reach_of(one.body.get("reach", {}))
        things = None
        if reach != Reach():
            dots = things_of(row.territory_id, row.owner_id, body.command, reach)
            things = frozenset(dot.id for dot in dots)
        for since, until in _windows(one, program, at):
            # What is entered while it would hold begins then; what is taken back ends then.
            since = max(since, one.made_at)
            until = until if one.ended_at is None else min(until, one.ended_at)
            if since < until:
                found.append(Meant(Held(since, until, one.body["value"]), things, one))
    return found


def _windows(one: Override, program: Program, at: datetime) -> list[tuple[datetime, datetime]]:
    if one.by_hand:
        return [(one.since, one.until)]
    body = override_body(one.body)
    day = max(date.fromisoformat(body.first), (at - LOOK_BACK).date())
    last = min(date.fromisoformat(body.last), (at + LOOK_AHEAD).date())
    found = []
    while day <= last:
        window = program.window(day, body.begin.when(), body.end.when())
        found += [window] if window else []
        day += DAY
    return found


def allowed(
    moment: Moment, limit: LimitView | None, program: Program, at: datetime, is_light: bool
) -> Moment:
    """What a thing is told within its limit. A lamp that must not be dark is off by day all the same."""
    if limit is None:
        return moment
    value = float(moment.value)
    since = moment.at
    if is_light and value == 0 and limit.low:
        light = _daylight(program, at)
        past = [edge for span in light for edge in span if edge <= at]
        since = max([since, *past])
        if any(begin <= at < end for begin, end in light):
            return Moment(since, moment.value)
    low = value if limit.low is None else max(value, limit.low)
    return Moment(since, low if limit.high is None else min(low, limit.high))


def _daylight(program: Program, at: datetime) -> list[tuple[datetime, datetime]]:
    """From dawn to dusk on the days around an instant; nothing where the sun knows no such day."""
    here = at.astimezone(program.site.zone).date()
    suns = [program.site.sun(here + timedelta(days=one)) for one in (-1, 0, 1)]
    return [(one.rises - DUSK, one.sets + DUSK) for one in suns if one.rises and one.sets]


def _edges(program: Program, at: datetime, limits: Mapping[int, LimitView]) -> list[datetime]:
    """When day and night change for lamps that must not be dark."""
    if not any(one.low for one in limits.values()):
        return []
    return [edge for span in _daylight(program, at) for edge in span if edge > at]
