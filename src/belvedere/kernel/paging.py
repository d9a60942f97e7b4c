"""A page of a long list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from belvedere.kernel.errors import N_, InvalidInput

T = TypeVar("T")
LARGEST_PAGE = 500


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: `size` rows from row `start` (0-based)."""

    start: int = 0
    size: int = 60

    def __post_init__(self) -> None:
        if self.start < 0 or not 0 < self.size <= LARGEST_PAGE:
            raise InvalidInput(
                N_("A page starts at 0 or more and holds 1 to {largest} rows."), largest=LARGEST_PAGE
            )


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The rows of a window and how many there are in all."""

    rows: Sequence[T]
    total: int
    window: Window

    @property
    def next_start(self) -> int | None:
        """Where the next page starts, or None at the end."""
        end = self.window.start + len(self.rows)
        return end if end < self.total and self.rows else None
