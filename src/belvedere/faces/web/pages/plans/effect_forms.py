"""The forms of the effects of a measure: an indicator with baseline and target, and its values."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import follow, vocabulary
from belvedere.faces.web.pages.plans import follow_words as words
from belvedere.faces.web.pages.plans.fields import AmountField
from belvedere.faces.web.pages.plans.forms import ReasonForm, Subject, day_field
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_

NEW = "new"


class EffectForm(ReasonForm):
    """An indicator of the territory, or a new one, with what the measure should do to it."""

    indicator = forms.ChoiceField(label=_("Indicator"))
    unit = forms.CharField(
        label=_("Unit"), required=False, max_length=40, help_text=_("For example “bicycles a day”.")
    )
    direction = forms.ChoiceField(label=_("The value"), required=False)
    decimals = forms.IntegerField(label=_("Decimals"), required=False, min_value=0, max_value=4, initial=0)
    role = forms.ChoiceField(label=_("Part in the measure"))
    baseline = AmountField(label=_("Baseline"), required=False)
    baseline_on = day_field(_("Day of the baseline"))
    target = AmountField(label=_("Target"), required=False)
    target_on = day_field(_("Day of the target"))
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, widget=forms.TextInput({"data-wide": ""})
    )
    CHOOSER = "indicator"
    HEADINGS = {"baseline": N_("From where to where")}

    def start(self, subject: Subject) -> dict[str, Any]:
        row: follow.EffectView | None = subject.row
        if row is None:
            return {}
        return {
            "indicator": str(row.indicator.id),
            "role": row.role.value,
            "baseline": words.plain(row.baseline),
            "baseline_on": row.baseline_on,
            "target": words.plain(row.target),
            "target_on": row.target_on,
            "note": row.note,
        }

    def prepare(self) -> None:
        room = self.subject.room
        known = follow.indicators_of(room.actor, room.territory.id, room.language)
        offered = [(str(one.id), f"{one.name} ({one.unit})") for one in known]
        self.choose("role", words.options(words.INDICATOR_ROLES))
        new = self.subject.row is None and self.subject.followed.may_define
        if new:
            offered.append((NEW, gettext("a new indicator …")))
            self.choose("direction", words.options(words.DIRECTIONS))
            self.add_texts("names", gettext("Name of the indicator"), {})
            names = [name for name in self.fields if name.startswith("names_")]
            own = [*names, "unit", "direction", "decimals"]
            self.ONLY = dict.fromkeys(own, NEW)
            self.order_fields(["version", "indicator", *own])
        else:
            for name in ("unit", "direction", "decimals"):
                del self.fields[name]
        self.choose("indicator", offered)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("indicator") == NEW:
            if not any(self.texts("names").values()):
                first = next(name for name in self.fields if name.startswith("names_"))
                self.add_error(first, gettext("Name the indicator in at least one language."))
            if not cleaned.get("unit"):
                self.add_error("unit", gettext("Say in which unit the indicator is counted."))
        return cleaned

    @property
    def new_indicator(self) -> follow.IndicatorDraft | None:
        """The indicator to define first; None where one of the territory was chosen."""
        cleaned = self.cleaned_data
        if cleaned["indicator"] != NEW:
            return None
        return follow.IndicatorDraft(
            names=self.texts("names"),
            unit=cleaned["unit"],
            decimals=cleaned.get("decimals") or 0,
            direction=vocabulary.Direction(cleaned.get("direction") or vocabulary.Direction.UP),
        )

    def draft(self, indicator_id: int) -> follow.EffectDraft:
        cleaned = self.cleaned_data
        return follow.EffectDraft(
            indicator_id=indicator_id,
            role=vocabulary.IndicatorRole(cleaned["role"]),
            baseline=cleaned["baseline"],
            baseline_on=cleaned["baseline_on"],
            target=cleaned["target"],
            target_on=cleaned["target_on"],
            note=cleaned["note"],
        )


class ValueForm(ReasonForm):
    """A value of an indicator on a day, as a source says it; new, or one that is corrected."""

    value = AmountField(label=_("Value"))
    dated = day_field(_("Dated"), required=True)
    kind = forms.ChoiceField(label=_("How it is known"))
    source = forms.CharField(label=_("Source"), required=False, max_length=200)
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=300, widget=forms.TextInput({"data-wide": ""})
    )

    def start(self, subject: Subject) -> dict[str, Any]:
        if subject.of != "values":
            return {"dated": today(subject.room.territory.zone)}
        row: follow.ValueView = subject.row
        return {
            "value": words.plain(row.value),
            "dated": row.dated,
            "kind": row.kind.value,
            "source": row.source,
            "comment": row.comment,
        }

    @property
    def effect(self) -> follow.EffectView:
        """The indicator of the measure that the value is of."""
        row = self.subject.row
        if self.subject.of != "values":
            found: follow.EffectView = row
            return found
        return next(one for one in self.subject.followed.effects if row in one.values)

    def prepare(self) -> None:
        self.choose("kind", words.options(words.VALUE_KINDS))
        indicator = self.effect.indicator
        self.fields["value"].help_text = f"{indicator.name}, {indicator.unit}"

    def draft(self) -> follow.IndicatorValueDraft:
        cleaned = self.cleaned_data
        value: Decimal = cleaned["value"]
        return follow.IndicatorValueDraft(
            dated=cleaned["dated"],
            value=value,
            kind=vocabulary.ValueKind(cleaned["kind"]),
            source=cleaned["source"],
            comment=cleaned["comment"],
        )
