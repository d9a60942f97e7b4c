"""What the tables of subscriptions hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_


def declare() -> None:
    """Declare every table."""
    asked = Personal(
        whose=N_("Residents who follow works by e-mail"),
        why=N_("To tell them what changes where they asked"),
        basis=Basis.CONSENT,
        keep=N_("Until they stop; 7 days when they do not confirm"),
    )
    declare_table(
        "subscriptions.subscription",
        NOT_PERSONAL,
        email=asked,
        email_index=asked,
        language=asked,
        rhythm=asked,
        scope=asked,
        scope_key=asked,
        measure=asked,
        place=asked,
        longitude=asked,
        latitude=asked,
        radius_m=asked,
    )
    for name in ("watch", "publicstate", "publicchange"):
        declare_table(f"subscriptions.{name}", NOT_PERSONAL)
