"""Editable parts: the plans that list the measure, and the aid of each."""

from __future__ import annotations

from belvedere.domains.plans.public import listing_actions, states, views, vocabulary
from belvedere.faces.web.pages.plans import listing_forms, track_forms
from belvedere.faces.web.pages.plans.edit_task import Item, Part, Task
from belvedere.kernel.errors import N_


def _enter(task: Task) -> None:
    listing_actions.list_in_plan(**task.common, draft=task.form.draft())


def _listing(task: Task) -> None:
    listing_actions.edit_listing(**task.common, listing_id=task.row_id, draft=task.form.draft())


def _unlist(task: Task) -> None:
    listing_actions.unlist(**task.common, listing_id=task.row_id)


def _succeed(task: Task) -> None:
    relation = vocabulary.Continuity(task.form.cleaned_data["relation"])
    listing_actions.succeed(
        **task.common, listing_id=task.row_id, previous_ids=task.form.previous, relation=relation
    )


def _assess(task: Task) -> None:
    priority = states.Priority(task.form.cleaned_data["priority"])
    listing_actions.assess(**task.common, listing_id=task.row_id, priority=priority)


def _agreement(task: Task) -> None:
    cleaned = task.form.cleaned_data
    listing_actions.move_agreement(
        **task.common,
        listing_id=task.row_id,
        to=states.Agreement(cleaned["to"]),
        agreement_number=cleaned["agreement_number"],
        financing_number=cleaned["financing_number"],
        financing_date=cleaned["financing_date"],
    )


def _plan(listing: views.Listing, at: int) -> str:
    return f"{listing.plan_code} {listing.code}".strip()


LISTINGS: dict[str, Part] = {
    "plan": Part(
        title=N_("List the measure in a plan"),
        form=listing_forms.EnterForm,
        act=_enter,
        saved=N_("The plan lists the measure."),
        right="edit_listing",
        anchor="plans",
    ),
    "listing": Part(
        title=N_("What the plan says"),
        form=listing_forms.ListingForm,
        act=_listing,
        saved=N_("The listing is saved."),
        right="edit_listing",
        anchor="plans",
        of="listings",
        item=Item.MUST,
        named=_plan,
    ),
    "succession": Part(
        title=N_("The generation before"),
        form=listing_forms.SuccessionForm,
        act=_succeed,
        saved=N_("The generations are linked."),
        right="edit_listing",
        anchor="plans",
        of="listings",
        item=Item.MUST,
        named=_plan,
    ),
    "unlist": Part(
        title=N_("Take the measure out of the plan"),
        form=listing_forms.UnlistForm,
        act=_unlist,
        saved=N_("The plan no longer lists the measure."),
        right="edit_listing",
        anchor="plans",
        template="plans/edit_remove.html",
        of="listings",
        item=Item.MUST,
        named=_plan,
    ),
    "assess": Part(
        title=N_("The authority’s priority"),
        form=track_forms.AssessForm,
        act=_assess,
        saved=N_("The priority is saved."),
        right="move_agreement",
        anchor="progress",
        of="listings",
        item=Item.MUST,
        named=_plan,
    ),
    "agreement": Part(
        title=N_("Agreement on aid"),
        form=track_forms.AgreementForm,
        act=_agreement,
        saved=N_("The agreement is saved."),
        right="move_agreement",
        anchor="progress",
        template="plans/edit_step.html",
        of="listings",
        item=Item.MUST,
        named=_plan,
    ),
}
