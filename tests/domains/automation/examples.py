"""Containers and rules of Valbelle, and alarms without the process that judges."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.automation import public as automation
from belvedere.domains.automation.models import Alarm, Rule, RuleVersion
from belvedere.domains.automation.moving import Moves, Stood, Turned
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.kernel.severity import Severity
from belvedere.science.alarms.conditions import Side

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
SYSTEM = Actor.system()
FULL = automation.Body(
    watched=automation.Watched(kind="waste-container"),
    clauses=(automation.Clause("fillingLevel", automation.Level(Side.ABOVE, 0.9, 0.8)),),
    advice="Leeren lassen.",
)


def draft(
    owner_id: UUID | None,
    body: automation.Body | Mapping[str, Any] = FULL,
    *,
    name: str = "Bac plein",
    severity: Severity = Severity.MAJOR,
) -> automation.RuleDraft:
    return automation.RuleDraft(owner_id, name, severity, body)


def rule(
    owner_id: UUID | None,
    body: automation.Body | Mapping[str, Any] = FULL,
    *,
    on: bool = True,
    actor: Actor = SYSTEM,
    **members: Any,
) -> automation.RuleView:
    """A rule, switched on."""
    made = automation.save_rule(
        actor=actor, territory=territory_by_slug("valbelle"), draft=draft(owner_id, body, **members)
    )
    return automation.switch_rule(actor=SYSTEM, rule_id=made.id, on=True) if on else made


def container(owner_id: UUID | None, name: str = "PAV de l’Église", **members: Any) -> int:
    """A container with a device; its number."""
    territory = territory_by_slug("valbelle")
    number = twin.create_entity(
        actor=SYSTEM,
        territory=territory,
        draft=twin.EntityDraft(
            kind="waste-container", names={"fr": name}, owner_id=owner_id, shape=None, **members
        ),
    )
    twin.register_device(actor=SYSTEM, territory=territory, draft=twin.DeviceDraft(f"bin-{number}", number))
    return number


def raise_one(rule_id: int, entity_id: int, at: datetime = AT, *, known_at: datetime | None = None) -> int:
    """An alarm as the process would write it, or the open one raised again; its number."""
    return _turn(rule_id, entity_id, at, is_raised=True, known_at=known_at)


def clear_one(rule_id: int, entity_id: int, at: datetime = AT + HOUR) -> int:
    return _turn(rule_id, entity_id, at, is_raised=False)


def _turn(
    rule_id: int, entity_id: int, at: datetime, *, is_raised: bool, known_at: datetime | None = None
) -> int:
    row = Rule.objects.get(pk=rule_id)
    version = RuleVersion.objects.get(rule=row, number=row.version)
    found = Alarm.objects.filter(rule=row, entity_id=entity_id).exclude(state="closed").first()
    value = {"attribute": "fillingLevel", "number": 0.95, "unit": "C62", "at": at.isoformat(), "series_id": 1}
    turned = Turned(row, version, Stood(entity_id, names={"fr": "PAV"}), at, is_raised, [value])
    moves = Moves(known_at or at)
    if is_raised:
        alarm: Alarm | None = moves.raised(turned, found)
    else:
        assert found is not None
        alarm = moves.cleared(turned, found) or found
    moves.write()
    assert alarm is not None
    return int(alarm.pk)
