"""The parts of a measure that can be edited: one table, a row for each.

A part is a form, a verb and, where plain fields are not enough, a template. To add one:

1. a form, a `ReasonForm` (in `forms`, `money_forms` or a module of its own): `start` says what the fields
   show first, `prepare` adds those that depend on the measure; its cleaned data is what the verb takes. It
   also says the word on its `button`, whether it `is_danger`, and a `note` for the reader;
2. a function of the `Task` that calls a verb of the domain with `**task.common` (actor, measure, version,
   reason) and what `task.form` gives; the verb checks the right, the version and the business;
3. a row in `PARTS`. Its key is the word in the address (`…/edit/<key>/`) and in the page's `may.<key>`, the
   address for those who hold `right`; `anchor` is the section of the page to come back to;
4. a `template` only where fields one below the other do not do; it is put inside the form, and what it needs
   besides the texts comes from `form`;
5. for what a measure has several of: `of`, the list of the view it stands in (its rows have an `id`),
   `named`, what a row is called, and `item`, whether the address may, must or cannot name one.

The preview of the effects, the conflict with another's change, the way back and the sentences beside the
fields are the same for all, in `editing`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from belvedere.domains.plans.public import actions, money_actions, states, values, views
from belvedere.faces.web.pages.plans import forms, money_forms
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import N_, NotFound


@dataclass(frozen=True, slots=True)
class Task:
    """An edit about to be made."""

    room: Room
    view: views.MeasureView
    item: UUID | None
    form: Any
    is_preview: bool = False

    @property
    def the_item(self) -> UUID:
        """The item of a part that must have one."""
        if self.item is None:
            raise NotFound(N_("There is no such part of the measure."))
        return self.item

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


def _texts(task: Task) -> None:
    form = task.form
    actions.edit_measure(**task.common, title=form.texts("title"), description=form.texts("description"))


def _status(task: Task) -> None:
    cleaned = task.form.cleaned_data
    category = cleaned.get("category")
    to = states.Implementation(cleaned["implementation"])
    with transaction.atomic():
        actions.edit_measure(**task.common, category_id=int(category) if category else None)
        # The first verb has checked the version; its own change must not make the next ones refuse.
        later = {**task.common, "version": None}
        if cleaned["phase"]:
            actions.change_phase(**later, to=cleaned["phase"])
        actions.change_implementation(**later, to=to)


def _publish(task: Task) -> None:
    actions.publish_measure(**task.common, published=task.form.cleaned_data["published"])


def _estimate(task: Task) -> None:
    follow = bool(task.form.cleaned_data.get("follow"))
    money_actions.record_estimate(**task.common, draft=task.form.draft(), follow_with_spending=follow)


def _spending(task: Task) -> None:
    money_actions.set_spending(**task.common, lines=task.form.drafts())


def _funding(task: Task) -> None:
    money_actions.set_funding(**task.common, draft=task.form.draft(), line_id=task.item)


def _remove_funding(task: Task) -> None:
    money_actions.remove_funding(**task.common, line_id=task.the_item)


def _site(task: Task) -> None:
    cleaned = task.form.cleaned_data
    shape = cleaned["geometry"]
    if task.item is not None:
        money_actions.move_site(**task.common, site_id=task.item, shape=shape)
        return
    draft = values.SiteDraft(shape, states.SiteMethod.DRAWN, cleaned["name"])
    money_actions.add_site(**task.common, draft=draft)


def _remove_site(task: Task) -> None:
    money_actions.remove_site(**task.common, site_id=task.the_item)


class Item(Enum):
    """Whether the address of a part names one item of its list."""

    NONE = "none"
    MAY = "may"  # without one, it is added
    MUST = "must"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a measure that can be edited; see the module."""

    title: str
    form: type[forms.MeasureForm]
    act: Callable[[Task], None]
    saved: str
    right: str
    anchor: str
    template: str = "plans/edit_fields.html"
    of: str = ""
    item: Item = Item.NONE
    named: Callable[[Any, int], str] = lambda row, at: ""

    def takes(self, item: UUID | None) -> bool:
        """Whether the address may be so, with or without an item."""
        return self.item is not (Item.MUST if item is None else Item.NONE)

    def what(self, view: views.MeasureView, item: UUID | None) -> str:
        """The name of the item, "" without one; NotFound when it is not, or no longer, of this measure."""
        if item is None:
            return ""
        for at, row in enumerate(getattr(view, self.of), start=1):
            if row.id == item:
                return self.named(row, at)
        raise NotFound(N_("This part of the measure is gone. Open the measure again."))


def _funder(line: views.FundingView, at: int) -> str:
    return line.organisation_name


def _place(site: views.SiteView, at: int) -> str:
    return site.name or gettext("Site %(n)s") % {"n": at}


PARTS: dict[str, Part] = {
    "texts": Part(
        title=N_("Title and description"),
        form=forms.TextsForm,
        act=_texts,
        saved=N_("The texts are saved."),
        right="edit",
        anchor="essentials",
    ),
    "status": Part(
        title=N_("Where the measure stands"),
        form=forms.StatusForm,
        act=_status,
        saved=N_("The state is saved."),
        right="edit",
        anchor="progress",
    ),
    "publish": Part(
        title=N_("Visibility"),
        form=forms.PublishForm,
        act=_publish,
        saved=N_("The visibility is saved."),
        right="publish",
        anchor="essentials",
    ),
    "estimate": Part(
        title=N_("New estimate"),
        form=money_forms.EstimateForm,
        act=_estimate,
        saved=N_("The estimate is recorded."),
        right="edit_money",
        anchor="money",
    ),
    "spending": Part(
        title=N_("Yearly amounts"),
        form=money_forms.SpendingForm,
        act=_spending,
        saved=N_("The years are saved."),
        right="edit_money",
        anchor="spending",
        template="plans/edit_spending.html",
    ),
    "funding": Part(
        title=N_("Funding"),
        form=money_forms.FundingForm,
        act=_funding,
        saved=N_("The funding is saved."),
        right="edit_money",
        anchor="funding",
        of="funding",
        item=Item.MAY,
        named=_funder,
    ),
    "remove-funding": Part(
        title=N_("Remove this funding line"),
        form=forms.RemoveFundingForm,
        act=_remove_funding,
        saved=N_("The funding line is removed."),
        right="edit_money",
        anchor="funding",
        template="plans/edit_remove.html",
        of="funding",
        item=Item.MUST,
        named=_funder,
    ),
    "site": Part(
        title=N_("Site"),
        form=forms.SiteForm,
        act=_site,
        saved=N_("The site is saved."),
        right="edit",
        anchor="place",
        template="plans/edit_site.html",
        of="sites",
        item=Item.MAY,
        named=_place,
    ),
    "remove-site": Part(
        title=N_("Remove this site"),
        form=forms.RemoveForm,
        act=_remove_site,
        saved=N_("The site is removed."),
        right="edit",
        anchor="place",
        template="plans/edit_remove.html",
        of="sites",
        item=Item.MUST,
        named=_place,
    ),
}
