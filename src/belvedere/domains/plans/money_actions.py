"""Verbs on the money and the sites of a measure; the sister of `actions`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.deriving import in_time
from belvedere.domains.plans.models import CostEstimate, FundingLine, Payment, Site, SpendLine
from belvedere.domains.plans.parts import (
    estimate_row,
    funding_row,
    money_fields,
    shape_fields,
    site_row,
    spend_row,
)
from belvedere.domains.plans.states import SiteMethod
from belvedere.domains.plans.values import EstimateDraft, FundingDraft, SiteDraft, SpendDraft
from belvedere.domains.plans.vocabulary import Nature
from belvedere.domains.plans.writing import Change, changing
from belvedere.kernel.errors import N_, Conflict, InvalidInput, NotFound
from belvedere.kernel.geometry import Shape
from belvedere.kernel.money import Kind, Money
from belvedere.science.finance.funding import allot


def record_estimate(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    draft: EstimateDraft,
    follow_with_spending: bool = False,
    reason: str,
) -> None:
    """A new version of the cost; the earlier ones stay. A reason is due from the second on.

    `follow_with_spending` scales the yearly amounts, to the cent, so that they add up to the new cost.
    """
    with changing(
        actor, measure_id, verb="record_estimate", right="edit_money", reason=reason, version=version
    ) as change:
        last = CostEstimate.objects.filter(measure_id=measure_id).order_by("-version").first()
        if last is not None and not reason.strip():
            raise InvalidInput(
                N_("Say why the cost changes: the reason is kept in the journal."), field="reason"
            )
        if last is not None and last.money == draft.amount and draft.kind == last.kind and _same(last, draft):
            return
        row = estimate_row(measure_id, last.version + 1 if last else 1, draft)
        row.save(force_insert=True)
        change.note("estimate", str(last.money) if last else None, str(draft.amount))
        if follow_with_spending:
            _scale_spending(change, draft.amount)


def _same(last: CostEstimate, draft: EstimateDraft) -> bool:
    eligible = None if draft.eligible is None else draft.eligible.amount
    return last.eligible_amount == eligible and last.accuracy_share == draft.accuracy


def _scale_spending(change: Change, cost: Money) -> None:
    lines = sorted(SpendLine.objects.filter(measure=change.measure, scenario="reference"), key=in_time)
    if not any(line.amount for line in lines):
        return
    if sum(line.amount for line in lines) <= 0:
        raise InvalidInput(
            N_("The yearly amounts add up to nothing, so they cannot follow the cost. Correct them first."),
            field="follow_with_spending",
        )
    for line, amount in zip(lines, allot(cost.amount, [line.amount for line in lines]), strict=True):
        before = str(line.amount)
        line.amount = amount
        change.note(_spending_name(line), before, str(amount))
        for name, value in money_fields(cost).items():
            setattr(line, name, value)
        line.save()


def set_spending(
    *, actor: Actor, measure_id: UUID, version: int | None, lines: Sequence[SpendDraft], reason: str
) -> None:
    """Replace the yearly amounts of the reference scenario."""
    with changing(
        actor, measure_id, verb="set_spending", right="edit_money", reason=reason, version=version
    ) as change:
        keys = [(line.year, line.span.value, line.nature, line.state.value) for line in lines]
        if len(set(keys)) != len(keys):
            raise InvalidInput(N_("A year stands twice. Add its amounts up into one line."), field="year")
        known = {
            (line.year, line.span, line.nature, line.state): line
            for line in SpendLine.objects.filter(measure_id=measure_id, scenario="reference")
        }
        for key, line in zip(keys, lines, strict=True):
            old, row = known.pop(key, None), spend_row(measure_id, line)
            if not change.note(
                _spending_name(row), _spending_said(old) if old else None, _spending_said(row)
            ):
                continue
            if old is not None:
                old.delete()
            row.save(force_insert=True)
        for gone in known.values():
            change.note(_spending_name(gone), _spending_said(gone), None)
            gone.delete()


def _spending_name(line: SpendLine) -> str:
    """What the journal calls a line: "spending.2027.projected", with its span and nature where special."""
    parts = ["spending", str(line.year), str(line.state)]
    parts += [str(line.span)] if line.span else []
    parts += [str(line.nature)] if line.nature != Nature.INVESTMENT else []
    return ".".join(parts)


def _spending_said(line: SpendLine) -> str:
    said = str(Money(line.amount, line.money_kind))
    return f"{said} ({line.reason})" if line.reason else said


def set_funding(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    draft: FundingDraft,
    line_id: UUID | None = None,
    reason: str,
) -> None:
    """Add a funding line, or replace the one of `line_id`."""
    with changing(
        actor, measure_id, verb="set_funding", right="edit_money", reason=reason, version=version
    ) as change:
        row = funding_row(measure_id, draft)
        before = None
        if line_id is not None:
            old = _line(measure_id, line_id)
            before = _said(old)
            if row.money_kind != old.money_kind and Payment.objects.filter(funding_line=old).exists():
                raise Conflict(
                    N_("Aid was received on this line: it keeps its currency, VAT status and price base.")
                )
            row.pk, row.position = old.pk, old.position
        if change.note("funding", before, _said(row)):
            row.save(force_insert=line_id is None, force_update=line_id is not None)


def remove_funding(
    *, actor: Actor, measure_id: UUID, version: int | None, line_id: UUID, reason: str
) -> None:
    """Take a funding line away; to keep a refusal on record, change its state instead."""
    with changing(
        actor, measure_id, verb="remove_funding", right="edit_money", reason=reason, version=version
    ) as change:
        line = _line(measure_id, line_id)
        if Payment.objects.filter(funding_line=line).exists():
            raise Conflict(
                N_("Aid was received on this line. Remove what was received first, or change its state.")
            )
        change.note("funding", _said(line), None)
        line.delete()


def _line(measure_id: UUID, line_id: UUID) -> FundingLine:
    line = FundingLine.objects.filter(measure_id=measure_id, pk=line_id).first()
    if line is None:
        raise NotFound(N_("This funding line is gone. Open the measure again."))
    return line


def _said(line: FundingLine) -> dict[str, Any]:
    return {
        "organisation": str(line.organisation_id),
        "instrument": line.instrument,
        "rule": line.rule,
        "amount": None if line.amount is None else f"{line.amount:.2f}",
        "rate": None if line.rate is None else str(line.rate.normalize()),
        "tariff": None if line.tariff is None else f"{line.tariff:.2f}",
        "unit": line.unit,
        "cap": None if line.cap is None else f"{line.cap:.2f}",
        "state": str(line.state),
        "kind": _kind_said(line.money_kind),
        "conditions": line.conditions,
        "advance_share": f"{line.advance_share:.5f}",
        "lag_years": line.lag_years,
        "indexed": line.indexed,
        "requested_on": _day(line.requested_on),
        "decided_on": _day(line.decided_on),
        "start_deadline": _day(line.start_deadline),
        "claim_deadline": _day(line.claim_deadline),
    }


def _kind_said(kind: Kind) -> str:
    return f"{kind.currency}, VAT {kind.vat.value}, {kind.price_base or 'nominal'}"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def add_site(
    *, actor: Actor, measure_id: UUID, version: int | None, draft: SiteDraft, reason: str = ""
) -> None:
    """One more geometry of the measure."""
    with changing(actor, measure_id, verb="add_site", right="edit", reason=reason, version=version) as change:
        site_row(measure_id, draft).save(force_insert=True)
        change.note("site", None, _place(draft.shape))


def move_site(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    site_id: UUID,
    shape: Shape,
    method: SiteMethod = SiteMethod.DRAWN,
    reason: str = "",
) -> None:
    """Give a site another geometry; from then on it counts as drawn, or as `method` says."""
    with changing(
        actor, measure_id, verb="move_site", right="edit", reason=reason, version=version
    ) as change:
        site = _site(measure_id, site_id)
        before = {"kind": "", "at": [site.longitude, site.latitude]}
        if bytes(site.geometry) == shape.wkb:
            return
        change.note("site", before, _place(shape))
        for name, value in shape_fields(shape).items():
            setattr(site, name, value)
        site.method, site.accuracy_m, site.source_crs = method, None, ""
        site.save()


def remove_site(
    *, actor: Actor, measure_id: UUID, version: int | None, site_id: UUID, reason: str = ""
) -> None:
    with changing(
        actor, measure_id, verb="remove_site", right="edit", reason=reason, version=version
    ) as change:
        site = _site(measure_id, site_id)
        change.note("site", {"at": [site.longitude, site.latitude], "name": site.name}, None)
        site.delete()


def _site(measure_id: UUID, site_id: UUID) -> Site:
    site = Site.objects.filter(measure_id=measure_id, pk=site_id).first()
    if site is None:
        raise NotFound(N_("This site is gone. Open the measure again."))
    return site


def _place(shape: Shape) -> dict[str, Any]:
    longitude, latitude = shape.centre
    return {"kind": shape.kind, "at": [round(longitude, 6), round(latitude, 6)]}
