"""How soon somebody must act, of whatever it is said: alarms, faults, interventions, contract times."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from belvedere.kernel.errors import N_


class Severity(IntEnum):
    """How soon somebody must act; the greater, the sooner."""

    INFO = 1
    MINOR = 2
    MAJOR = 3
    CRITICAL = 4


SEVERITY_NAMES: Final = {
    Severity.INFO: N_("Information"),
    Severity.MINOR: N_("Minor"),
    Severity.MAJOR: N_("Major"),
    Severity.CRITICAL: N_("Critical"),
}

__all__ = ["SEVERITY_NAMES", "Severity"]
