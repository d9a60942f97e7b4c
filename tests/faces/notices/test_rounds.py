"""A reporting round stands in the inbox of who is asked, once, and sends no second mail."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from belvedere.domains.reporting.events import TaskAsked
from belvedere.domains.reporting.public import states
from belvedere.duties.notifications.public import inbox
from belvedere.faces.notices.collaboration import send_waiting
from belvedere.faces.notices.collaboration_rounds import tell
from belvedere.kernel.clock import now, today
from tests.faces.notices.conftest import Mailbox

pytestmark = pytest.mark.django_db


def test_who_is_asked_finds_the_checklist_under_the_bell(
    valbelle: Any, people: Any, mailbox: Mailbox, monkeypatch: Any
) -> None:
    task = SimpleNamespace(
        pk=uuid4(),
        organisation=valbelle.montaigu,
        round=SimpleNamespace(
            name="Rapport 2026", due=today(), territory_id=valbelle.territory.pk, state=states.RoundState.OPEN
        ),
    )
    contacts = [SimpleNamespace(person_id=people.lead.pk), SimpleNamespace(person_id=people.finance.pk)]
    monkeypatch.setattr("belvedere.domains.reporting.public.queries.mail_of", lambda _id: (task, contacts, 3))
    for _ in range(2):
        tell(TaskAsked(task.pk))
    [notice] = inbox(people.lead.pk).rows
    assert notice.sentence("en") == (
        f"Rapport 2026: the answers of Montaigu are awaited by {today():%d.%m.%Y}"
    )
    assert notice.link == f"/cockpit/valbelle/reporting/tasks/{task.pk}/"
    assert inbox(people.contributor.pk).total == 0
    send_waiting(now())
    assert mailbox.messages == [], "the round writes its own mails"


def test_a_round_closed_since_asks_nobody(valbelle: Any, people: Any, monkeypatch: Any) -> None:
    closed = SimpleNamespace(
        name="Rapport 2026", due=today(), territory_id=valbelle.territory.pk, state=states.RoundState.CLOSED
    )
    task = SimpleNamespace(pk=uuid4(), organisation=valbelle.montaigu, round=closed)
    contacts = [SimpleNamespace(person_id=people.lead.pk)]
    monkeypatch.setattr("belvedere.domains.reporting.public.queries.mail_of", lambda _id: (task, contacts, 3))
    tell(TaskAsked(task.pk))
    assert inbox(people.lead.pk).total == 0
