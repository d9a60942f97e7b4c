"""What lists say beside rules and alarms: how often a rule raised, who looks after an alarm."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from belvedere.domains.access.public import Actor, names_of
from belvedere.domains.automation.alarm_queries import RAISING
from belvedere.domains.automation.models import Alarm, AlarmStep
from belvedere.domains.automation.policies import visible
from belvedere.domains.automation.states import Act

_HANDLING = (Act.ACKNOWLEDGE.value, Act.TAKE_UP.value, *RAISING)


def raised_by_rule(actor: Actor, territory_id: UUID, since: datetime) -> dict[int, int]:
    """How often each rule raised an alarm since then, those that the actor may see."""
    steps = AlarmStep.objects.filter(
        alarm__in=Alarm.objects.filter(visible(actor, territory_id)), act__in=RAISING, at__gte=since
    )
    return dict(steps.order_by().values_list("alarm__rule_id").annotate(n=Count("*")))


def handlers_of(actor: Actor, territory_id: UUID, alarm_ids: Collection[int]) -> dict[int, str]:
    """Who acknowledged or took up each alarm last, by name; none where nobody did since it was raised."""
    seen = Alarm.objects.filter(visible(actor, territory_id), pk__in=list(alarm_ids))
    steps = AlarmStep.objects.filter(alarm__in=seen, act__in=_HANDLING).order_by("alarm_id", "-id")
    last = {
        alarm_id: person_id
        for alarm_id, person_id in steps.distinct("alarm_id").values_list("alarm_id", "person_id")
        if person_id is not None
    }
    names = names_of(set(last.values())) if last else {}
    return {alarm_id: names[person_id] for alarm_id, person_id in last.items() if person_id in names}
