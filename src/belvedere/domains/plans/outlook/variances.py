"""What left a voted snapshot since, by how much, and why: asked for before the next vote.

A measure leaves the vote when its net differs by the share and the amount of the thresholds
(`variance_share`, `variance_amount`), or its works by their days (`variance_days`). A reason counts as long
as what it explained stays that close to the difference of the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans import thresholds
from belvedere.domains.plans.models import Snapshot, SnapshotLine, VarianceReason
from belvedere.domains.plans.outlook.keeping import allow, noted
from belvedere.domains.plans.outlook.values import Lines
from belvedere.domains.plans.policies import require_outlook
from belvedere.domains.plans.vocabulary import VarianceKind
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, Conflict, InvalidInput, NotFound
from belvedere.kernel.money import CENT, Kind, Vat

ZERO = Decimal("0.00")
LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Given:
    """A reason as it was given, for the difference of that day."""

    kind: VarianceKind
    amount: Decimal | None
    days: int | None
    reason: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Variance:
    """A measure against the vote. `before` or `now` None: new, or gone. `days` above 0: later.

    `needs`: what passes the thresholds; `open`: what of it has no reason that still counts. `amount` is
    None where the vote is in another kind of money, which is never subtracted.
    """

    measure_id: UUID
    title: Mapping[str, str]
    codes: tuple[str, ...]
    before: Decimal | None  # net
    now: Decimal | None
    amount: Decimal | None
    days: int | None
    needs: frozenset[VarianceKind]
    open: frozenset[VarianceKind]
    reasons: tuple[Given, ...]  # oldest first

    @property
    def is_new(self) -> bool:
        return self.before is None

    @property
    def is_gone(self) -> bool:
        return self.now is None


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds in force."""

    share: Decimal
    amount: Decimal
    days: int

    @classmethod
    def on(cls, day: date) -> Limits:
        return cls(
            thresholds.value("variance_share", day),
            thresholds.value("variance_amount", day),
            int(thresholds.value("variance_days", day)),
        )

    def money_matters(self, difference: Decimal, net: Decimal) -> bool:
        return abs(difference) >= self.amount and abs(difference) >= self.share * abs(net)

    def days_matter(self, difference: int) -> bool:
        return abs(difference) >= self.days


def variances(
    actor: Actor, snapshot_id: UUID, now_lines: Lines, *, kind: Kind | None = None
) -> tuple[Variance, ...]:
    """What differs of each measure between the vote and `now_lines`, what lacks a reason first.

    `kind` is the money of `now_lines`; where it is not that of the vote only the dates are compared.
    """
    snapshot = _snapshot(snapshot_id)
    require_outlook(actor, snapshot.territory_id, snapshot.organisation_id)
    return compared(snapshot, now_lines, kind)


def _snapshot(snapshot_id: UUID) -> Snapshot:
    row = Snapshot.objects.filter(pk=snapshot_id).first()
    if row is None:
        raise NotFound(N_("There is no such vote."), code="no_such_snapshot")
    return row


def kind_of(content: Mapping[str, Any]) -> Kind | None:
    """The kind of money in which a frozen content is compared: the constant one where it says one."""
    said = content.get("constant_kind") or content.get("kind")
    return Kind(said["currency"], Vat(said["vat"]), said["price_base"]) if said else None


def compared(snapshot: Snapshot, now_lines: Lines, kind: Kind | None) -> tuple[Variance, ...]:
    """As `variances`, for who was let in."""
    voted = kind_of(snapshot.content)
    comparable = kind is None or voted is None or kind == voted
    before = {line.measure_id: line.content for line in SnapshotLine.objects.filter(snapshot=snapshot)}
    now = {UUID(str(line["measure_id"])): line for line in now_lines}
    given: dict[UUID, list[Given]] = defaultdict(list)
    for row in VarianceReason.objects.filter(snapshot=snapshot).order_by("given_at", "pk"):
        given[row.measure_id].append(
            Given(VarianceKind(row.kind), row.amount, row.days, row.reason, row.given_at)
        )
    limits = Limits.on(today())
    found = [
        _compare(key, before.get(key), now.get(key), tuple(given[key]), limits, comparable=comparable)
        for key in {**before, **now}
    ]
    differing = [one for one in found if one.amount or one.days or one.is_new or one.is_gone]
    differing.sort(key=lambda one: (not one.open, -abs(one.amount or ZERO), str(one.measure_id)))
    return tuple(differing)


