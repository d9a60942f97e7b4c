"""What the tables of crises hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_ASKED = Personal(
    whose=N_("People who have a role in a crisis plan or a crisis"),
    why=N_("To know who is asked, who answers for what, and how they are reached"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the plan or the crisis; without the name once the account is erased"),
)
_DID = Personal(
    whose=N_("People who sign in"),
    why=N_("To prove who decided and did what in a crisis, and when"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the crisis; without the name once the account is erased"),
)
_NAMED = Personal(
    whose=N_("People named in the text"),
    why=N_("To prove what was known, decided and done, and when"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the crisis"),
)


def declare() -> None:
    """Declare every table of crises."""
    declare_table("crisis.Plan", NOT_PERSONAL, body=_ASKED, resources=_ASKED)
    declare_table(
        "crisis.Crisis",
        NOT_PERSONAL,
        body=_ASKED,
        resources=_ASKED,
        absent=_ASKED,
        declared_by=_DID,
        ended_by=_DID,
        reason=_NAMED,
        summary=_NAMED,
    )
    declare_table("crisis.CrisisRole", NOT_PERSONAL, people=_ASKED, person=_ASKED, phone=_ASKED)
    declare_table("crisis.Task", NOT_PERSONAL, person=_ASKED, done_by=_DID, what=_NAMED, why=_NAMED)
    declare_table("crisis.Check", NOT_PERSONAL, ticked_by=_DID)
    declare_table(
        "crisis.SituationPoint",
        NOT_PERSONAL,
        person=_DID,
        situation=_NAMED,
        done=_NAMED,
        expected=_NAMED,
        decisions=_NAMED,
    )
    declare_table("crisis.Fact", NOT_PERSONAL, person=_DID, other=_ASKED, what=_NAMED, text=_NAMED)
    declare_table("crisis.Call", NOT_PERSONAL, person=_ASKED)
