"""Automation as a source of personal data: which rules a person wrote, what they did with alarms."""

from __future__ import annotations

from uuid import UUID

from belvedere.domains.access.public import AccountSource, staying
from belvedere.domains.automation.models import AlarmStep, RuleVersion
from belvedere.duties.privacy.public import Held, Outcome
from belvedere.kernel.errors import N_

_KEPT = N_("They prove what was watched and who looked after it; they no longer show the name.")


class AutomationSource(AccountSource):
    """The answers of automation: versions and timelines are only added to."""

    def held(self, person_id: UUID) -> list[Held]:
        wrote = RuleVersion.objects.filter(author_id=person_id).order_by("pk")
        did = AlarmStep.objects.filter(person_id=person_id).order_by("pk")
        return [
            *(
                Held(
                    "automation.ruleversion",
                    str(row.pk),
                    {
                        "rule": row.name,
                        "version": row.number,
                        "at": row.created_at.isoformat(),
                        "why": row.reason,
                    },
                )
                for row in wrote
            ),
            *(
                Held(
                    "automation.alarmstep",
                    str(row.pk),
                    {"alarm": row.alarm_id, "act": row.act, "at": row.at.isoformat(), "note": row.note},
                )
                for row in did
            ),
        ]

    def let_go(self, person_id: UUID) -> list[Outcome]:
        return staying(self.held(person_id), _KEPT)
