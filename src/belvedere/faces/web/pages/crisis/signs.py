"""The phase of a crisis as any page shows it; for the frame of the cockpit too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from belvedere.domains.crisis.public import PHASE_NAMES, Phase

_LEVELS: Final = {
    Phase.VIGILANCE: "warn",
    Phase.ALERT: "major",
    Phase.CRISIS: "critical",
    Phase.RECOVERY: "info",
}


@dataclass(frozen=True, slots=True)
class Sign:
    """A state as a page shows it."""

    label: str
    level: str


def phase(of: Phase) -> Sign:
    return Sign(gettext(PHASE_NAMES[of]), _LEVELS[of])
