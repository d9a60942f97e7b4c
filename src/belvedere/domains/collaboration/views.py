"""What reads give back: plain values a face can show without another query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from belvedere.domains.collaboration.states import Part, SuggestionState

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment and its answers, oldest first. `author` "" once erased; `text` "" once removed.

    `mentioned`: names of the people mentioned, to be set off in the text.
    """

    id: UUID
    author: str
    is_mine: bool
    text: str
    mentioned: tuple[str, ...]
    created_at: datetime
    edited_at: datetime | None
    removed_by: str | None  # None: not removed; "" by someone erased
    may_edit: bool
    may_remove: bool
    answers: tuple[CommentView, ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """The comments of a measure, oldest thread first, and what the actor may do."""

    measure_id: UUID
    threads: tuple[CommentView, ...]
    may_comment: bool

    @property
    def count(self) -> int:
        """Comments that still say something."""
        every = [*self.threads, *(answer for thread in self.threads for answer in thread.answers)]
        return sum(1 for comment in every if comment.text)


@dataclass(frozen=True, slots=True)
class Mentionable:
    """Someone who may be mentioned, and how: `@` and `handle`."""

    id: UUID
    name: str
    handle: str
    organisation: str


@dataclass(frozen=True, slots=True)
class SavedViewView:
    """A choice of measures under a name. `shared_with`: the organisation, "" for one's own."""

    id: UUID
    name: str
    query: str
    organisation_id: UUID | None
    shared_with: str
    by: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A suggestion. `by`: who suggests, "" unknown; `writable`: the value can be taken as it is."""

    id: UUID
    measure_id: UUID
    title: Names
    owner_id: UUID
    part: Part
    language: str
    present: str
    now: str  # the value the measure has today
    value: str
    message: str
    by: str
    with_account: bool
    state: SuggestionState
    created_at: datetime
    answer: str
    decided_at: datetime | None
    decided_by: str
    writable: bool

    @property
    def moved(self) -> bool:
        """Whether the measure says something else than when this was suggested."""
        return self.writable and self.present != self.now
