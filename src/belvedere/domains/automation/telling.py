"""Who hears of an alarm in their inbox: the people who look after the alarms of its owner."""

from __future__ import annotations

from collections import defaultdict
from typing import Final
from uuid import UUID

from belvedere.domains.access.public import holders
from belvedere.domains.automation.events import AlarmChange, AlarmsChanged
from belvedere.domains.automation.models import Alarm
from belvedere.domains.automation.policies import HANDLES
from belvedere.domains.automation.states import Act
from belvedere.domains.territory.public import territory_by_id
from belvedere.duties.notifications.public import declare_kind, notify
from belvedere.kernel.errors import N_
from belvedere.kernel.severity import Severity

ALARM: Final = "alarm"
#: Of more new alarms of one rule at once people are told in one word.
FEW = 3
_NEW = frozenset({Act.RAISE.value, Act.RAISE_AGAIN.value})


def declare_kinds() -> None:
    declare_kind(ALARM, N_("An alarm of my organisation is raised"))


def tell(event: AlarmsChanged) -> None:
    """Notices of alarms that begin, written with them; not of what is grouped, shelved or only informs."""
    by_rule: dict[tuple[UUID, int], list[AlarmChange]] = defaultdict(list)
    for change in event.changes:
        is_shown = change.parent_id is None and change.shelved_until is None
        if change.act in _NEW and change.owner_id and is_shown and change.severity > Severity.INFO:
            by_rule[change.owner_id, change.rule_id].append(change)
    if not by_rule:
        return
    people = holders({owner for owner, _rule in by_rule}, *HANDLES)
    zones: dict[UUID, str] = {}
    for (owner_id, _rule_id), changes in by_rule.items():
        here = changes[0].territory_id
        zone = zones.setdefault(here, territory_by_id(here).zone)
        _tell(people.get(owner_id, frozenset()), changes, zone)


def _tell(people: frozenset[UUID], changes: list[AlarmChange], zone: str) -> None:
    rows = Alarm.objects.select_related("version").in_bulk([one.alarm_id for one in changes[: FEW + 1]])
    first = rows[changes[0].alarm_id]
    group = f"rule:{first.rule_id}"
    if len(changes) > FEW:
        notify(
            people,
            ALARM,
            N_("{count} alarms: {rule}"),
            {"count": str(len(changes)), "rule": first.version.name},
            key=f"step:{changes[0].step_id}",
            group=group,
            subject_id=str(first.pk),
            territory_id=first.territory_id,
            zone=zone,
        )
        return
    for change in changes:
        row = rows[change.alarm_id]
        notify(
            people,
            ALARM,
            N_("Alarm: {rule}, {thing}"),
            {"rule": row.version.name, "thing": dict(row.names) or str(row.entity_id)},
            key=f"step:{change.step_id}",
            group=group,
            subject_id=str(row.pk),
            territory_id=row.territory_id,
            zone=zone,
        )
