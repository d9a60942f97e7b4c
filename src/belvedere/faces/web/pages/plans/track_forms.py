"""The forms of the three tracks: a step to walk, the dates of the phases, what the authority said."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import guards, maturity, states, values, views
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.finding import MeasureField
from belvedere.faces.web.pages.plans.forms import ReasonForm, Subject, day_field

# What a form on the step itself can mend: the numbers and dates that it asks for.
MENDED = frozenset({"agreement", "financing"})
SPANS = ("planned", "forecast", "actual")


def in_the_way(one: maturity.Possible) -> guards.Obstacle:
    """What to tell of a refused step: first what its own form cannot mend."""
    return next((found for found in one.obstacles if found.fix not in MENDED), one.obstacles[0])


class StepForm(ReasonForm):
    """To walk one step of a track."""

    to = forms.ChoiceField(label=_("Next step"), widget=forms.RadioSelect)

    def possible(self) -> Iterable[maturity.Possible]:
        raise NotImplementedError

    def label(self, to: str) -> str:
        raise NotImplementedError

    @property
    def button(self) -> str:
        return gettext("Take this step")

    PROPOSES: tuple[str, ...] = ("to",)

    @property
    def present(self) -> str:
        """Where the track stands."""
        raise NotImplementedError

    def stands_on(self) -> dict[str, str]:
        return {gettext("State"): self.label(self.present)}

    @property
    def refused(self) -> list[tuple[str, str]]:
        """The steps that cannot be taken, each with the sentence that says why."""
        return [
            (self.label(one.to), words.obstacle(in_the_way(one)))
            for one in self.possible()
            if one.obstacles and not self.walkable(one)
        ]

    @staticmethod
    def walkable(one: maturity.Possible) -> bool:
        return one.allowed

    def prepare(self) -> None:
        able = [one for one in self.possible() if self.walkable(one)]
        self.choose("to", ((one.to, self.label(one.to)) for one in able))
        self.fields["to"].widget.attrs["data-wide"] = ""
        chosen = next((one for one in able if one.to == self.chosen), None)
        if chosen is not None and chosen.step.needs_reason:
            self.need_reason(gettext("Say why: the reason is kept in the journal."))

    @property
    def chosen(self) -> str:
        return str(self.data.get("to", "") if self.is_bound else self.initial.get("to", ""))


class PhaseForm(StepForm):
    """The planning moves to another phase."""

    def possible(self) -> Iterable[maturity.Possible]:
        return self.subject.view.planning_steps

    @property
    def present(self) -> str:
        return self.subject.view.phase

    def label(self, to: str) -> str:
        return words.phase(self.subject.view.phase_scheme, to)


class ImplementationForm(StepForm):
    """What one can see moves on."""

    def possible(self) -> Iterable[maturity.Possible]:
        return self.subject.view.implementation_steps

    @property
    def present(self) -> str:
        return self.subject.view.implementation.value

    def label(self, to: str) -> str:
        return words.implementation(states.Implementation(to)).label

    @staticmethod
    def walkable(one: maturity.Possible) -> bool:
        # The measure that takes the place is named with the step.
        return one.allowed or one.to == states.Implementation.REPLACED

    def prepare(self) -> None:
        super().prepare()
        self.fields["replaced_by"] = MeasureField(
            self.subject, label=gettext("Replaced by"), required=False, help_text=MeasureField.HELP
        )

    CHOOSER = "to"
    ONLY = {"replaced_by": states.Implementation.REPLACED.value}


class AgreementForm(StepForm):
    """The aid of one plan moves on; numbers and dates are recorded with the step or alone."""

    agreement_number = forms.CharField(
        label=_("Number in the agreement on services"), required=False, max_length=60
    )
    financing_number = forms.CharField(
        label=_("Number of the financing agreement"), required=False, max_length=60
    )
    financing_date = day_field(_("Date of the financing agreement"))

    @property
    def button(self) -> str:
        return gettext("Save")

    def start(self, subject: Subject) -> dict[str, Any]:
        row: views.Listing = subject.row
        return {
            "to": row.agreement.value,
            "agreement_number": row.agreement_number,
            "financing_number": row.financing_number,
            "financing_date": row.financing_date,
        }

    @property
    def present(self) -> str:
        row: views.Listing = self.subject.row
        return row.agreement.value

    def possible(self) -> Iterable[maturity.Possible]:
        steps: tuple[maturity.Possible, ...] = self.subject.row.steps
        return steps

    def label(self, to: str) -> str:
        return words.agreement(states.Agreement(to)).label

    @staticmethod
    def walkable(one: maturity.Possible) -> bool:
        return all(obstacle.fix in MENDED for obstacle in one.obstacles)

    def prepare(self) -> None:
        super().prepare()
        now = self.subject.row.agreement
        stay = gettext("Stay at “%(state)s”") % {"state": words.agreement(now).label}
        field = self.fields["to"]
        self.choose("to", [(now.value, stay), *field.choices])  # type: ignore[attr-defined]


class AssessForm(ReasonForm):
    """The priority that the authority gave, which may differ from ours."""

    priority = forms.ChoiceField(
        label=_("Priority given by the authority"),
        choices=[(p.value, p.value) for p in states.Priority if p],
        widget=forms.RadioSelect,
    )

    def start(self, subject: Subject) -> dict[str, Any]:
        row: views.Listing = subject.row
        return {"priority": row.assessed.value}


class DatesForm(ReasonForm):
    """The dates of the phases, a small grid: planned, forecast, done; and whether the forecast is agreed."""

    def prepare(self) -> None:
        view = self.subject.view
        known = {phase.code: phase for phase in view.phases}
        self.steps = states.PHASE_SCHEMES.get(view.phase_scheme, ())
        for step in self.steps:
            phase = known.get(step.code)
            label = gettext(step.label)
            for span in SPANS:
                days = getattr(phase, span) if phase else (None, None)
                for end, day in zip(("start", "end"), days, strict=True):
                    name = f"{span}_{end}_{step.code}"
                    self.fields[name] = day_field(f"{label}, {_spoken(span)}, {_spoken(end)}")
                    self.fields[name].initial = day
            self.fields[f"confirmed_{step.code}"] = forms.BooleanField(
                label=f"{label}, {gettext('agreed')}",
                required=False,
                initial=bool(phase and phase.confirmed),
            )

    @property
    def lines(self) -> list[tuple[str, list[tuple[forms.BoundField, forms.BoundField]], forms.BoundField]]:
        """For each phase its name, its three spans and whether they are agreed."""
        return [
            (
                gettext(step.label),
                [(self[f"{span}_start_{step.code}"], self[f"{span}_end_{step.code}"]) for span in SPANS],
                self[f"confirmed_{step.code}"],
            )
            for step in self.steps
        ]

    def drafts(self) -> list[values.PhaseDraft]:
        """Every phase that has or had a date."""
        had = {phase.code for phase in self.subject.view.phases}
        found = []
        for step in self.steps:
            spans = {span: self._span(span, step.code) for span in SPANS}
            if step.code in had or any(day for span in spans.values() for day in span):
                confirmed = bool(self.cleaned_data.get(f"confirmed_{step.code}"))
                found.append(values.PhaseDraft(step.code, **spans, confirmed=confirmed))
        return found

    def _span(self, span: str, code: str) -> tuple[date | None, date | None]:
        cleaned = self.cleaned_data
        return cleaned.get(f"{span}_start_{code}"), cleaned.get(f"{span}_end_{code}")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for step in self.steps:
            for span in SPANS:
                start, end = self._span(span, step.code)
                if start and end and end < start:
                    self.add_error(f"{span}_end_{step.code}", gettext("A phase cannot end before it starts."))
        return cleaned


def _spoken(word: str) -> str:
    return {
        "planned": gettext("planned"),
        "forecast": gettext("forecast"),
        "actual": gettext("done"),
        "start": gettext("from"),
        "end": gettext("to"),
    }[word]
