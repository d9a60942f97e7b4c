"""Reads of rules."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, F

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import bodies
from belvedere.domains.automation.errors import NoSuchRule
from belvedere.domains.automation.models import Alarm, Rule, RuleVersion
from belvedere.domains.automation.policies import may, visible
from belvedere.domains.automation.states import OPEN
from belvedere.domains.automation.views import RuleView
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity

NO_SUCH = N_("There is no such rule, or it is not yours to see.")


def rules(
    actor: Actor, territory_id: UUID, *, owners: Collection[UUID] = (), kind: str = ""
) -> list[RuleView]:
    """The rules of a territory that the actor may see, the most urgent first, then by name."""
    rows = Rule.objects.filter(visible(actor, territory_id), removed_at__isnull=True)
    if owners:
        rows = rows.filter(owner_id__in=list(owners))
    versions = RuleVersion.objects.filter(rule__in=rows, number=F("rule__version")).select_related("rule")
    if kind:
        versions = versions.filter(body__watched__kind=kind)
    opened = dict(
        Alarm.objects.filter(visible(actor, territory_id), state__in=list(OPEN))
        .order_by()
        .values_list("rule_id")
        .annotate(n=Count("*"))
    )
    found = [rule_view(one.rule, one, opened.get(one.rule_id, 0)) for one in versions]
    return sorted(found, key=lambda one: (-one.severity, one.name.casefold(), one.id))


def rule(actor: Actor, rule_id: int, version: int | None = None) -> RuleView:
    """One rule, as it is or as it was in a version; NoSuchRule. A removed one can be read, to know what its
    alarms were about."""
    row = _seen(actor, rule_id)
    found = RuleVersion.objects.filter(rule=row, number=version or row.version).first()
    if found is None:
        raise NoSuchRule(NO_SUCH)
    opened = Alarm.objects.filter(visible(actor, row.territory_id), rule=row, state__in=list(OPEN))
    return rule_view(row, found, opened.count())


def versions_of(actor: Actor, rule_id: int) -> list[RuleView]:
    """What a rule said, the newest first."""
    row = _seen(actor, rule_id)
    return [rule_view(row, one) for one in RuleVersion.objects.filter(rule=row).order_by("-number")]


def rule_view(row: Rule, version: RuleVersion, open_alarms: int = 0) -> RuleView:
    return RuleView(
        id=row.pk,
        territory_id=row.territory_id,
        owner_id=row.owner_id,
        name=version.name,
        severity=Severity(version.severity),
        body=bodies.kept(version.body),
        version=version.number,
        is_on=row.is_on,
        changed_at=version.created_at,
        switched_at=row.switched_at,
        author_id=version.author_id,
        reason=version.reason,
        open_alarms=open_alarms,
        is_removed=row.removed_at is not None,
    )


def _seen(actor: Actor, rule_id: int) -> Rule:
    row = Rule.objects.filter(pk=rule_id).first()
    if row is None or may(actor, "view", row.territory_id, row.owner_id) is not None:
        raise NoSuchRule(NO_SUCH)
    return row
