"""What the tables of duty hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_ON_DUTY = Personal(
    whose=N_("People who sign in"),
    why=N_("To know who is on duty, and whom an alarm reaches"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the roster or plan that names them"),
)
_TOLD = Personal(
    whose=N_("People who sign in"),
    why=N_("To prove who was told of an alarm, and when"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the account"),
)


def declare() -> None:
    """Declare every table of duty. People who leave are told no more, whoever names them."""
    declare_table("duty.Roster", NOT_PERSONAL, body=_ON_DUTY)
    declare_table("duty.StandIn", NOT_PERSONAL, person=_ON_DUTY, instead_of=_ON_DUTY, why=_ON_DUTY)
    declare_table("duty.Plan", NOT_PERSONAL, body=_ON_DUTY)
    declare_table("duty.Climb", NOT_PERSONAL, body=_ON_DUTY)
    declare_table("duty.Feed", NOT_PERSONAL, person=_ON_DUTY, read_at=_ON_DUTY)
    declare_table("duty.Absence", NOT_PERSONAL, person=_ON_DUTY, since=_ON_DUTY, until=_ON_DUTY)
    declare_table("duty.Call", NOT_PERSONAL, person=_TOLD)
