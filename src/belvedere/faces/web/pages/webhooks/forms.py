"""What is typed of a webhook; the verbs decide whether it can be taken."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.webhooks.public import CHOSEN
from belvedere.faces.web.pages.webhooks import words
from belvedere.kernel.errors import BelvedereError


class EndpointForm(forms.Form):
    """An address and what it is told of."""

    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Of the system that is to be told, for example https://example.org/hook."),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    kinds = forms.MultipleChoiceField(label=_("It is told when"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [(one.value, words.kind(one)) for one in CHOSEN]  # type: ignore[attr-defined]

    def show(self, error: BelvedereError) -> None:
        """Put the sentence of `error` beside the field it names, else above the form."""
        name = error.data.get("field")
        self.add_error(name if name in self.fields else None, error.sentence(gettext(error.message)))
