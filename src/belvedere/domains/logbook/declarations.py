"""What the tables of the log book hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_WROTE = Personal(
    whose=N_("People who sign in"),
    why=N_("To know who wrote in the log book, and who had the shift"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the log book; without the name once the account is erased"),
)
_NAMED = Personal(
    whose=N_("People named in the text"),
    why=N_("To prove what was known and done, and when"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the log book"),
)


def declare() -> None:
    """Declare every table of the log book."""
    declare_table("logbook.Entry", NOT_PERSONAL, person=_WROTE, text=_NAMED, search=_NAMED)
    declare_table("logbook.HandOver", NOT_PERSONAL, left_by=_WROTE, taken_by=_WROTE, word=_NAMED)
