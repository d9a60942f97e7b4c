"""What the tables of exchange hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_OWNER = Personal(
    whose=N_("People who sign in"),
    why=N_("To tell another system no more than the person who subscribed it may see"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the subscription; taken out with the account"),
)


def declare() -> None:
    """Declare every table of exchange. Notices carry things of the territory, never people."""
    declare_table("exchange.subscription", NOT_PERSONAL, owner=_OWNER)
    declare_table("exchange.lane", NOT_PERSONAL)
    declare_table("exchange.notice", NOT_PERSONAL)
    declare_table("exchange.version", NOT_PERSONAL)
