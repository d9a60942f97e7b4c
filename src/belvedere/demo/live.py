"""Devices of the demo with an invented past: through the doors that real ones use, faults included."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from uuid import UUID

import numpy as np
import shapely

from belvedere.demo import live_fleet, live_forecasts, live_past, live_today
from belvedere.demo.live_faults import is_silent, measured
from belvedere.demo.live_fleet import Credential, Kept
from belvedere.demo.live_kinds import KINDS
from belvedere.demo.live_past import Told
from belvedere.demo.live_places import Spot, spots
from belvedere.demo.live_world import DAY_US, SECOND_US, World
from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin import public as twin
from belvedere.engines.home import Home
from belvedere.kernel.clock import now, today
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.geometry import Shape

MARK = "Inventé pour la démonstration"
DEVICES, DAYS = "BELVEDERE_DEMO_DEVICES", "BELVEDERE_DEMO_DAYS"
LOOK_BACK_DAYS = 14  # nobody is silent for longer


@dataclass(frozen=True, slots=True)
class Scale:
    """About how many devices the demo has, and how many days of past."""

    devices: int = 2000
    days: int = 90

    @classmethod
    def from_environment(cls) -> Scale:
        """From BELVEDERE_DEMO_DEVICES and BELVEDERE_DEMO_DAYS."""
        return cls(_number(DEVICES, cls().devices, 20_000), _number(DAYS, cls().days, 1000))


def _number(name: str, usual: int, most: int) -> int:
    given = os.environ.get(name) or str(usual)
    if not given.isdigit() or not 1 <= int(given) <= most:
        raise InvalidInput(
            N_("{name} is “{value}”. Give a whole number from 1 to {most}."),
            code="bad_demo_scale",
            name=name,
            value=given,
            most=most,
        )
    return int(given)


def connect(
    actor: Actor, territory: TerritoryView, organisations: Mapping[str, UUID], home: Home, scale: Scale
) -> int:
    """Things, their devices and what they told; how many devices there are."""
    birth = now()
    found = list(spots(scale.devices, today(territory.zone)))
    entity_ids = twin.create_entities(
        actor=actor, territory=territory, drafts=[_draft(one, organisations) for one in found]
    )
    secrets = twin.register_devices(
        actor=actor,
        territory=territory,
        drafts=[
            twin.DeviceDraft(
                key=one.key,
                entity_id=entity_id,
                fields=fields(one.kind, one.number),
                expected_interval_s=KINDS[one.kind].interval_s,
            )
            for one, entity_id in zip(found, entity_ids, strict=True)
        ],
    )
    kept = Kept(
        birth_us=int(birth.timestamp()) * SECOND_US,
        zone=territory.zone,
        devices=tuple(
            Credential(one.kind, one.number, made.user, made.password)
            for one, made in zip(found, secrets, strict=True)
        ),
    )
    told = _told(territory.slug, found)
    live_past.load(kept.world, told, scale.days)
    _a_day_ago(kept.world, told)
    groups = [
        (one.group, [spot.key for spot in found if spot.kind == one.group.devices.kind]) for one in told
    ]
    live_today.take(territory.slug, kept.world, groups)
    live_fleet.write(home, kept)
    return len(found)


def _draft(spot: Spot, organisations: Mapping[str, UUID]) -> twin.EntityDraft:
    is_public = KINDS[spot.kind].is_public
    return twin.EntityDraft(
        kind=spot.kind,
        names=spot.names,
        owner_id=organisations.get(spot.owner),
        visibility=twin.Visibility.PUBLIC if is_public else twin.Visibility.SHARED,
        shape=Shape(shapely.Point(spot.at)),
        attributes=(twin.AttributeDraft("dataProvider", MARK),),
    )


def fields(kind: str, number: int) -> dict[str, twin.FieldDraft] | None:
    """What a device sends; None for what is usual of its kind."""
    term = live_forecasts.tells(kind, number)
    if not term:
        return None
    forecast = f"{term}Forecast"
    return {**twin.usual_fields(kind), forecast: twin.FieldDraft(forecast)}


def _told(slug: str, found: Sequence[Spot]) -> list[Told]:
    feeds = twin.feeds([(slug, one.key) for one in found])
    told = []
    for kind, members in groupby(found, key=lambda one: one.kind):
        group = list(members)
        targets = [
            {
                target.term: target
                for target in feeds[slug, one.key].fields.values()
                if target.kind == twin.ValueType.NUMBER
            }
            for one in group
        ]
        told.append(Told(live_fleet.group(kind, [(one.number, one.key) for one in group]), targets))
    return told


def _a_day_ago(world: World, told: Sequence[Told]) -> None:
    """What was known of everything a day ago: from there on messages change it."""
    rows = []
    end_us = world.birth_us - DAY_US
    for one in told:
        devices = one.group.devices
        us = one.group.steps(end_us - LOOK_BACK_DAYS * DAY_US, end_us)
        heard = (us <= end_us) & ~is_silent(world, devices, us)
        last = us.shape[1] - 1 - np.argmax(heard[:, ::-1], axis=1)
        at_us = np.take_along_axis(us, last[:, None], axis=1)
        columns = measured(world, devices, at_us)
        for row in np.flatnonzero(heard.any(axis=1)).tolist():
            at = live_today.EPOCH + timedelta(microseconds=int(at_us[row, 0]))
            rows += [
                twin.Present(target.series_id, float(columns[term][row, 0]), None, at, at, target.unit, "")
                for term, target in one.targets[row].items()
                if term in columns
            ]
    twin.apply_present(rows)
    twin.notice_silence(live_today.EPOCH + timedelta(microseconds=end_us))
