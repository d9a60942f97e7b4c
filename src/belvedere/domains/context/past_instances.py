"""Verbs on single instances of the past (ETSI GS CIM 009, clauses 5.6.14 and 5.6.15).

An instance is named by its series and its instant, or by the name it was given when its instant changed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from msgspec.structs import replace as with_fields

from belvedere.domains.access.public import Actor
from belvedere.domains.context import telling
from belvedere.domains.context.entity_actions import held_for
from belvedere.domains.context.history import remember
from belvedere.domains.context.models import InstanceDetail
from belvedere.domains.context.past_queries import instance_from
from belvedere.domains.context.past_sums import forget_sums
from belvedere.domains.observations.public import LOCK, raw, take_back
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import Held, Told, save_things, share_present
from belvedere.duties.journal.public import record_many
from belvedere.kernel.clock import now
from belvedere.standards.ngsi_ld import merging
from belvedere.standards.ngsi_ld.documents import Document, Instance
from belvedere.standards.ngsi_ld.merging import NO_SUCH_ATTRIBUTE
from belvedere.standards.ngsi_ld.problems import ResourceNotFound

_NAMED = re.compile(r"urn:ngsi-ld:instance:(\d{1,18}):(-?\d{1,18})")
_TICK = timedelta(microseconds=1)
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class _Found:
    """An instance of the past, and where it is kept."""

    held: Held
    series_id: int
    at: datetime
    instance: Instance


def update_instance(
    *,
    actor: Actor,
    territory: TerritoryView,
    urn: str,
    name: str,
    instance_id: str,
    fragment: Instance,
) -> None:
    """Change an instance of the past in part (5.6.14)."""
    at = now()
    with transaction.atomic():
        share_present(LOCK)
        found = _find(actor, territory, urn, name, instance_id)
        before = found.instance
        given = with_fields(fragment, dataset_id=before.dataset_id)
        if given.observed_at is None:
            given = with_fields(given, observed_at=before.observed_at)
        changed = merging.partial(Document(attributes={name: [before]}), name, [given], at)
        new = with_fields(changed.document.attributes[name][0], instance_id=instance_id)
        moment = new.observed_at or found.at
        if moment != found.at:
            _drop(found)
        elif _NAMED.fullmatch(instance_id):
            new = with_fields(new, instance_id="")  # its name says its instant still
        remember([Told(found.series_id, name, new, moment, late=True)], at)
        _present(territory, found, name, with_fields(new, instance_id=""), at)
        _note(actor, "update_instance", territory, found, name, instance_id)


def delete_instance(*, actor: Actor, territory: TerritoryView, urn: str, name: str, instance_id: str) -> None:
    """Take an instance of the past away (5.6.15); the present value stays."""
    with transaction.atomic():
        share_present(LOCK)
        found = _find(actor, territory, urn, name, instance_id)
        _drop(found)
        _note(actor, "delete_instance", territory, found, name, instance_id)


def _find(actor: Actor, territory: TerritoryView, urn: str, name: str, instance_id: str) -> _Found:
    held = held_for(actor, "edit_entity", territory, urn)
    rows = {row.id: row for (key, _dataset), row in held.rows.items() if key == name}
    detail = InstanceDetail.objects.filter(series_id__in=rows, detail__i=instance_id).first()
    named = _NAMED.fullmatch(instance_id)
    if detail is not None:
        series_id, at = detail.series_id, detail.observed_at
    elif named is not None and int(named.group(1)) in rows:
        series_id = int(named.group(1))
        at = _EPOCH + int(named.group(2)) * _TICK
        detail = InstanceDetail.objects.filter(series_id=series_id, observed_at=at).first()
    else:
        raise ResourceNotFound(NO_SUCH_ATTRIBUTE)
    readings = raw([series_id], at, at + _TICK).get(series_id)
    if not readings:
        raise ResourceNotFound(NO_SUCH_ATTRIBUTE)
    return _Found(
        held, series_id, at, instance_from(readings[0], rows[series_id], detail.detail if detail else {})
    )


def _drop(found: _Found) -> None:
    forget_sums()
    take_back(found.series_id, [found.at])
    InstanceDetail.objects.filter(series_id=found.series_id, observed_at=found.at).delete()


def _present(territory: TerritoryView, found: _Found, name: str, new: Instance, at: datetime) -> None:
    """What is changed in the past is changed in the present, where it is the same instant."""
    now_there = found.held.rows[(name, new.dataset_id)]
    if now_there.observed_at == found.at:
        document = merging.replace_attribute(found.held.document, name, [new], at).document
        save_things(territory, [(found.held, document)], at)


def _note(
    actor: Actor, verb: str, territory: TerritoryView, found: _Found, name: str, instance_id: str
) -> None:
    told = {"name": name, "instance": instance_id}
    record_many([telling.entry(actor, verb, found.held.row.id, territory.id, after=told)])
