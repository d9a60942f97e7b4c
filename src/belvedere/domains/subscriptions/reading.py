"""Typed reads: what changed for everyone, and the subscriptions of a mailbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import shapely

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import MeasureFilter, follow, queries, reported
from belvedere.domains.subscriptions.models import PublicChange, Subscription
from belvedere.domains.subscriptions.near import near
from belvedere.domains.subscriptions.scope import Scope
from belvedere.domains.subscriptions.states import ChangeKind, Rhythm, ScopeKind
from belvedere.domains.subscriptions.tokens import read_manage
from belvedere.domains.subscriptions.values import ChangeView, SubscriptionView

PUBLIC = Actor.public()
MOST = 200


def measures_in(territory_id: UUID, scope: Scope) -> list[UUID]:
    """The published measures of a scope; nearest first for a circle."""
    if scope.kind is ScopeKind.CIRCLE and scope.centre is not None and scope.radius_m is not None:
        found = near(territory_id, shapely.Point(scope.centre), scope.radius_m)
        return [one.measure_id for one in found]
    if scope.kind is ScopeKind.MEASURE and scope.measure_id is not None:
        return [one.id for one in reported.reported(PUBLIC, territory_id, ids=[scope.measure_id])]
    which = MeasureFilter()
    if scope.kind is ScopeKind.PLACE and scope.place_id is not None:
        which = MeasureFilter(places=frozenset({scope.place_id}))
    return [one.id for one in reported.reported(PUBLIC, territory_id, which)]


def changes(
    territory_id: UUID, scope: Scope, *, since: datetime | None = None, until: datetime | None = None
) -> list[ChangeView]:
    """What changed for everyone after `since` and up to `until`, newest first.

    Looked at again as it is told: what was taken back since it changed is not in it.
    """
    rows = PublicChange.objects.filter(territory_id=territory_id)
    if scope.kind is not ScopeKind.TERRITORY:
        rows = rows.filter(measure_id__in=measures_in(territory_id, scope))
    if since is not None:
        rows = rows.filter(at__gt=since)
    if until is not None:
        rows = rows.filter(at__lte=until)
    return shown(territory_id, list(rows.order_by("-at", "-id")[:MOST]))


def shown(territory_id: UUID, rows: Collection[PublicChange]) -> list[ChangeView]:
    """Those of `rows` that everyone may still read."""
    ids = {row.measure_id for row in rows}
    titles = {one.id: one.title for one in reported.reported(PUBLIC, territory_id, ids=ids)} if ids else {}
    with_papers = {row.measure_id for row in rows if row.kind == ChangeKind.DOCUMENT} & titles.keys()
    papers: dict[UUID, dict[str, str]] = defaultdict(dict)
    for key in with_papers:
        papers[key] = {str(one.id): one.title for one in follow.documents_public(key)}
    found = []
    for row in rows:
        if row.measure_id not in titles:
            continue
        detail = row.detail
        if row.kind == ChangeKind.DOCUMENT:
            title = papers[row.measure_id].get(row.about)
            if title is None:
                continue
            detail = {"id": row.about, "title": title}
        found.append(
            ChangeView(row.pk, row.measure_id, titles[row.measure_id], row.at, ChangeKind(row.kind), detail)
        )
    return found


def state_of(territory_id: UUID) -> str:
    """A mark that changes with everything the public may see."""
    return queries.state_of(PUBLIC, territory_id)


def scope_of(row: Subscription) -> Scope:
    return Scope(
        ScopeKind(row.scope), row.measure_id, row.place_id, row.longitude, row.latitude, row.radius_m
    )


def of_link(token: str) -> list[SubscriptionView]:
    """Every subscription of the mailbox that got the link, the link's own first; [] when it is gone.

    Raises:
        BadLink: the link is damaged.
    """
    key = read_manage(token)
    own = Subscription.objects.filter(pk=key).first()
    if own is None:
        return []
    rows = Subscription.objects.filter(email_index=own.email_index).order_by("created_at", "pk")
    return sorted((_view(row) for row in rows), key=lambda view: view.id != key)


def one(subscription_id: UUID) -> SubscriptionView | None:
    """A subscription by the identifier that a confirmation gave."""
    row = Subscription.objects.filter(pk=subscription_id).first()
    return None if row is None else _view(row)


def _view(row: Subscription) -> SubscriptionView:
    return SubscriptionView(
        row.pk,
        row.territory_id,
        scope_of(row),
        row.language,
        Rhythm(row.rhythm),
        row.confirmed_at is not None,
    )
