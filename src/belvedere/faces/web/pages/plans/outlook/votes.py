"""Votes on an outlook: the list, the form that records one, the refusal until what changed is explained."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.errors import VariancesUnexplained
from belvedere.domains.plans.public import outlook, policies, vocabulary
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.outlook import asked as asking
from belvedere.faces.web.pages.plans.outlook.asked import Asked
from belvedere.faces.web.pages.plans.outlook.cockpit import Cockpit, opened
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import today
from belvedere.kernel.errors import BelvedereError, Conflict, InvalidInput

KINDS = {
    vocabulary.SnapshotKind.BUDGET: _("Budget"),
    vocabulary.SnapshotKind.FOUR_YEAR_PLAN: _("Plan of the next years"),
    vocabulary.SnapshotKind.AGREEMENT: _("Agreement"),
    vocabulary.SnapshotKind.REPORT: _("Report"),
}


class VoteForm(forms.Form):
    """What was voted, by whom, when."""

    kind = forms.ChoiceField(label=_("What"), choices=[(kind.value, label) for kind, label in KINDS.items()])
    title = forms.CharField(label=_("Title"), max_length=200)
    body = forms.CharField(
        label=_("Who voted"), max_length=200, help_text=_("For example: General council of Sion.")
    )
    voted_on = forms.DateField(
        label=_("Voted on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def question_of(asked: Asked) -> Asked:
    """What a vote is on: all plans, in the reader's prices, with the changes of the address."""
    return replace(asked, plan=None, axis=None, open=(), measure=None)


def _votes(request: HttpRequest, room: Room, organisation_id: UUID) -> HttpResponse:
    cockpit = opened(room, organisation_id, question_of(asking.read(request.GET)))
    form = VoteForm(initial={"voted_on": today(room.territory.zone)}, auto_id="po-%s")
    refusal: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        form = VoteForm(request.POST, auto_id="po-%s")
        status = 422
        if form.is_valid():
            try:
                saved = _recorded(cockpit, form)
            except VariancesUnexplained as error:
                refusal = _refused(cockpit, error)
                status = 409
            except (InvalidInput, Conflict) as error:
                field = str(error.data.get("field", ""))
                form.add_error(field if field in form.fields else None, sentence(error))
            else:
                messages.success(request, gettext("The vote is recorded, with its fingerprint."))
                return redirect(f"{cockpit.url}votes/{saved}/")
    return render(request, "plans/outlook/votes.html", _context(cockpit, form) | refusal, status=status)


def _recorded(cockpit: Cockpit, form: VoteForm) -> UUID:
    said = form.cleaned_data
    scenario = cockpit.asked.scenario
    name = outlook.scenario(cockpit.room.actor, scenario).name if scenario else ""
    return outlook.vote(
        cockpit.picture,
        kind=vocabulary.SnapshotKind(said["kind"]),
        title=said["title"],
        body=said["body"],
        voted_on=said["voted_on"],
        scenario_name=name,
    )


def _refused(cockpit: Cockpit, error: BelvedereError) -> dict[str, Any]:
    """The sentence of the refusal, and where the reasons are written."""
    return {
        "refusal": sentence(error),
        "refusal_url": f"{cockpit.url}votes/{error.data['snapshot_id']}/{cockpit.asked.query()}#variances",
    }


def _context(cockpit: Cockpit, form: VoteForm) -> dict[str, Any]:
    room, organisation_id = cockpit.room, cockpit.organisation_id
    heads = outlook.snapshots_of(room.actor, room.territory.id, organisation_id)
    thing = policies.Thing(room.territory.id, organisation_id)
    number = len(heads)
    said = ngettext(
        "%(owner)s voted once on its outlook", "%(owner)s voted %(n)s times on its outlook", number
    )
    return {
        "room": room,
        "owner": {"id": organisation_id, "name": cockpit.owner},
        "money_url": room.url("finance"),
        "back_url": cockpit.address(cockpit.asked),
        "heading": gettext("Votes"),
        "finding": said % {"owner": cockpit.owner, "n": formats.number(number)}
        if heads
        else gettext("%(owner)s has not voted on its outlook yet") % {"owner": cockpit.owner},
        "votes": [
            {
                "head": one,
                "kind": KINDS[one.kind],
                "money": formats.money_kind(one.money) if one.money else "",
                "url": f"{cockpit.url}votes/{one.id}/",
            }
            for one in heads
        ],
        "may_vote": policies.may(room.actor, "vote_snapshot", thing) is None and not cockpit.is_empty,
        "form": form,
        "url": f"{cockpit.url}votes/{cockpit.asked.query()}",
        "voted_on": cockpit.finding(),
        "is_what_if": cockpit.asked.is_what_if,
        "money": formats.money_kind(cockpit.view.constant_kind),
        "other_money": [
            {
                "label": formats.money_kind(other.kind),
                "url": f"{cockpit.url}votes/{replace(cockpit.asked, kind=other.kind).query()}",
            }
            for other in cockpit.view.others
        ],
    }


votes = in_cockpit(_votes)

__all__ = ["KINDS", "question_of", "votes"]
