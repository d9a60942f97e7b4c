"""What the tables of the libraries and of the journal hold about people.

A domain declares its own tables; these belong to none. Named by the setting PRIVACY_DECLARATIONS.
"""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_WHOSE = N_("People who sign in")
_ACCOUNT = N_("As long as the account; removed when it is erased")


def _of(why: str, keep: str = _ACCOUNT) -> Personal:
    return Personal(whose=_WHOSE, why=why, basis=Basis.PUBLIC_TASK, keep=keep)


_SIGN_IN = _of(N_("To let the person sign in"))
_SAFETY = _of(N_("To keep the account safe"))
_SESSIONS = _of(
    N_("To show people where they are signed in, and to sign them out"), N_("14 days after the last visit")
)
_PROOF = _of(
    N_("To prove who decided what"),
    N_("As long as the journal, without the name once it is erased"),
)

declare_table(
    "journal.entryrow",
    NOT_PERSONAL,
    actor_id=_PROOF,
    actor_label=NOT_PERSONAL,  # of the platform or the public; a person's name is in actorname
    subject_id=_PROOF,
    before=_PROOF,
    after=_PROOF,
    reason=_PROOF,
)
declare_table(
    "journal.actorname",
    actor_id=_of(N_("To show the name of who acted")),
    name=_of(N_("To show the name of who acted")),
)

declare_table("account.emailaddress", NOT_PERSONAL, user=_SIGN_IN, email=_SIGN_IN)
declare_table("account.emailconfirmation", NOT_PERSONAL, email_address=_SIGN_IN)
declare_table("mfa.authenticator", NOT_PERSONAL, user=_SAFETY, data=_SAFETY, last_used_at=_SAFETY)
declare_table(
    "socialaccount.socialaccount",
    NOT_PERSONAL,
    user=_SIGN_IN,
    uid=_SIGN_IN,
    extra_data=_SIGN_IN,
    last_login=_SIGN_IN,
)
declare_table(
    "socialaccount.socialtoken", NOT_PERSONAL, account=_SIGN_IN, token=_SIGN_IN, token_secret=_SIGN_IN
)
declare_table("socialaccount.socialapp", NOT_PERSONAL)
declare_table(
    "usersessions.usersession",
    NOT_PERSONAL,
    user=_SESSIONS,
    ip=_SESSIONS,
    user_agent=_SESSIONS,
    created_at=_SESSIONS,
    last_seen_at=_SESSIONS,
    session_key=_SESSIONS,
    data=_SESSIONS,
)
declare_table("sessions.session", NOT_PERSONAL, session_data=_SESSIONS)

# Words of the libraries, not of people.
declare_table("auth.permission", NOT_PERSONAL)
declare_table("auth.group", NOT_PERSONAL)
declare_table("auth.group_permissions", NOT_PERSONAL)
declare_table("contenttypes.contenttype", NOT_PERSONAL)
# Jobs carry identifiers only; a job that needs a person's data reads them when it runs.
for _label in ("procrastinatejob", "procrastinateevent", "procrastinateperiodicdefer", "procrastinateworker"):
    declare_table(f"procrastinate.{_label}", NOT_PERSONAL)
