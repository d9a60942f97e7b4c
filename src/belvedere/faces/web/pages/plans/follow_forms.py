"""The forms of what is followed on a measure: milestones, quantities, risks, decisions, links, actors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.access.public import people_of
from belvedere.domains.plans.public import follow, vocabulary
from belvedere.domains.territory.public import organisations
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import follow_words as words
from belvedere.faces.web.pages.plans.fields import AmountField
from belvedere.faces.web.pages.plans.finding import MeasureField
from belvedere.faces.web.pages.plans.forms import ReasonForm, Subject, day_field
from belvedere.faces.web.pages.plans.money_forms import money_kind, plain
from belvedere.kernel.clock import today
from belvedere.kernel.errors import Refused
from belvedere.kernel.money import Money

LEVELS = [(n, str(n)) for n in range(1, 6)]
MOST_NAMES = 400


class MilestoneForm(ReasonForm):
    type = forms.ChoiceField(label=_("Milestone"))
    planned = day_field(_("Planned at first"))
    forecast = day_field(_("Forecast now"))
    actual = day_field(_("Reached on"))

    def start(self, subject: Subject) -> dict[str, Any]:
        row: follow.MilestoneView | None = subject.row
        if row is None:
            return {}
        return {
            "type": row.type.value,
            "planned": row.planned,
            "forecast": row.forecast,
            "actual": row.actual,
        }

    def prepare(self) -> None:
        self.choose("type", words.options(words.MILESTONES))
        row: follow.MilestoneView | None = self.subject.row
        self.add_texts("title", gettext("Title"), row.title.texts if row else {})

    def draft(self) -> follow.MilestoneDraft:
        cleaned = self.cleaned_data
        return follow.MilestoneDraft(
            type=vocabulary.MilestoneType(cleaned["type"]),
            title=self.texts("title"),
            planned=cleaned["planned"],
            forecast=cleaned["forecast"],
            actual=cleaned["actual"],
        )


class QuantityForm(ReasonForm):
    planned = AmountField(label=_("To be built"))
    unit = forms.ChoiceField(label=_("Unit"))
    realised = AmountField(label=_("Built so far"), required=False)

    def start(self, subject: Subject) -> dict[str, Any]:
        row: follow.QuantityView | None = subject.row
        if row is None:
            return {}
        return {
            "planned": words.plain(row.planned),
            "unit": row.unit.value,
            "realised": words.plain(row.realised),
        }

    def prepare(self) -> None:
        self.choose("unit", words.options(words.UNITS))
        row: follow.QuantityView | None = self.subject.row
        self.add_texts("label", gettext("Of what"), row.label.texts if row else {})

    def draft(self) -> follow.QuantityDraft:
        cleaned = self.cleaned_data
        return follow.QuantityDraft(
            unit=vocabulary.QuantityUnit(cleaned["unit"]),
            planned=cleaned["planned"],
            realised=cleaned["realised"],
            label=self.texts("label"),
        )


class RiskForm(ReasonForm):
    kind = forms.ChoiceField(label=_("Kind of risk"))
    probability = forms.TypedChoiceField(
        label=_("Probability"), choices=LEVELS, coerce=int, initial=3, help_text=_("1 low, 5 high")
    )
    impact = forms.TypedChoiceField(
        label=_("Impact"), choices=LEVELS, coerce=int, initial=3, help_text=_("1 low, 5 high")
    )
    closed_on = day_field(_("Closed on"), help_text=_("Empty while the risk is open."))

    def start(self, subject: Subject) -> dict[str, Any]:
        row: follow.RiskView | None = subject.row
        if row is None:
            return {}
        return {
            "kind": row.kind.value,
            "probability": row.probability,
            "impact": row.impact,
            "closed_on": row.closed_on,
        }

    def prepare(self) -> None:
        self.choose("kind", words.options(words.RISKS))
        row: follow.RiskView | None = self.subject.row
        said = row.description.texts if row else {}
        self.add_texts("description", gettext("What may go wrong"), said, rows=3, longest=4000)
        done = row.mitigation.texts if row else {}
        self.add_texts("mitigation", gettext("What is done about it"), done, rows=3, longest=4000)

    def draft(self) -> follow.RiskDraft:
        cleaned = self.cleaned_data
        return follow.RiskDraft(
            kind=vocabulary.RiskKind(cleaned["kind"]),
            description=self.texts("description"),
            probability=cleaned["probability"],
            impact=cleaned["impact"],
            mitigation=self.texts("mitigation"),
            closed_on=cleaned["closed_on"],
        )


class DecisionForm(ReasonForm):
    type = forms.ChoiceField(label=_("Kind of decision"))
    body = forms.CharField(
        label=_("Who decided"), max_length=200, help_text=_("For example the general council.")
    )
    dated = day_field(_("Dated"), required=True)
    amount = AmountField(label=_("Amount"), required=False)
    document = forms.ChoiceField(label=_("Document"), required=False)

    def start(self, subject: Subject) -> dict[str, Any]:
        row: follow.DecisionView | None = subject.row
        if row is None:
            return {"dated": today(subject.room.territory.zone)}
        return {
            "type": row.type.value,
            "body": row.body,
            "dated": row.dated,
            "amount": plain(row.amount.amount) if row.amount else "",
            "document": str(row.document.id) if row.document else "",
        }

    @property
    def kind(self) -> Any:
        """The money of the amount: that of the decision as it stands, else that of the measure."""
        row: follow.DecisionView | None = self.subject.row
        return row.amount.kind if row and row.amount else money_kind(self.subject)

    def prepare(self) -> None:
        self.choose("type", words.options(words.DECISIONS))
        self.fields["amount"].help_text = formats.money_kind(self.kind)
        documents = [(str(one.id), one.title) for one in self.subject.followed.documents]
        if documents:
            self.choose("document", [("", gettext("none")), *documents])
        else:
            del self.fields["document"]
        row: follow.DecisionView | None = self.subject.row
        self.add_texts("title", gettext("What was decided"), row.title.texts if row else {})

    def draft(self) -> follow.DecisionDraft:
        cleaned = self.cleaned_data
        amount, document = cleaned["amount"], cleaned.get("document")
        return follow.DecisionDraft(
            type=vocabulary.DecisionType(cleaned["type"]),
            body=cleaned["body"],
            dated=cleaned["dated"],
            title=self.texts("title"),
            amount=None if amount is None else Money(amount, self.kind),
            document_id=UUID(document) if document else None,
        )


class LinkForm(ReasonForm):
    type = forms.ChoiceField(label=_("This measure"))
    lag_months = forms.IntegerField(
        label=_("Months between"),
        required=False,
        min_value=-600,
        max_value=600,
        help_text=_("How long before this one the other must be done; empty where it does not matter."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, widget=forms.TextInput({"data-wide": ""})
    )

    def start(self, subject: Subject) -> dict[str, Any]:
        row: follow.LinkView | None = subject.row
        if row is None:
            return {}
        return {"type": row.type.value, "lag_months": row.lag_months or None, "note": row.note}

    def prepare(self) -> None:
        self.choose(
            "type", ((kind.value, gettext(label).lower()) for kind, (label, _in) in words.LINKS.items())
        )
        row: follow.LinkView | None = self.subject.row
        self.fields["target"] = MeasureField(
            self.subject,
            label=gettext("the measure"),
            help_text=MeasureField.HELP,
            initial=(row.codes.split(" · ")[0] or row.title.text) if row else "",
        )
        self.order_fields(["version", "type", "target"])

    def draft(self) -> follow.LinkDraft:
        cleaned = self.cleaned_data
        return follow.LinkDraft(
            target_id=cleaned["target"],
            type=vocabulary.LinkType(cleaned["type"]),
            note=cleaned["note"],
            lag_months=cleaned["lag_months"] or 0,
        )


class ActorForm(ReasonForm):
    role = forms.ChoiceField(label=_("Part played"))
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    person = forms.ChoiceField(label=_("Person with an account"), required=False)
    label = forms.CharField(
        label=_("Or a name"),
        required=False,
        max_length=120,
        help_text=_("Only what the work needs: a name is personal data, and the person may ask for it."),
    )
    since = day_field(_("Since"))
    until = day_field(_("Until"))

    def start(self, subject: Subject) -> dict[str, Any]:
        row: follow.ActorView | None = subject.row
        if row is None:
            return {}
        return {
            "role": row.role.value,
            "organisation": str(row.organisation_id or ""),
            "person": str(row.person_id or ""),
            "label": row.label,
            "since": row.since,
            "until": row.until,
        }

    def prepare(self) -> None:
        self.choose("role", words.options(words.ROLES))
        room = self.subject.room
        known = organisations(room.territory.id, active_only=True)[:MOST_NAMES]
        blank = ("", gettext("none"))
        self.choose("organisation", [blank, *((str(one.id), one.name) for one in known)])
        people = self._people()
        if people:
            self.choose("person", [blank, *people.items()])
        else:
            del self.fields["person"]

    def _people(self) -> dict[str, str]:
        """Whom the actor may name: themselves, who they administer, who stands there already."""
        room, row = self.subject.room, self.subject.row
        found: dict[str, str] = {}
        if room.actor.person_id is not None:
            found[str(room.actor.person_id)] = room.actor.label
        try:
            for person in people_of(room.actor, room.territory.id)[:MOST_NAMES]:
                found[str(person.id)] = person.display_name or person.email
        except Refused:
            pass  # who administers nothing names themselves, or types a name
        if row is not None and row.person_id is not None:
            found.setdefault(str(row.person_id), row.name)
        return found

    def draft(self) -> follow.ActorDraft:
        cleaned = self.cleaned_data
        organisation, person = cleaned.get("organisation"), cleaned.get("person")
        return follow.ActorDraft(
            role=vocabulary.ActorRole(cleaned["role"]),
            organisation_id=UUID(organisation) if organisation else None,
            person_id=UUID(person) if person else None,
            label=cleaned["label"],
            since=cleaned["since"],
            until=cleaned["until"],
        )
