"""What is typed of a command."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from belvedere.domains.commands.public import Form, Kind
from belvedere.faces.web.pages.commands import words
from belvedere.faces.web.pages.connections.forms import Blamed


class CommandForm(Blamed):
    """One kind of command: its value, and why."""

    why = forms.CharField(label=_("Why"), required=False, max_length=500)

    def __init__(self, kind: Kind, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{kind.slug}_%s")
        self.kind = kind
        label = kind.label(words.language())
        if kind.form is Form.CHOICE:
            self.fields["value"] = forms.ChoiceField(
                label=label, choices=[(one, kind.shown(one, words.language())) for one in kind.choices]
            )
        elif kind.form is Form.TEXT:
            self.fields["value"] = forms.CharField(label=label, max_length=kind.longest)
        else:
            self.fields["value"] = forms.CharField(
                label=f"{label} ({kind.low:g}–{kind.high:g} {kind.unit})",
                widget=forms.TextInput({"inputmode": "decimal"}),
            )
        self.fields["why"].required = kind.dangerous
        self.order_fields(["value", "why"])
