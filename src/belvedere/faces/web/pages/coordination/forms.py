"""What can be asked and said of conflicts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from belvedere.domains.coordination.public import Params, State
from belvedere.faces.web.pages.coordination.words import STATES


class VerdictForm(forms.Form):
    """What comes of two works; who leads is one of the two owners."""

    state = forms.ChoiceField(
        label=_("What comes of it"),
        widget=forms.RadioSelect,
        choices=[(state.value, text) for state, text in STATES.items()],
        error_messages={"required": _("Say what comes of it.")},
    )
    leader = forms.ChoiceField(
        label=_("Who leads"), required=False, help_text=_("Needed once they are coordinated.")
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What was agreed; or why it is no conflict."),
    )

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["leader"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "–"), *owners]

    @property
    def verdict(self) -> State:
        return State(self.cleaned_data["state"])


class RuleForm(forms.Form):
    """From which distance and within how many years works are a conflict."""

    within_m = forms.FloatField(label=_("Metres between two sites"), min_value=0, max_value=5000)
    shared_m = forms.FloatField(
        label=_("Metres of one stretch that both open"),
        min_value=0,
        max_value=5000,
        help_text=_("With 0, crossings and sites that are only a point count too."),
    )
    along_m = forms.FloatField(label=_("Metres along the same road"), min_value=0, max_value=5000)
    within_years = forms.FloatField(
        label=_("Years from the end of the first to the start of the second"), min_value=0, max_value=30
    )

    @classmethod
    def of(cls, rule: Params) -> RuleForm:
        return cls(initial=asdict(rule))

    @property
    def rule(self) -> Params:
        return Params(**self.cleaned_data)
