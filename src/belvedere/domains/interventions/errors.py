"""What can go wrong with interventions."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound


class NoSuchIntervention(NotFound):
    """There is none, or the actor may not know of it."""

    default_code = "no_such_intervention"


class NoSuchTeam(NotFound):
    """There is none, or it is not one that may be sent."""

    default_code = "no_such_team"


class BadIntervention(InvalidInput):
    """What is said of an intervention cannot be; `data["field"]` names the field."""

    default_code = "bad_intervention"


class WrongState(Conflict):
    """Where the intervention stands does not allow the act."""

    default_code = "wrong_state"


class ChangedMeanwhile(Conflict):
    """Somebody changed it since it was read."""

    default_code = "changed_meanwhile"


class NotYet(Conflict):
    """An act came before the one that the phone did before it."""

    default_code = "not_yet"


class OfSomebodyElse(Conflict):
    """The acts on this phone are those of another person."""

    default_code = "of_somebody_else"
