"""What the tables of imports hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_BROUGHT = Personal(
    whose=N_("People who sign in"),
    why=N_("To show a draft only to who brought it"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the import stands in the history"),
)
# Sheets of measures speak of organisations, but someone may have typed a name beside a measure.
_CELLS = Personal(
    whose=N_("People named in a sheet of measures"),
    why=N_("To show the rows of a draft until they are decided"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("Until the draft is taken or thrown away"),
)


def declare() -> None:
    """Declare every table of imports."""
    declare_table("sheets.sheetprogress", NOT_PERSONAL)
    declare_table("sheets.sheetmapping", NOT_PERSONAL)
    declare_table("sheets.sheetword", NOT_PERSONAL)
    declare_table(
        "sheets.sheetimport",
        NOT_PERSONAL,
        by_id=_BROUGHT,
        file_name=_BROUGHT,
        description=_CELLS,
        decisions=_CELLS,
    )
    declare_table(
        "sheets.sheetrow",
        NOT_PERSONAL,
        title=_CELLS,
        search=_CELLS,
        problems=_CELLS,
        changes=_CELLS,
    )
    declare_table("sheets.sheettrace", NOT_PERSONAL, before=_CELLS)