def _compare(
    measure_id: UUID,
    before: Mapping[str, Any] | None,
    now: Mapping[str, Any] | None,
    given: tuple[Given, ...],
    limits: Limits,
    *,
    comparable: bool,
) -> Variance:
    line = now or before
    assert line is not None
    old, new = _net(before), _net(now)
    amount = (new or ZERO) - (old or ZERO) if comparable else None
    days = _days(before, now)
    net = (old if old is not None else new) or ZERO
    needs, lacking = set(), set()
    if amount is not None and limits.money_matters(amount, net):
        needs.add(VarianceKind.MONEY)
        told = _latest(given, VarianceKind.MONEY)
        if told is None or told.amount is None or limits.money_matters(amount - told.amount, net):
            lacking.add(VarianceKind.MONEY)
    if days is not None and limits.days_matter(days):
        needs.add(VarianceKind.DATES)
        told = _latest(given, VarianceKind.DATES)
        if told is None or told.days is None or limits.days_matter(days - told.days):
            lacking.add(VarianceKind.DATES)
    return Variance(
        measure_id,
        line.get("title") or {},
        tuple(line.get("codes") or ()),
        old,
        new,
        amount,
        days,
        frozenset(needs),
        frozenset(lacking),
        given,
    )


def _latest(given: Iterable[Given], kind: VarianceKind) -> Given | None:
    return next((one for one in reversed(tuple(given)) if one.kind is kind), None)


def _net(line: Mapping[str, Any] | None) -> Decimal | None:
    """At constant prices where the line says so: an index that moves is not a measure that moves."""
    return None if line is None else Decimal(line.get("net_constant") or line["net_total"]).quantize(CENT)


def _days(before: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> int | None:
    """By how many days the works start or end later (above 0) or earlier, the larger of the two."""
    if before is None or now is None:
        return None
    steps = [
        (date.fromisoformat(now[name]) - date.fromisoformat(before[name])).days
        for name in ("works_start", "works_end")
        if before.get(name) and now.get(name)
    ]
    return max(steps, key=abs, default=None)


def explain_variance(
    *,
    actor: Actor,
    snapshot_id: UUID,
    measure_id: UUID,
    kind: VarianceKind,
    now_lines: Lines,
    reason: str,
    money: Kind | None = None,
) -> None:
    """Say why a measure left the vote; the difference explained is that of `now_lines`. Append-only."""
    snapshot = _snapshot(snapshot_id)
    allow(actor, "explain_variance", snapshot.territory_id, snapshot.organisation_id)
    text = " ".join(reason.split())
    if not 0 < len(text) <= LONGEST_REASON:
        raise InvalidInput(
            N_("Say why the measure left what was voted, in at most {longest} characters."),
            longest=LONGEST_REASON,
            field="reason",
        )
    found = {one.measure_id: one for one in compared(snapshot, now_lines, money)}.get(measure_id)
    if found is None or kind not in found.needs:
        raise Conflict(N_("This measure no longer differs from the vote: there is nothing to explain."))
    amount = found.amount if kind is VarianceKind.MONEY else None
    days = found.days if kind is VarianceKind.DATES else None
    with transaction.atomic():
        VarianceReason.objects.create(
            snapshot=snapshot, measure_id=measure_id, kind=kind, amount=amount, days=days, reason=text
        )
        after = {
            "measure": str(measure_id),
            "kind": kind.value,
            "amount": None if amount is None else str(amount),
            "days": days,
        }
        subject = ("plans.snapshot", str(snapshot.pk))
        noted(actor, "explain_variance", subject, snapshot.territory_id, after=after, reason=text)
