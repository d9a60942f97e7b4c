"""Verbs on the history: how long the readings of a series are kept."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.observations.errors import NoSuchSeries
from belvedere.domains.observations.models import Rule
from belvedere.domains.observations.states import Width
from belvedere.domains.twin.public import SeriesOwner, may, series_owners
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.errors import N_, InvalidInput, Refused

#: Readings are kept as they came for this many days at least: until then they may still be hot.
FEWEST_DAYS = 7


def keep(
    *,
    actor: Actor,
    series_id: int,
    raw_days: int,
    width: Width | None,
    kept_days: int | None,
    reason: str = "",
) -> None:
    """Set how long the readings of a series are kept. Who manages its thing may.

    Args:
        raw_days: as they came.
        width: numbers are summed up by stretches of this length afterwards (count, sum, least, greatest);
            None: not. Of what is no number nothing stays then.
        kept_days: after this many days nothing is kept; None: for ever.
    """
    owner = _owner(actor, series_id)
    if raw_days < FEWEST_DAYS or (kept_days is not None and kept_days < raw_days):
        raise InvalidInput(
            N_("Keep readings for {days} days at least, and what is summed up no shorter than readings."),
            code="bad_rule",
            days=FEWEST_DAYS,
        )
    wanted = {"raw_days": raw_days, "width": width.value if width else "", "kept_days": kept_days}
    with transaction.atomic():
        row, is_new = Rule.objects.select_for_update().get_or_create(series_id=series_id, defaults=wanted)
        before = {} if is_new else {name: getattr(row, name) for name in wanted}
        if before == wanted:
            return
        for name, value in wanted.items():
            setattr(row, name, value)
        row.save()
        _journal(actor, series_id, owner, before, wanted, reason)


def _owner(actor: Actor, series_id: int) -> SeriesOwner | None:
    """Whose it is; None for readings of no thing (loaded from a file), which only the platform rules."""
    owner = series_owners([series_id]).get(series_id)
    if owner is None:
        if not actor.is_platform:
            raise NoSuchSeries(N_("There is no such series, or it is not published."))
        return None
    if may(actor, "view", owner.thing) is not None:
        raise NoSuchSeries(N_("There is no such series, or it is not published."))
    refusal = may(actor, "keep_history", owner.thing)
    if refusal is not None:
        raise Refused(refusal, code="may_not_keep_history")
    return owner


def _journal(
    actor: Actor,
    series_id: int,
    owner: SeriesOwner | None,
    before: dict[str, Any],
    after: dict[str, Any],
    reason: str,
) -> None:
    subject = ("observations.rule", str(series_id))
    what: dict[str, Any] = {"series": series_id}
    if owner is not None:
        subject, what = ("twin.entity", str(owner.entity_id)), {"attribute": owner.term, **what}
    record(
        **signed(actor),
        verb="observations.keep",
        subject=subject,
        territory_id=owner.thing.territory_id if owner else None,
        before={**what, **before} if before else {},
        after={**what, **after},
        reason=reason,
    )
