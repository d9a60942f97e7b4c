"""The forms of the plans that list a measure: enter, change, link the generations, leave."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import plan_reads, states, values, views, vocabulary
from belvedere.domains.territory.public import name_in
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.fields import AmountField
from belvedere.faces.web.pages.plans.forms import ReasonForm, RemoveForReasonForm, Subject, day_field
from belvedere.faces.web.pages.plans.money_forms import plain
from belvedere.kernel.errors import N_

LETTERS = [("", _("none")), *((p.value, p.value) for p in states.Priority if p)]


def plans_of(subject: Subject) -> tuple[plan_reads.PlanChoice, ...]:
    return plan_reads.plan_choices(subject.room.actor, subject.room.territory.id)


def plan_name(subject: Subject, plan: plan_reads.PlanChoice) -> str:
    room = subject.room
    title = name_in(plan.title, room.language, room.territory.languages)
    return f"{plan.code} · {title}" if title and title != plan.code else plan.code


class ListedForm(ReasonForm):
    """What a plan says of the measure."""

    code = forms.CharField(label=_("Code in the plan"), required=False, max_length=60)
    are_code = forms.CharField(label=_("ARE code"), required=False, max_length=30)
    node = forms.ChoiceField(label=_("Axis or package"), required=False)
    priority = forms.ChoiceField(label=_("Our priority"), required=False, choices=LETTERS)
    horizon_from = forms.IntegerField(
        label=_("Horizon, from"), required=False, min_value=1950, max_value=2150
    )
    horizon_to = forms.IntegerField(label=_("Horizon, to"), required=False, min_value=1950, max_value=2150)
    listed_cost = AmountField(label=_("Cost listed in the plan"), required=False)
    listed_cost_note = forms.CharField(label=_("Cost as the plan writes it"), required=False, max_length=200)
    contribution = forms.ChoiceField(label=_("Contribution"), required=False)

    def plan(self) -> plan_reads.PlanChoice | None:
        raise NotImplementedError

    def prepare(self) -> None:
        self.choose(
            "contribution", ((kind.value, gettext(label)) for kind, label in words.CONTRIBUTIONS.items())
        )
        plan = self.plan()
        room = self.subject.room
        if plan is None or not plan.nodes:
            del self.fields["node"]
        else:
            named = [
                (
                    str(node.id),
                    "– " * node.depth
                    + f"{node.code} {name_in(node.title, room.language, room.territory.languages)}".strip(),
                )
                for node in plan.nodes
            ]
            self.choose("node", [("", gettext("none")), *named])
        if plan is not None:
            help_text = gettext("In the plan’s money: %(kind)s.") % {
                "kind": formats.money_kind(plan.money_kind)
            }
            self.fields["listed_cost"].help_text = help_text
        if plan is not None and not plan.has_agreement:
            del self.fields["contribution"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("horizon_from"), cleaned.get("horizon_to")
        if first and last and last < first:
            self.add_error("horizon_to", gettext("The horizon ends before it starts."))
        return cleaned

    def common(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        node = cleaned.get("node")
        return {
            "code": cleaned["code"].strip(),
            "are_code": cleaned["are_code"].strip(),
            "node_id": UUID(node) if node else None,
            "priority": states.Priority(cleaned["priority"]),
            "horizon": (cleaned.get("horizon_from"), cleaned.get("horizon_to")),
            "listed_cost": cleaned.get("listed_cost"),
            "listed_cost_note": cleaned["listed_cost_note"],
        }


class EnterForm(ListedForm):
    """A plan lists the measure from now on."""

    plan_id = forms.ChoiceField(label=_("Plan"))
    previous = forms.ChoiceField(label=_("Comes from the earlier plan"), required=False)
    relation = forms.ChoiceField(label=_("and is"), required=False)
    FIRST = ("plan_id",)

    @property
    def button(self) -> str:
        return gettext("List the measure")

    def plan(self) -> plan_reads.PlanChoice | None:
        chosen = self.data.get("plan_id") if self.is_bound else self.subject.asked.get("plan_id")
        return next((plan for plan in self.plans if str(plan.id) == chosen), None)

    def prepare(self) -> None:
        listed = {listing.plan_id for listing in self.subject.view.listings}
        self.plans = [plan for plan in plans_of(self.subject) if plan.id not in listed]
        super().prepare()
        self.choose("plan_id", ((str(plan.id), plan_name(self.subject, plan)) for plan in self.plans))
        earlier = [
            (str(listing.plan_id), f"{listing.plan_code} · {listing.code}".rstrip(" ·"))
            for listing in self.subject.view.listings
        ]
        if earlier:
            self.choose("previous", [("", gettext("none")), *earlier])
            self.choose("relation", _relations(merged=False))
        else:
            del self.fields["previous"], self.fields["relation"]
        if self.plan() is None:
            # The kind of contribution and the axes are those of the plan: they come once it is chosen.
            self.fields.pop("contribution", None)
        self.order_fields(["plan_id"])
        if not self.plans:
            self.fields["plan_id"].help_text = gettext("Every plan of the territory lists it already.")

    def draft(self) -> values.MembershipDraft:
        cleaned = self.cleaned_data
        previous = cleaned.get("previous")
        relation = cleaned.get("relation") or vocabulary.Continuity.SAME.value
        contribution = cleaned.get("contribution") or vocabulary.Contribution.INDIVIDUAL.value
        return values.MembershipDraft(
            plan_id=UUID(cleaned["plan_id"]),
            previous_plan_id=UUID(previous) if previous else None,
            relation=vocabulary.Continuity(relation),
            contribution=vocabulary.Contribution(contribution),
            **self.common(),
        )


class ListingForm(ListedForm):
    """What the plan says changes; the deadlines too, with their source."""

    start_deadline = day_field(_("Works to start by"))
    claim_deadline = day_field(_("Aid to be claimed by"))
    deadline_source = forms.CharField(
        label=_("Source of the deadlines"),
        required=False,
        max_length=300,
        help_text=_("The decree, or the letter of the authority that extends them."),
    )
    HEADINGS = {"start_deadline": N_("Deadlines")}

    def plan(self) -> plan_reads.PlanChoice | None:
        row: views.Listing = self.subject.row
        return next((plan for plan in plans_of(self.subject) if plan.id == row.plan_id), None)

    def start(self, subject: Subject) -> dict[str, Any]:
        row: views.Listing = subject.row
        return {
            "code": row.code,
            "are_code": row.are_code,
            "node": str(row.node_id or ""),
            "priority": row.priority.value,
            "horizon_from": row.horizon[0],
            "horizon_to": row.horizon[1],
            "listed_cost": plain(row.listed_cost.amount) if row.listed_cost else "",
            "listed_cost_note": row.listed_cost_note,
            "contribution": row.contribution.value,
            "start_deadline": row.start_deadline,
            "claim_deadline": row.claim_deadline,
            "deadline_source": row.deadline_source,
        }

    def prepare(self) -> None:
        super().prepare()
        row: views.Listing = self.subject.row
        if row.deadlines_frozen_on is not None:
            frozen = gettext(
                "Frozen on %(day)s. To move them, name the letter that extends them and say why."
            )
            self.fields["start_deadline"].help_text = frozen % {
                "day": formats.day(row.deadlines_frozen_on, "short")
            }

    def draft(self) -> values.MembershipDraft:
        cleaned = self.cleaned_data
        row: views.Listing = self.subject.row
        return values.MembershipDraft(
            plan_id=row.plan_id,
            contribution=vocabulary.Contribution(cleaned.get("contribution") or row.contribution),
            start_deadline=cleaned.get("start_deadline"),
            claim_deadline=cleaned.get("claim_deadline"),
            deadline_source=cleaned.get("deadline_source", ""),
            **self.common(),
        )


def _relations(*, merged: bool = True) -> list[tuple[str, str]]:
    return [
        (kind.value, words.continuity(kind))
        for kind in vocabulary.Continuity
        if merged or kind is not vocabulary.Continuity.MERGED
    ]


class SuccessionForm(ReasonForm):
    """From which listing of the generation before this one comes."""

    own = forms.MultipleChoiceField(
        label=_("Comes from"), required=False, widget=forms.CheckboxSelectMultiple
    )
    other_plan = forms.ChoiceField(label=_("Or another measure, in the plan"), required=False)
    other_code = forms.CharField(label=_("under the code"), required=False, max_length=60)
    relation = forms.ChoiceField(label=_("It is"))

    @property
    def button(self) -> str:
        return gettext("Link the generations")

    def start(self, subject: Subject) -> dict[str, Any]:
        nearest = [one for one in subject.row.before if one.steps_away == 1]
        return {
            "own": [str(one.listing_id) for one in nearest],
            "relation": nearest[0].relation.value if nearest else vocabulary.Continuity.SAME.value,
        }

    def prepare(self) -> None:
        row: views.Listing = self.subject.row
        offered = {
            str(other.id): f"{other.plan_code} · {other.code}".rstrip(" ·")
            for other in self.subject.view.listings
            if other.id != row.id
        }
        for one in row.before:
            if one.steps_away == 1:
                offered.setdefault(str(one.listing_id), f"{one.plan_code} · {one.code}".rstrip(" ·"))
        if offered:
            self.choose("own", offered.items())
            self.fields["own"].widget.attrs["data-wide"] = ""
        else:
            del self.fields["own"]
        others = [plan for plan in plans_of(self.subject) if plan.id != row.plan_id]
        self.choose(
            "other_plan",
            [("", gettext("none")), *((str(plan.id), plan_name(self.subject, plan)) for plan in others)],
        )
        self.choose("relation", _relations())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        plan, code = cleaned.get("other_plan"), cleaned.get("other_code", "").strip()
        cleaned["found"] = None
        if bool(plan) != bool(code):
            self.add_error("other_code" if plan else "other_plan", gettext("Give the plan and the code."))
        elif plan:
            found = plan_reads.listing_under(self.subject.room.actor, UUID(plan), code)
            cleaned["found"] = found
            if found is None:
                self.add_error("other_code", gettext("This plan lists no measure under this code."))
        return cleaned

    @property
    def previous(self) -> list[int]:
        own = [int(pk) for pk in self.cleaned_data.get("own", ())]
        found = self.cleaned_data.get("found")
        return own if found is None else [*own, found]


class UnlistForm(RemoveForReasonForm):
    """The plan no longer lists the measure."""

    @property
    def button(self) -> str:
        return gettext("Take out of the plan")
