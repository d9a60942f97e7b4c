"""What the tables of commands hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_ACTED = Personal(
    whose=N_("People who sign in"),
    why=N_("To know who had a device do what, and who confirmed it"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the command; without the name once the account is erased"),
)


def declare() -> None:
    """Declare every table of commands."""
    declare_table("commands.Command", NOT_PERSONAL, asked_by=_ACTED, confirmed_by=_ACTED)
    declare_table("commands.CommandStep", NOT_PERSONAL, person=_ACTED)
    declare_table("commands.Limit", NOT_PERSONAL)
