"""What the tables of reach hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_WISHES = Personal(
    whose=N_("People who sign in"),
    why=N_("To reach each person by the ways, and at the hours, that they chose"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the account"),
)
_TOLD = Personal(
    whose=N_("People who sign in"),
    why=N_("To send a message until it is taken, and to know that it was"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("A month after it was sent; taken out with the account"),
)


def declare() -> None:
    """Declare every table of reach."""
    declare_table("reach.Gateway", NOT_PERSONAL)
    declare_table("reach.Wishes", _WISHES, person=_WISHES)
    declare_table("reach.Browser", NOT_PERSONAL, person=_WISHES, name=_WISHES, subscription=_WISHES)
    declare_table("reach.Message", NOT_PERSONAL, person=_TOLD, values=_TOLD)
