"""What the tables of access hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_WHOSE = N_("People who sign in")
_INVITED = N_("People who were invited")
_ACCOUNT = N_("As long as the account; emptied when it is erased")
_IDENTIFY = N_("To know who acts, and to write to them")
_RIGHTS = N_("To know what the person may do, and what they could do then")
_KEYS = N_("To let a person's own programs act for them")
_NEWS = N_("To show what changed since the person last looked")
_INVITE = N_("To let the invited person in, and nobody else")
_INVITATION = N_("As long as the account of who accepted; removed on request")


def _of_account(why: str) -> Personal:
    return Personal(whose=_WHOSE, why=why, basis=Basis.PUBLIC_TASK, keep=_ACCOUNT)


def declare() -> None:
    """Declare every table of access."""
    _people()
    _roles()
    _invitations()
    _tokens()
    _readings()
    _visits()
    # Keys that programs made up, and what they made: the token is the person's, and goes with it.
    declare_table("access.repeatable", NOT_PERSONAL)


def _people() -> None:
    who = _of_account(_IDENTIFY)
    safety = _of_account(N_("To keep the account safe"))
    declare_table(
        "access.person",
        id=who,
        email=who,
        display_name=who,
        language=who,
        phone=Personal(whose=_WHOSE, why=_IDENTIFY, basis=Basis.CONSENT, keep=_ACCOUNT),
        password=safety,
        last_login=safety,
        is_active=NOT_PERSONAL,
        created_at=NOT_PERSONAL,
        erased_at=NOT_PERSONAL,
    )


def _roles() -> None:
    rights = _of_account(_RIGHTS)
    declare_table(
        "access.membership",
        id=NOT_PERSONAL,
        person=rights,
        organisation=rights,
        role=rights,
        since=rights,
        ended_at=rights,
    )
    declare_table(
        "access.territorymembership",
        id=NOT_PERSONAL,
        person=rights,
        territory=rights,
        role=rights,
        since=rights,
        ended_at=rights,
    )


def _invitations() -> None:
    rights = _of_account(_RIGHTS)
    invited = Personal(whose=_INVITED, why=_INVITE, basis=Basis.PUBLIC_TASK, keep=_INVITATION)
    declare_table(
        "access.invitation",
        id=NOT_PERSONAL,
        territory=NOT_PERSONAL,
        organisation=NOT_PERSONAL,
        role=NOT_PERSONAL,
        email=invited,
        email_index=invited,
        token_hash=NOT_PERSONAL,
        invited_by=rights,
        language=invited,
        created_at=NOT_PERSONAL,
        expires_at=NOT_PERSONAL,
        sent_at=NOT_PERSONAL,
        accepted_at=NOT_PERSONAL,
        revoked_at=NOT_PERSONAL,
    )


def _tokens() -> None:
    keys = _of_account(_KEYS)
    declare_table(
        "access.apitoken",
        id=NOT_PERSONAL,
        person=keys,
        name=keys,
        prefix=NOT_PERSONAL,
        token_hash=NOT_PERSONAL,
        scopes=NOT_PERSONAL,
        created_at=NOT_PERSONAL,
        expires_at=NOT_PERSONAL,
        last_used_at=keys,
        revoked_at=NOT_PERSONAL,
    )


def _readings() -> None:
    read = _of_account(N_("To know which programs read the territory, what, and how much"))
    declare_table(
        "access.reading",
        id=NOT_PERSONAL,
        token=read,
        territory=NOT_PERSONAL,
        door=NOT_PERSONAL,
        what=read,
        attributes=read,
        times=read,
        since=read,
        last_at=read,
    )


def _visits() -> None:
    news = _of_account(_NEWS)
    declare_table("access.visit", id=NOT_PERSONAL, person=news, territory=news, last_at=news, before_at=news)
