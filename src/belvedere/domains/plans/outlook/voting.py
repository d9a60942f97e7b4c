"""Voting on a picture, and what left a vote since: a face hands over the picture, never its content.

What is compared stands at constant prices, whatever prices were voted: the index is not a reason of its own.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from belvedere.domains.plans.outlook import freezing, snapshots, variances
from belvedere.domains.plans.outlook.picture import Picture
from belvedere.domains.plans.outlook.snapshots import SnapshotHead
from belvedere.domains.plans.outlook.values import SnapshotDraft
from belvedere.domains.plans.outlook.variances import Variance
from belvedere.domains.plans.vocabulary import SnapshotKind, VarianceKind
from belvedere.kernel.errors import N_, InvalidInput


def vote(
    picture: Picture,
    *,
    kind: SnapshotKind,
    title: str,
    body: str,
    voted_on: date,
    scenario_name: str = "",
    reason: str = "",
) -> UUID:
    """Freeze what the picture shows as voted by `body`.

    Raises:
        VariancesUnexplained: measures left the last vote of this kind without a reason.
    """
    _whole(picture)
    content, lines = freezing.frozen(picture)
    draft = SnapshotDraft(kind, title, body, voted_on, content, lines, scenario_name)
    return snapshots.vote_snapshot(
        actor=picture.actor,
        territory_id=picture.territory_id,
        organisation_id=picture.owner.id,
        draft=draft,
        reason=reason,
    )


def differences(picture: Picture, snapshot_id: UUID) -> tuple[Variance, ...]:
    """What differs of each measure between a vote and the picture, what lacks a reason first."""
    _whole(picture)
    content, lines = freezing.frozen(picture)
    return variances.variances(picture.actor, snapshot_id, lines, kind=variances.kind_of(content))


def explain_difference(
    picture: Picture, snapshot_id: UUID, measure_id: UUID, kind: VarianceKind, reason: str
) -> None:
    """Say why a measure left a vote; the difference explained is that of the picture."""
    _whole(picture)
    content, lines = freezing.frozen(picture)
    variances.explain_variance(
        actor=picture.actor,
        snapshot_id=snapshot_id,
        measure_id=measure_id,
        kind=kind,
        now_lines=lines,
        reason=reason,
        money=variances.kind_of(content),
    )


def last_vote(picture: Picture, kind: SnapshotKind) -> SnapshotHead | None:
    """The last vote of this kind of the owner of the picture, in its money."""
    found = snapshots.snapshots_of(picture.actor, picture.territory_id, picture.owner.id, kind=kind)
    return next((head for head in found if head.money == picture.constant_kind), None)


def _whole(picture: Picture) -> None:
    if picture.question.plan_id is not None:
        raise InvalidInput(
            N_("A vote takes the measures of all plans. Show all plans, then vote again."), field="plan"
        )


__all__ = ["differences", "explain_difference", "last_vote", "vote"]
