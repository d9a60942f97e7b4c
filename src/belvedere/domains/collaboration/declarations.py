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
