"""Facts that others may listen to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from belvedere.domains.observations.values import Reading, Run


@dataclass(frozen=True, slots=True)
class ReadingsStored:
    """Readings went into the history together; told within the transaction only, duplicates and late ones
    among them. Whole files of the past are not told (`loading`), nor what is taken back."""

    rows: Sequence[Reading | Run]
