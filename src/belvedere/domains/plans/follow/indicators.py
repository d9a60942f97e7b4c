"""Verbs on indicators: defined in the territory, attached to a measure, given values by source."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor, Role
from belvedere.domains.plans.errors import AlreadyThere
from belvedere.domains.plans.follow.keeping import Kept, listed, noted, plain
from belvedere.domains.plans.follow.values import EffectDraft, IndicatorDraft, IndicatorValueDraft
from belvedere.domains.plans.models import Indicator, IndicatorValue, MeasureIndicator
from belvedere.domains.plans.writing import Change, changing
from belvedere.domains.territory.public import owners_among
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.errors import N_, Conflict, InvalidInput, NotFound, Refused

_INDICATOR = ("code", "names", "unit", "decimals", "direction", "source", "formula")
EFFECT = Kept(
    "effect",
    MeasureIndicator,
    ("indicator_id", "role", "baseline", "baseline_on", "target", "target_on", "note"),
)
_VALUE = ("dated", "kind", "value", "source", "comment")
_WRITERS = frozenset({Role.CONTRIBUTOR, Role.MANAGER, Role.ADMINISTRATOR})


def may_define(actor: Actor, territory_id: UUID) -> str | None:
    """None when the actor may add to the indicators of the territory, else the reason (a msgid)."""
    if not actor.allows("write"):
        return N_("This token only reads. Create one that may write.")
    if actor.governs(territory_id):
        return None
    held = {body for body, roles in actor.roles.items() if not _WRITERS.isdisjoint(roles)}
    if owners_among(territory_id, held):
        return None
    return N_("Only contributors and managers of the territory’s organisations may define indicators.")


def redefinable(actor: Actor, territory_id: UUID) -> dict[int, bool]:
    """For each indicator of the territory whether the actor may change it.

    Who changes the word must write all the measures that use it, or administer the territory.
    """
    ids = Indicator.objects.filter(territory_id=territory_id).values_list("pk", flat=True)
    if may_define(actor, territory_id) is not None:
        return dict.fromkeys(ids, False)
    able = dict.fromkeys(ids, True)
    if not actor.governs(territory_id):
        uses = MeasureIndicator.objects.filter(indicator__territory_id=territory_id)
        for indicator_id, owner_id in uses.values_list("indicator_id", "measure__owner_id").distinct():
            if not actor.has(owner_id, *_WRITERS):
                able[indicator_id] = False
    return able


def may_redefine(actor: Actor, indicator: Indicator) -> str | None:
    """None when the actor may change the indicator or take it away, else the reason (a msgid)."""
    refused = may_define(actor, indicator.territory_id)
    if refused is not None or redefinable(actor, indicator.territory_id)[indicator.pk]:
        return refused
    return N_(
        "Measures of other owners use this indicator. Ask the administrator of the territory to change it, "
        "or define another."
    )


def define_indicator(
    *,
    actor: Actor,
    territory_id: UUID,
    draft: IndicatorDraft,
    item_id: int | None = None,
    reason: str = "",
) -> int:
    """Add an indicator to the territory, or change the one of `item_id`.

    Its unit and its decimals stand once values are recorded: they would say another thing.
    """
    with transaction.atomic():
        row, before = _indicator(actor, territory_id, item_id)
        fields = {name: getattr(draft, name) for name in _INDICATOR}
        if before == fields:
            return row.pk
        same = Indicator.objects.filter(territory_id=territory_id, code=draft.code).exclude(
            pk__in=listed(item_id)
        )
        if same.exists():
            raise AlreadyThere(
                N_("An indicator with the code {given} is already there."), given=draft.code, field="code"
            )
        if before is not None:
            _refuse_new_unit(row, draft)
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        _record(actor, row, "define_indicator", before, fields, reason)
        return row.pk


def _indicator(
    actor: Actor, territory_id: UUID, item_id: int | None
) -> tuple[Indicator, dict[str, Any] | None]:
    if item_id is None:
        refused = may_define(actor, territory_id)
        if refused is not None:
            raise Refused(refused, code="may_not_define_indicator")
        return Indicator(territory_id=territory_id), None
    row = Indicator.objects.select_for_update().filter(pk=item_id, territory_id=territory_id).first()
    if row is None:
        raise NotFound(N_("There is no such indicator in this territory."))
    refused = may_redefine(actor, row)
    if refused is not None:
        raise Refused(refused, code="may_not_define_indicator")
    return row, {name: getattr(row, name) for name in _INDICATOR}


def _refuse_new_unit(row: Indicator, draft: IndicatorDraft) -> None:
    if row.unit == draft.unit and row.decimals <= draft.decimals:
        return
    used = MeasureIndicator.objects.filter(indicator=row)
    if used.filter(values__isnull=False).exists() or used.exclude(baseline=None, target=None).exists():
        raise Conflict(
            N_("Values are recorded in {unit}: the unit stands. Define another indicator."),
            unit=row.unit,
            field="unit",
            code="indicator_in_use",
        )


def remove_indicator(*, actor: Actor, territory_id: UUID, item_id: int, reason: str = "") -> None:
    """Take an indicator that no measure uses out of the territory."""
    with transaction.atomic():
        row, before = _indicator(actor, territory_id, item_id)
        uses = MeasureIndicator.objects.filter(indicator=row).count()
        if uses:
            raise Conflict(
                N_("{count} measures use this indicator. Take it off them first; nothing was changed."),
                count=uses,
                code="indicator_in_use",
            )
        _record(actor, row, "remove_indicator", before, None, reason)
        row.delete()


def _record(
    actor: Actor,
    row: Indicator,
    verb: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reason: str,
) -> None:
    record(
        **signed(actor),
        verb=f"plans.{verb}",
        subject=("plans.indicator", str(row.pk)),
        territory_id=row.territory_id,
        before={name: plain(value) for name, value in (before or {}).items()},
        after={name: plain(value) for name, value in (after or {}).items()},
        reason=reason,
    )


def set_effect(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    draft: EffectDraft,
    item_id: UUID | None = None,
    reason: str = "",
) -> UUID:
    """Attach an indicator to the measure with its baseline and target, or change what stands there."""

    def check(change: Change, present: UUID | None) -> None:
        indicator = Indicator.objects.filter(
            pk=draft.indicator_id, territory_id=change.measure.territory_id
        ).first()
        if indicator is None:
            raise InvalidInput(
                N_("This indicator is not of this territory. Choose another, or define it."),
                field="indicator",
            )
        attached = MeasureIndicator.objects.filter(measure_id=measure_id)
        if attached.filter(indicator=indicator).exclude(pk__in=listed(present)).exists():
            raise AlreadyThere(N_("The measure has this indicator already."), field="indicator")
        here = attached.filter(pk__in=listed(present)).first()
        if here is not None and here.indicator_id != indicator.pk and here.values.exists():
            raise Conflict(
                N_("Values are recorded for the other indicator. Attach this one beside it."),
                field="indicator",
                code="indicator_in_use",
            )

    made: UUID = EFFECT.keep(actor, measure_id, version, item_id, EFFECT.drafted(draft), reason, check)
    return made


def remove_effect(
    *, actor: Actor, measure_id: UUID, version: int | None, item_id: UUID, reason: str = ""
) -> None:
    """Take an indicator off the measure; recorded values go with it, into the journal, for a reason."""
    with changing(
        actor, measure_id, verb="remove_effect", right="edit", reason=reason, version=version
    ) as change:
        row = EFFECT.found(measure_id, item_id)
        for value in row.values.all():
            if not reason.strip():
                raise InvalidInput(
                    N_(
                        "Values are recorded for this indicator and go with it. Say why: the journal keeps "
                        "the reason."
                    ),
                    field="reason",
                )
            said = {name: getattr(value, name) for name in _VALUE}
            noted(change, f"value.{value.pk}", value.pk, said, None)
        noted(change, "effect", row.pk, EFFECT.said_of(row), None)
        row.delete()


def set_value(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    effect_id: UUID,
    draft: IndicatorValueDraft,
    item_id: int | None = None,
    reason: str = "",
) -> int:
    """Record a value of an indicator of the measure, or correct the one of `item_id`.

    A source says one result and one estimate a day; another source's value is a row of its own.
    """
    with changing(
        actor, measure_id, verb="set_value", right="edit", reason=reason, version=version
    ) as change:
        effect = EFFECT.found(measure_id, effect_id)
        values = IndicatorValue.objects.filter(measure_indicator=effect)
        fields = {name: getattr(draft, name) for name in _VALUE}
        row, before = IndicatorValue(measure_indicator=effect), None
        if item_id is not None:
            row = _value(effect, item_id)
            before = {name: getattr(row, name) for name in _VALUE}
            if before == fields:
                return row.pk
        same = values.filter(dated=draft.dated, kind=draft.kind, source=draft.source).exclude(
            pk__in=listed(item_id)
        )
        if same.exists():
            raise AlreadyThere(
                N_("This source already gives a value for this day. Correct that one."), field="dated"
            )
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        noted(change, "value", row.pk, before, fields)
        change.after["effect"] = str(effect_id)
        return row.pk


def remove_value(
    *,
    actor: Actor,
    measure_id: UUID,
    version: int | None,
    effect_id: UUID,
    item_id: int,
    reason: str = "",
) -> None:
    with changing(
        actor, measure_id, verb="remove_value", right="edit", reason=reason, version=version
    ) as change:
        row = _value(EFFECT.found(measure_id, effect_id), item_id)
        before = {name: getattr(row, name) for name in _VALUE}
        noted(change, "value", row.pk, before, None)
        row.delete()


def _value(effect: MeasureIndicator, item_id: int) -> IndicatorValue:
    row = IndicatorValue.objects.filter(measure_indicator=effect, pk=item_id).first()
    if row is None:
        raise NotFound(N_("This value is gone: someone removed it. Open the measure again."))
    return row
