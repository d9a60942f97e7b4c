"""What the tables of scenes hold about people; read once, by `apps`."""

from __future__ import annotations

from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table
from belvedere.kernel.errors import N_

_ACTED = Personal(
    whose=N_("People who sign in"),
    why=N_("To know who wrote a scene, switched it or entered a saving"),
    basis=Basis.PUBLIC_TASK,
    keep=N_("As long as the scene; without the name once the account is erased"),
)


def declare() -> None:
    """Declare every table of scenes."""
    declare_table("scenes.Scene", NOT_PERSONAL, on_by=_ACTED)
    declare_table("scenes.SceneVersion", NOT_PERSONAL, made_by=_ACTED)
    declare_table("scenes.Override", NOT_PERSONAL, made_by=_ACTED)
    declare_table("scenes.Entry", NOT_PERSONAL, made_by=_ACTED)
