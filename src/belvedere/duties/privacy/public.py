"""THE DOOR of privacy: what personal data are held, why, for how long; and the rights of people over them.

Words: subject (the person concerned), source (a domain that holds data), register of processing, basis.
Declare every table in the domain's `apps.py`:

    declare_table("plans.measure", NOT_PERSONAL)
    declare_table("plans.note", NOT_PERSONAL, author=Personal(whose=N_("People who sign in"), why=…,
                  basis=Basis.PUBLIC_TASK, keep=N_("As long as the measure")))

and register a `Source` from the day a table holds personal data.
Not for: who may see what (access), who did what (journal).
"""

from belvedere.duties.privacy.declarations import (
    BASIS_TEXTS,
    NOT_PERSONAL,
    Basis,
    Line,
    NotPersonal,
    Personal,
    declare_table,
    faults,
    register,
)
from belvedere.duties.privacy.encryption import blind_index, decrypt, encrypt, rotate
from belvedere.duties.privacy.sources import (
    Held,
    Order,
    Outcome,
    Source,
    Subject,
    by_table,
    erase,
    export,
    find,
    rectify,
    register_source,
    sources,
)

__all__ = [
    "BASIS_TEXTS",
    "NOT_PERSONAL",
    "Basis",
    "Held",
    "Line",
    "NotPersonal",
    "Order",
    "Outcome",
    "Personal",
    "Source",
    "Subject",
    "blind_index",
    "by_table",
    "declare_table",
    "decrypt",
    "encrypt",
    "erase",
    "export",
    "faults",
    "find",
    "rectify",
    "register",
    "register_source",
    "rotate",
    "sources",
]
