"""What can go wrong with plans and measures."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, NotFound


class NoSuchMeasure(NotFound):
    default_code = "no_such_measure"


class NoSuchPlan(NotFound):
    default_code = "no_such_plan"


class NoSuchListing(NotFound):
    default_code = "no_such_listing"


class ChangedMeanwhile(Conflict):
    """Someone else saved the measure after the page was opened; what was typed is kept in the form."""

    default_code = "changed_meanwhile"


class ImpossibleTransition(Conflict):
    default_code = "impossible_transition"


class AlreadyThere(Conflict):
    """A code or stable id that another thing bears."""

    default_code = "already_there"


class VariancesUnexplained(Conflict):
    """Measures left the last vote without a reason; `data["measure_ids"]` names them."""

    default_code = "variances_unexplained"
