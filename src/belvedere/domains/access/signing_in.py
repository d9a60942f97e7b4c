"""The rows that the sign-in library keeps beside a person: addresses, second factors, sessions.

Private to the domain: the one place that knows these tables.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from belvedere.domains.access.models import Person


def verified_address(person: Person) -> None:
    """Note the person's address as theirs and proved: the link sent to it was opened."""
    EmailAddress.objects.update_or_create(
        user=person, primary=True, defaults={"email": person.email, "verified": True}
    )


def end_sessions(person: Person) -> int:
    """Sign the person out everywhere; returns how many sessions ended."""
    sessions: list[Any] = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    return len(sessions)


def forget(person: Person) -> dict[str, int]:
    """Remove everything; returns how many rows of each table."""
    ended = end_sessions(person)
    return {
        "usersessions.usersession": ended,
        "account.emailaddress": EmailAddress.objects.filter(user=person).delete()[0],
        "mfa.authenticator": Authenticator.objects.filter(user=person).delete()[0],
        "socialaccount.socialaccount": SocialAccount.objects.filter(user=person).delete()[0],
    }


def held(person: Person) -> list[tuple[str, str, dict[str, Any]]]:
    """(table, identifier, personal values) of each row; secrets of second factors are not shown."""
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("account.emailaddress", str(row.pk), {"email": row.email, "verified": row.verified})
        for row in EmailAddress.objects.filter(user=person).order_by("pk")
    ]
    rows += [
        (
            "mfa.authenticator",
            str(row.pk),
            {"type": row.type, "created_at": row.created_at.isoformat()},
        )
        for row in Authenticator.objects.filter(user=person).order_by("pk")
    ]
    rows += [
        ("socialaccount.socialaccount", str(row.pk), {"provider": row.provider, "uid": row.uid})
        for row in SocialAccount.objects.filter(user=person).order_by("pk")
    ]
    rows += [
        (
            "usersessions.usersession",
            str(row.pk),
            {
                "ip": row.ip,
                "user_agent": row.user_agent,
                "created_at": row.created_at.isoformat(),
                "last_seen_at": row.last_seen_at.isoformat(),
            },
        )
        for row in UserSession.objects.filter(user=person).order_by("pk")
    ]
    return rows
