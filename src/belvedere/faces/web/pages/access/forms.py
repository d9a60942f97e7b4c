"""The forms of accounts and people. They read what was typed; the verbs decide whether it can be taken."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.access.public import Scope
from belvedere.domains.territory.public import OrganisationView
from belvedere.faces.web.pages.access import words
from belvedere.kernel.errors import BelvedereError

WHOLE_TERRITORY = "territory"


def show_error(form: forms.Form, error: BelvedereError) -> None:
    """Put the sentence of `error` beside the field it names, else above the form."""
    name = error.data.get("field")
    form.add_error(name if name in form.fields else None, error.sentence(gettext(error.message)))


class Details(forms.Form):
    """A person's own details."""

    display_name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As others see it, in the journal too."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=words.LANGUAGES)
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=40,
        help_text=_("Kept encrypted. Leave it empty to remove it."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )


class NewTokenForm(forms.Form):
    """A new key to the programming interface."""

    DAYS = ((30, _("30 days")), (90, _("90 days")), (365, _("One year")))

    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("For example: monthly export to the GIS.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple, initial=[Scope.READ.value]
    )
    days = forms.TypedChoiceField(label=_("Good for"), choices=DAYS, coerce=int, initial=90)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = words.scope_choices()  # type: ignore[attr-defined]


class Welcome(forms.Form):
    """What a newcomer fills in to accept an invitation."""

    display_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        max_length=200,
        help_text=_("At least 12 characters. Several words make a good one."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=words.LANGUAGES)


class Invite(forms.Form):
    """An invitation: an address, where, as what."""

    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    place = forms.ChoiceField(label=_("Organisation"))
    role = forms.ChoiceField(label=_("Role in the organisation"), required=False)
    territory_role = forms.ChoiceField(label=_("Role in the whole territory"), required=False)
    language = forms.ChoiceField(label=_("Language of the message"), choices=words.LANGUAGES)

    def __init__(self, *args: Any, bodies: list[OrganisationView], governs: bool, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("language", (get_language() or "fr")[:2])
        super().__init__(*args, **kwargs)
        places = [(str(body.id), body.name) for body in bodies]
        if governs:
            places.append((WHOLE_TERRITORY, gettext("The whole territory")))
            choices = [("", "—"), *words.territory_role_choices()]
            self.fields["territory_role"].choices = choices  # type: ignore[attr-defined]
            self.fields["territory_role"].help_text = gettext(
                "Only when you chose “The whole territory” above."
            )
        else:
            del self.fields["territory_role"]
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        self.fields["role"].choices = words.role_choices()  # type: ignore[attr-defined]
        self.order_fields(["email", "place", "role", "territory_role", "language"])
