"""What the tables of collaboration and of notifications hold about people; read once, by `apps`.

The duty of notifications knows no other duty, so that the domain that tells most speaks for its tables.
"""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_WHOSE = N_("People who sign in")
_ACCOUNT = N_("As long as the account; removed when it is erased")
_A_YEAR = N_("One year, or until the account is erased")


def _of(why: str, keep: str = _ACCOUNT) -> Personal:
    return Personal(whose=_WHOSE, why=why, basis=Basis.PUBLIC_TASK, keep=keep)


def declare() -> None:
    """Declare every table."""
    _notifications()
    _work()
    _suggestions()


def _notifications() -> None:
    told = _of(N_("To tell the person what concerns their work"), _A_YEAR)
    chosen = _of(N_("To write to people as they want it"))
    declare_table(
        "notifications.notice",
        NOT_PERSONAL,
        recipient_id=told,
        author_id=told,
        values=told,
        quote=told,
        read_at=told,
    )
    declare_table("notifications.preference", NOT_PERSONAL, person_id=chosen, rhythm=chosen)


def _work() -> None:
    said = _of(
        N_("To work on a measure together"), N_("As long as the measure; without its words once erased")
    )
    follows = _of(N_("To tell the person what concerns their work"))
    keeps = _of(N_("To find a choice of measures again"))
    declare_table(
        "collaboration.comment", NOT_PERSONAL, author=said, text=said, mentioned=said, removed_by=said
    )
    declare_table("collaboration.follow", NOT_PERSONAL, person=follows, active=follows, since=follows)
    declare_table("collaboration.savedview", NOT_PERSONAL, person=keeps, name=keeps, query=keeps)
    declare_table("collaboration.reading", NOT_PERSONAL)


def _suggestions() -> None:
    whose = N_("People who suggest something about a measure")
    to_answer = Personal(
        whose=whose,
        why=N_("To answer who suggests something"),
        basis=Basis.CONSENT,
        keep=N_("One year after the answer; removed on request"),
    )
    words = Personal(
        whose=whose,
        why=N_("To correct what a measure says"),
        basis=Basis.PUBLIC_TASK,
        keep=N_("As long as the measure; removed on request"),
    )
    declare_table(
        "collaboration.suggestion",
        NOT_PERSONAL,
        person=words,
        value=words,
        message=words,
        answer=words,
        decided_by=_of(N_("To know who decided"), N_("As long as the measure")),
        name=to_answer,
        email=to_answer,
        email_index=to_answer,
    )
