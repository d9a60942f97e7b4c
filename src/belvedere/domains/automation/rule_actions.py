"""Verbs on rules: saved in versions, switched on and off, removed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import bodies
from belvedere.domains.automation.bodies import Body
from belvedere.domains.automation.errors import BadRule, ChangedMeanwhile, NoSuchRule
from belvedere.domains.automation.events import RulesChanged
from belvedere.domains.automation.models import Rule, RuleVersion, Version
from belvedere.domains.automation.policies import may, require
from belvedere.domains.automation.rule_queries import NO_SUCH, rule_view
from belvedere.domains.automation.views import RuleDraft, RuleView
from belvedere.domains.territory.public import TerritoryView, organisation
from belvedere.duties.journal.public import record, signed
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity

MOST_RULES = 10_000
LONGEST_NAME = 120


def save_rule(
    *,
    actor: Actor,
    territory: TerritoryView,
    draft: RuleDraft,
    rule_id: int | None = None,
    expected: int | None = None,
    reason: str = "",
) -> RuleView:
    """A new rule (switched off), or a new version of one, in force at once where it is on.

    `expected`: the version that was read; ChangedMeanwhile when there is a newer one.

    Raises:
        BadRule: it cannot be followed; Refused; NoSuchRule.
    """
    require(actor, "write_rule", territory.id, draft.owner_id)
    if draft.owner_id is not None and organisation(draft.owner_id).territory_id != territory.id:
        raise BadRule(N_("This organisation belongs to another territory."), field="owner")
    body, name = _judged(draft)
    with transaction.atomic():
        if rule_id is None:
            row = _made(territory, draft)
            before: dict[str, Any] = {}
        else:
            row = locked(actor, rule_id)
            if row.territory_id != territory.id:
                raise NoSuchRule(NO_SUCH)
            before = _said(_current(row))
            if expected is not None and row.version != expected:
                raise ChangedMeanwhile(
                    N_("Somebody saved this rule meanwhile. Look at what is there now, then save again.")
                )
            if before == _said_of(name, draft.severity, body) and row.owner_id == draft.owner_id:
                return rule_view(row, _current(row))
            row.version += 1
            row.owner_id = draft.owner_id
            row.changed_at = now()
            row.save(update_fields=["version", "owner", "changed_at"])
        version = RuleVersion.objects.create(
            rule=row,
            number=row.version,
            name=name,
            severity=draft.severity,
            body=bodies.written(body),
            author_id=actor.person_id,
            reason=reason[:500],
            created_at=row.changed_at,
        )
        verb = "create_rule" if rule_id is None else "change_rule"
        _done(actor, row, verb, before=before, after=_said(version), reason=reason)
    return rule_view(row, version)


def switch_rule(*, actor: Actor, rule_id: int, on: bool, reason: str = "") -> RuleView:
    """Begin to watch, or end: then what it raised is cleared. Nothing happens where it is so already."""
    with transaction.atomic():
        row = locked(actor, rule_id)
        if row.is_on != on:
            row.is_on, row.switched_at = on, now()
            row.save(update_fields=["is_on", "switched_at"])
            name = {"name": _current(row).name}
            _done(actor, row, "switch_rule_on" if on else "switch_rule_off", after=name, reason=reason)
    return rule_view(row, _current(row))


def remove_rule(*, actor: Actor, rule_id: int, reason: str = "") -> None:
    """Take a rule away; what it raised is cleared, and stays to be read with the rule as it was."""
    with transaction.atomic():
        row = locked(actor, rule_id)
        row.is_on, row.removed_at = False, now()
        row.save(update_fields=["is_on", "removed_at"])
        _done(actor, row, "remove_rule", before=_said(_current(row)), reason=reason)


def locked(actor: Actor, rule_id: int) -> Rule:
    """The rule, locked, which the actor may write; NoSuchRule where they may not even see it."""
    row = Rule.objects.select_for_update().filter(pk=rule_id, removed_at__isnull=True).first()
    if row is None or may(actor, "view", row.territory_id, row.owner_id) is not None:
        raise NoSuchRule(NO_SUCH)
    require(actor, "write_rule", row.territory_id, row.owner_id)
    return row


def rules_changed() -> None:
    """Have the rules read anew, in the transaction at hand."""
    if not Version.objects.filter(pk=1).update(rules=F("rules") + 1):
        Version.objects.get_or_create(pk=1)
        Version.objects.filter(pk=1).update(rules=F("rules") + 1)


def _made(territory: TerritoryView, draft: RuleDraft) -> Rule:
    if Rule.objects.filter(territory_id=territory.id, removed_at__isnull=True).count() >= MOST_RULES:
        raise BadRule(
            N_("A territory has {most} rules at most. Remove one, or watch more things with one rule."),
            most=MOST_RULES,
        )
    at = now()
    return Rule.objects.create(
        territory_id=territory.id, owner_id=draft.owner_id, created_at=at, changed_at=at
    )


def _judged(draft: RuleDraft) -> tuple[Body, str]:
    name = draft.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise BadRule(N_("Give the rule a name of 1 to {most} characters."), field="name", most=LONGEST_NAME)
    if draft.severity not in list(Severity):
        raise BadRule(N_("Choose how urgent its alarms are."), field="severity")
    if isinstance(draft.body, Body):
        bodies.judge(draft.body)
        return draft.body, name
    return bodies.read(draft.body), name


def _current(row: Rule) -> RuleVersion:
    return RuleVersion.objects.get(rule=row, number=row.version)


def _said(version: RuleVersion) -> dict[str, Any]:
    return {"name": version.name, "severity": version.severity, "body": version.body}


def _said_of(name: str, severity: Severity, body: Body) -> dict[str, Any]:
    return {"name": name, "severity": int(severity), "body": bodies.written(body)}


def _done(
    actor: Actor,
    row: Rule,
    verb: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    rules_changed()
    record(
        **signed(actor),
        verb=f"automation.{verb}",
        subject=("automation.rule", str(row.pk)),
        territory_id=row.territory_id,
        before=before or {},
        after=after or {},
        reason=reason,
    )
    announce(RulesChanged(row.territory_id))
