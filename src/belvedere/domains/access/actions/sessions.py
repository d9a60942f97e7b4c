"""Where a person is signed in, and signing them out there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from belvedere.domains.access.actions.common import journal
from belvedere.domains.access.actor import Actor
from belvedere.domains.access.policies import Thing, require
from belvedere.kernel.errors import N_, NotFound


@dataclass(frozen=True, slots=True)
class SessionView:
    """One browser where the person is signed in. `agent` is what the browser says it is."""

    id: int
    ip: str
    agent: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


def sessions_of(actor: Actor, current_key: str) -> list[SessionView]:
    """The actor's own sessions that still live, the present one first."""
    if actor.person_id is None:
        return []
    rows = UserSession.objects.filter(user_id=actor.person_id).order_by("-last_seen_at")
    views = [
        SessionView(
            id=row.pk,
            ip=row.ip,
            agent=row.user_agent,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            current=row.session_key == current_key,
        )
        for row in rows
        if not row.purge()
    ]
    return sorted(views, key=lambda view: not view.current)


def end_session(*, actor: Actor, session_id: int) -> None:
    """Sign the actor out of one of their browsers; NotFound for anybody else's session."""
    require(actor, "end_session", Thing(person_id=actor.person_id))
    assert actor.person_id is not None
    with transaction.atomic():
        row = UserSession.objects.filter(pk=session_id, user_id=actor.person_id).first()
        if row is None:
            raise NotFound(N_("You are not signed in there any more."), code="no_such_session")
        row.end()
        journal(actor, "end_session", ("person", actor.person_id), after={"sessions": 1})


def end_other_sessions(*, actor: Actor, current_key: str) -> int:
    """Sign the actor out everywhere but here; returns how many sessions ended."""
    require(actor, "end_session", Thing(person_id=actor.person_id))
    assert actor.person_id is not None
    with transaction.atomic():
        rows = list(UserSession.objects.filter(user_id=actor.person_id).exclude(session_key=current_key))
        for row in rows:
            row.end()
        if rows:
            journal(actor, "end_session", ("person", actor.person_id), after={"sessions": len(rows)})
    return len(rows)
