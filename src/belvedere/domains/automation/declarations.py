"""What the tables of automation hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_ACTED = Personal(
    whose=N_("People who sign in"),
    why=N_("To know who looked after an alarm, and how"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the alarm; without the name once the account is erased"),
)


def declare() -> None:
    """Declare every table of automation. Values are of equipment, never of people."""
    for table in ("Rule", "Alarm", "Version", "WatchedSeries", "Inbox", "Progress", "Memory", "UsualDay"):
        declare_table(f"automation.{table}", NOT_PERSONAL)
    declare_table("automation.RuleVersion", NOT_PERSONAL, author=_ACTED)
    declare_table("automation.AlarmStep", NOT_PERSONAL, person=_ACTED, note=_ACTED)
