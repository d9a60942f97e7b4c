"""Facts of intake, told after commit."""

from __future__ import annotations

from dataclasses import dataclass

from belvedere.domains.twin.public import Shown


@dataclass(frozen=True, slots=True)
class PresentChanged:
    """Present values changed, those of one batch together."""

    shown: tuple[Shown, ...]
