"""The forms of reporting: a round to open, a line to correct."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import plan_reads
from belvedere.domains.plans.public import states as plan_states
from belvedere.domains.reporting.public import Correction, RoundDraft, queries, states
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans import words as plan_words
from belvedere.faces.web.pages.plans.fields import AmountField
from belvedere.faces.web.pages.reporting import words
from belvedere.kernel.clock import today
from belvedere.kernel.errors import BelvedereError

WEEKS = 4


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


class Blamed(forms.Form):
    """A form that takes the sentence of a verb beside the field at fault."""

    def blame(self, error: BelvedereError) -> None:
        field = error.data.get("field", "")
        self.add_error(field if field in self.fields else None, sentence(error))


class RoundForm(Blamed):
    """To open a round."""

    name = forms.CharField(label=_("Name"), max_length=120)
    plans = forms.MultipleChoiceField(label=_("Plans"), widget=forms.CheckboxSelectMultiple)
    as_of = day_field(_("As of"), help_text=_("The day that the report is about."))
    due = day_field(_("Answers due on"), help_text=_("Reminders leave 14 and 3 days before, 1 and 7 after."))
    questions = forms.MultipleChoiceField(label=_("Ask for"), widget=forms.CheckboxSelectMultiple)
    message = forms.CharField(
        label=_("Message to the owners"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, plans: Iterable[plan_reads.PlanChoice], *args: Any, **kwargs: Any) -> None:
        day = today()
        kwargs.setdefault(
            "initial",
            {
                "name": gettext("Report %(year)s") % {"year": day.year},
                "as_of": day,
                "due": day + timedelta(weeks=WEEKS),
                "questions": [question.value for question in states.Question],
            },
        )
        super().__init__(*args, **kwargs)
        choices = [(str(plan.id), f"{plan.code} · {words.in_language(plan.title)}") for plan in plans]
        self._choose("plans", choices)
        self._choose("questions", [(one.value, words.question(one)) for one in states.Question])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = choices

    def draft(self) -> RoundDraft:
        given = self.cleaned_data
        return RoundDraft(
            name=given["name"],
            plan_ids=tuple(_uuid(one) for one in given["plans"]),
            as_of=given["as_of"],
            due=given["due"],
            questions=tuple(states.Question(one) for one in given["questions"]),
            message=given["message"],
        )


def _uuid(text: str) -> UUID:
    return UUID(text)


class CorrectionForm(Blamed):
    """What is not right about one measure; only what the round asks and the person may change."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    implementation = forms.ChoiceField(label=_("Implementation"))
    phase = forms.ChoiceField(label=_("Phase of the project"), required=False)
    works_start = day_field(_("Start of the works"), required=False)
    works_end = day_field(
        _("End of the works"),
        required=False,
        help_text=_("A day that has passed is kept as what really happened, a day to come as a forecast."),
    )
    cost = AmountField(label=_("Cost"), required=False)
    paid = AmountField(label=_("Paid to date"), required=False)
    note = forms.CharField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In a few words: it stands on the tables and in the journal."),
    )

    def __init__(self, line: queries.LineView, questions: Iterable[str], *args: Any, **kwargs: Any) -> None:
        now = line.now
        initial = {
            "version": line.version,
            "implementation": now.implementation,
            "phase": now.phase,
            "works_start": now.works_start,
            "works_end": now.works_end,
            "cost": _amount(now.cost),
            "paid": _amount(now.paid),
            "note": line.note,
        }
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.line = line
        self._narrow(set(questions))
        if "implementation" in self.fields:
            self._choose("implementation", self._implementations())
        if "phase" in self.fields:
            self._choose("phase", self._phases())
        if now.cost is not None:
            caption = formats.money_kind(now.cost.kind)
            for name in ("cost", "paid"):
                if name in self.fields:
                    self.fields[name].help_text = caption

    def _narrow(self, questions: set[str]) -> None:
        """Leave out what is not asked, and what the person may not change."""
        line = self.line
        asked = {
            "implementation": "implementation" in questions and line.may_edit,
            "phase": "phase" in questions and line.may_edit,
            "works_start": "dates" in questions and line.may_edit,
            "works_end": "dates" in questions and line.may_edit,
            "cost": "cost" in questions and line.may_edit_money and line.now.cost is not None,
            "paid": "paid" in questions and line.may_edit_money and line.now.cost is not None,
        }
        for name, keep in asked.items():
            if not keep:
                del self.fields[name]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def _implementations(self) -> list[tuple[str, str]]:
        present = plan_states.Implementation(self.line.now.implementation)
        # A measure that is replaced names the other one: that is done on its own page.
        reachable = plan_states.IMPLEMENTATION_TRANSITIONS[present] - {plan_states.Implementation.REPLACED}
        offered = [one for one in plan_states.Implementation if one is present or one in reachable]
        return [(one.value, plan_words.implementation(one).label) for one in offered]

    def _phases(self) -> list[tuple[str, str]]:
        scheme = self.line.now.phase_scheme
        known = [(step.code, gettext(step.label)) for step in plan_states.PHASE_SCHEMES.get(scheme, ())]
        blank = [] if self.line.now.phase else [("", gettext("Phase not said"))]
        return [*blank, *known]

    def correction(self) -> Correction:
        """What differs from what stands in the plans."""
        given, now = self.cleaned_data, self.line.now
        changes: dict[str, Any] = {}
        if given.get("implementation", now.implementation) != now.implementation:
            changes["implementation"] = plan_states.Implementation(given["implementation"])
        if given.get("phase", now.phase) != now.phase:
            changes["phase"] = given["phase"]
        if "works_start" in self.fields:
            days = (given["works_start"], given["works_end"])
            if days != (now.works_start, now.works_end):
                changes["works"] = days
        for name, known in (("cost", now.cost), ("paid", now.paid)):
            value = given.get(name)
            if value is not None and known is not None and value != known.value:
                changes[name] = value
        return Correction(**changes)


def _amount(amount: Any) -> str:
    """An amount to edit: digits, with cents only where there are any."""
    if amount is None:
        return ""
    value = amount.value
    return str(value.quantize(1)) if value == value.to_integral_value() else f"{value:f}"
