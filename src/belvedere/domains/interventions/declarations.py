"""What the tables of interventions hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_ACTED = Personal(
    whose=N_("People who sign in"),
    why=N_("To prove who did what on an intervention, and when"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the intervention; without the name once the account is erased"),
)
_SENT = Personal(
    whose=N_("People who sign in"),
    why=N_("To take what a phone sends once and never twice"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the account; removed when it is erased"),
)
_SIGNED = Personal(
    whose=N_("People who sign on the spot that the work is done"),
    why=N_("To prove that the work is done"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the intervention"),
)
_PICTURED = Personal(
    whose=N_("People who may be seen on a photo of the work"),
    why=N_("To prove that the work is done"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the intervention"),
)


def declare() -> None:
    """Declare every table of interventions."""
    for table in ("Team", "Checklist", "PreventivePlan", "NeedPlan", "CounterMark", "Point", "Part"):
        declare_table(f"interventions.{table}", NOT_PERSONAL)
    declare_table("interventions.TeamMember", NOT_PERSONAL, person=_ACTED)
    declare_table("interventions.Intervention", NOT_PERSONAL, assigned=_ACTED, remark=_ACTED)
    declare_table("interventions.Step", NOT_PERSONAL, person=_ACTED, note=_ACTED)
    declare_table("interventions.TimeSpent", NOT_PERSONAL, person=_ACTED)
    declare_table("interventions.Photo", NOT_PERSONAL, content=_PICTURED)
    declare_table("interventions.Signature", NOT_PERSONAL, name=_SIGNED, image=_SIGNED)
    declare_table("interventions.SentAct", NOT_PERSONAL, person=_SENT, data=_SENT, content=_SENT)
