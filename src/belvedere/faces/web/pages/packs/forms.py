"""What is typed of a camera for the register."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.packs.public import LONGEST_KEPT_DAYS, NoticeDraft
from belvedere.kernel.errors import BelvedereError

_DAY = {"type": "date"}


class NoticeForm(forms.Form):
    """A camera that counts, as the law wants it told."""

    camera = forms.CharField(label=_("Camera"), max_length=120)
    place = forms.CharField(label=_("Where it looks"), max_length=200)
    purpose = forms.CharField(
        label=_("What it counts, and what for"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    legal_basis = forms.CharField(
        label=_("By which right"),
        max_length=300,
        help_text=_("for example CSI art. L251-2; communal by-law"),
    )
    contact = forms.CharField(
        label=_("Office that answers questions"),
        max_length=200,
        help_text=_("an office and its address, not a person"),
    )
    kept_days = forms.IntegerField(
        label=_("Days for which it keeps images itself"), min_value=0, max_value=LONGEST_KEPT_DAYS, initial=0
    )
    reference = forms.CharField(label=_("Authorisation (number, day)"), max_length=120, required=False)
    valid_until = forms.DateField(
        label=_("Authorised until"), required=False, widget=forms.DateInput(attrs=_DAY)
    )
    sign_since = forms.DateField(
        label=_("A sign tells people since"), required=False, widget=forms.DateInput(attrs=_DAY)
    )

    def draft(self) -> NoticeDraft:
        """What was typed."""
        return NoticeDraft(**self.cleaned_data)

    def show(self, error: BelvedereError) -> None:
        """Put the sentence of `error` beside the field it names, else above the form."""
        name = error.data.get("field")
        self.add_error(name if name in self.fields else None, error.sentence(gettext(error.message)))
