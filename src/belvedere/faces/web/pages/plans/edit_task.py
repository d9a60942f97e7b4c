"""What the tables of the editable parts are made of: a part, and an edit about to be made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from belvedere.domains.plans.public import plan_reads, policies, views
from belvedere.faces.web.pages.plans import forms
from belvedere.faces.web.pages.plans.rooms import Room

LISTING_RIGHTS = {"edit_listing": "edit", "move_agreement": "move_agreement"}


@dataclass(frozen=True, slots=True)
class Task:
    """An edit about to be made. `row` is the thing in the address, None without."""

    subject: forms.Subject
    form: Any
    is_preview: bool = False

    @property
    def room(self) -> Room:
        return self.subject.room

    @property
    def view(self) -> views.MeasureView:
        return self.subject.view

    @property
    def row(self) -> Any:
        return self.subject.row

    @property
    def row_id(self) -> Any:
        """The identifier of the row as the verbs take it, None without."""
        return None if self.row is None else self.row.id

    @property
    def common(self) -> dict[str, Any]:
        """What every verb takes."""
        cleaned = self.form.cleaned_data
        return {
            "actor": self.room.actor,
            "measure_id": self.view.id,
            "version": cleaned.get("version"),
            # A reason that is due comes last: what the change brings can be seen before it is written.
            "reason": cleaned.get("reason", "") or ("–" if self.is_preview else ""),
        }


class Item(Enum):
    """Whether the address of a part names one item of its list."""

    NONE = "none"
    MAY = "may"  # without one, it is added
    MUST = "must"


def _unnamed(row: Any, at: int) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a measure that can be edited; see `edit_parts`.

    `right` is a verb of `policies`, or one of those that a listing grants (`LISTING_RIGHTS`).
    """

    title: str
    form: type[forms.MeasureForm]
    act: Callable[[Task], None]
    saved: str
    right: str
    anchor: str
    template: str = "plans/edit_fields.html"
    of: str = ""
    item: Item = Item.NONE
    named: Callable[[Any, int], str] = _unnamed
    adding: str = ""  # the heading without an item, where `title` is that of one

    def takes(self, item: object) -> bool:
        """Whether the address may be so, with or without an item."""
        return self.item is not (Item.MUST if item is None else Item.NONE)

    def what(self, subject: forms.Subject) -> str:
        """The name of the item, "" without one; NotFound when it is not, or no longer, of this measure."""
        if subject.item is None:
            return ""
        found = subject.row
        at = next(n for n, row in enumerate(subject.rows, start=1) if row is found)
        return self.named(found, at)

    def allows(self, room: Room, view: views.MeasureView, row: Any = None) -> bool:
        """Whether the actor of the room may make this edit."""
        if self.right not in LISTING_RIGHTS:
            return self.right in view.may
        if row is not None:
            return self.right in row.may
        return LISTING_RIGHTS[self.right] in view.may or any(
            plan.held for plan in plan_reads.plan_choices(room.actor, room.territory.id)
        )

    def require(self, room: Room, view: views.MeasureView, row: Any = None) -> None:
        """Raise with the reason where `allows` says no."""
        if not self.allows(room, view, row):
            thing = policies.Thing(view.territory_id, view.owner_id, view.published)
            policies.require(room.actor, LISTING_RIGHTS.get(self.right, self.right), thing)
