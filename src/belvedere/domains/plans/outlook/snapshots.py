"""Votes: what an organisation decided on its outlook, frozen with a fingerprint."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import VariancesUnexplained
from belvedere.domains.plans.models import Snapshot, SnapshotLine
from belvedere.domains.plans.outlook.keeping import allow, noted
from belvedere.domains.plans.outlook.values import Lines, SnapshotDraft
from belvedere.domains.plans.outlook.variances import compared, kind_of
from belvedere.domains.plans.policies import Thing, may, require_outlook
from belvedere.domains.plans.vocabulary import SnapshotKind
from belvedere.kernel.errors import N_, InvalidInput, NotFound
from belvedere.kernel.money import Kind
from belvedere.kernel.texts import text_in

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class SnapshotHead:
    """A vote in a list."""

    id: UUID
    territory_id: UUID
    organisation_id: UUID
    kind: SnapshotKind
    title: str
    body: str
    voted_on: date
    scenario_name: str
    taken_at: datetime
    sha256: str
    money: Kind | None  # in which it is compared: constant prices, where it says them


@dataclass(frozen=True, slots=True)
class SnapshotView:
    """A vote whole, as it was frozen. `intact`: content and lines still have the fingerprint of that day."""

    head: SnapshotHead
    content: Mapping[str, Any]
    lines: tuple[Mapping[str, Any], ...]  # by measure identifier
    intact: bool
    may_explain: bool


def fingerprint(content: Mapping[str, Any], lines: Lines) -> str:
    """SHA-256 over canonical JSON (sorted keys, no spaces, UTF-8) of content and lines by measure."""
    ordered = sorted(lines, key=lambda line: str(line["measure_id"]))
    text = json.dumps(
        {"content": content, "lines": ordered},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _check_plain(value: Any) -> None:
    """Only what a database gives back letter by letter: a float would not be the same again."""
    if isinstance(value, Mapping):
        for key, one in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a frozen key is a text, not {key!r}")
            _check_plain(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _check_plain(one)
    elif not (value is None or isinstance(value, str | bool | int)):
        raise TypeError(f"a frozen value is a text or a whole number, not {value!r}")


def vote_snapshot(
    *, actor: Actor, territory_id: UUID, organisation_id: UUID, draft: SnapshotDraft, reason: str = ""
) -> UUID:
    """Freeze what was voted.

    Raises:
        VariancesUnexplained: measures left the vote before (same organisation, kind and money) without a
            reason.
    """
    allow(actor, "vote_snapshot", territory_id, organisation_id)
    _check_plain(draft.content)
    _check_plain(draft.lines)
    ids = [UUID(str(line["measure_id"])) for line in draft.lines]
    if not ids:
        raise InvalidInput(N_("There is no measure to vote on: this outlook is empty."), field="lines")
    if len(set(ids)) != len(ids):
        raise ValueError("a measure stands twice in a snapshot")
    stated = draft.content.get("organisation")
    if stated and stated["id"] != str(organisation_id):
        raise ValueError("this outlook is another organisation's")
    with transaction.atomic():
        _check_last(territory_id, organisation_id, draft)
        row = Snapshot.objects.create(
            territory_id=territory_id,
            organisation_id=organisation_id,
            kind=draft.kind,
            title=draft.title,
            body=draft.body,
            voted_on=draft.voted_on,
            scenario_name=draft.scenario_name[:120],
            content=dict(draft.content),
            sha256=fingerprint(draft.content, draft.lines),
        )
        SnapshotLine.objects.bulk_create(
            SnapshotLine(snapshot=row, measure_id=measure_id, content=dict(line))
            for measure_id, line in zip(ids, draft.lines, strict=True)
        )
        after = {
            "organisation": str(organisation_id),
            "kind": draft.kind.value,
            "title": draft.title,
            "body": draft.body,
            "voted_on": draft.voted_on.isoformat(),
            "measures": len(ids),
            "sha256": row.sha256,
        }
        subject = ("plans.snapshot", str(row.pk))
        noted(actor, "vote_snapshot", subject, territory_id, after=after, reason=reason)
    return row.pk


def _check_last(territory_id: UUID, organisation_id: UUID, draft: SnapshotDraft) -> None:
    """Refuse a vote before the last one of its kind, and one that leaves what changed since unexplained.

    Votes in different money stand side by side: one in CHF is not followed by one in EUR.
    """
    votes = Snapshot.objects.select_for_update().filter(
        territory_id=territory_id, organisation_id=organisation_id, kind=draft.kind
    )
    money = kind_of(draft.content)
    ordered = votes.order_by("-voted_on", "-taken_at")
    last = next((vote for vote in ordered if kind_of(vote.content) == money), None)
    if last is None:
        return
    if draft.voted_on < last.voted_on:
        raise InvalidInput(
            N_("The last vote of this kind is of {day}. The next one cannot lie before it."),
            day=last.voted_on.isoformat(),
            field="voted_on",
        )
    lacking = [one for one in compared(last, draft.lines, kind_of(draft.content)) if one.open]
    if lacking:
        named = [next(iter(one.codes), "") or text_in(one.title, "") or "—" for one in lacking]
        raise VariancesUnexplained(
            N_(
                "{count} measures left the vote “{title}” without a reason: {named}. Explain them, then "
                "vote again; nothing was recorded."
            ),
            count=len(lacking),
            title=last.title,
            named=[*named[:MOST_NAMED], *(["…"] if len(named) > MOST_NAMED else [])],
            snapshot_id=str(last.pk),
            measure_ids=[str(one.measure_id) for one in lacking],
        )


def snapshots_of(
    actor: Actor, territory_id: UUID, organisation_id: UUID, *, kind: SnapshotKind | None = None
) -> tuple[SnapshotHead, ...]:
    """The votes of an organisation, the last one first."""
    require_outlook(actor, territory_id, organisation_id)
    rows = Snapshot.objects.filter(territory_id=territory_id, organisation_id=organisation_id)
    if kind is not None:
        rows = rows.filter(kind=kind)
    rows = rows.annotate(constant=F("content__constant_kind"), shown=F("content__kind")).defer("content")
    return tuple(
        _head(row, kind_of({"constant_kind": row.constant, "kind": row.shown}))
        for row in rows.order_by("-voted_on", "-taken_at")
    )


def _head(row: Snapshot, money: Kind | None) -> SnapshotHead:
    return SnapshotHead(
        row.pk,
        row.territory_id,
        row.organisation_id,
        SnapshotKind(row.kind),
        row.title,
        row.body,
        row.voted_on,
        row.scenario_name,
        row.taken_at,
        row.sha256,
        money,
    )


def snapshot(actor: Actor, snapshot_id: UUID) -> SnapshotView:
    """A vote whole; NotFound when there is none, Refused for who may not see the outlook."""
    row = Snapshot.objects.filter(pk=snapshot_id).first()
    if row is None:
        raise NotFound(N_("There is no such vote."), code="no_such_snapshot")
    require_outlook(actor, row.territory_id, row.organisation_id)
    lines = sorted(
        SnapshotLine.objects.filter(snapshot=row).values_list("content", flat=True),
        key=lambda line: str(line["measure_id"]),
    )
    thing = Thing(row.territory_id, row.organisation_id)
    return SnapshotView(
        _head(row, kind_of(row.content)),
        row.content,
        tuple(lines),
        fingerprint(row.content, lines) == row.sha256,
        may(actor, "explain_variance", thing) is None,
    )


def verify_snapshot(actor: Actor, snapshot_id: UUID) -> bool:
    """Whether content and lines still have the fingerprint of the day of the vote."""
    return snapshot(actor, snapshot_id).intact
