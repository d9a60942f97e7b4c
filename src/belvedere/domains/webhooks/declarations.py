"""What the tables of webhooks hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_CREATOR = Personal(
    whose=N_("People who sign in"),
    why=N_("To tell an outside system no more than the person who set it up may see"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the webhook; taken out with the account"),
)


def declare() -> None:
    """Declare every table of webhooks. Messages carry identifiers of measures, never of people."""
    declare_table("webhooks.endpoint", NOT_PERSONAL, created_by=_CREATOR)
    declare_table("webhooks.delivery", NOT_PERSONAL)
