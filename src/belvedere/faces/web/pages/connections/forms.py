"""What is typed of connections and decoders; the verbs decide whether it can be taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.commands import public as commands
from belvedere.domains.connections.public import (
    SYSTEM_NAMES,
    WAYS,
    Broker,
    ConnectionView,
    System,
    Way,
    catalogue,
)
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.live.device_forms import CODE, NOBODY
from belvedere.kernel.errors import BelvedereError

USUAL_PORT = 8883


class Blamed(forms.Form):
    """Shows the sentence of an error beside the field it names, else above the form."""

    use_required_attribute = False

    def blame(self, error: BelvedereError) -> None:
        name = error.data.get("field")
        self.add_error(name if name in self.fields else None, sentence(error))

    def choose(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


class BrokerForm(Blamed):
    """Where to listen."""

    host = forms.CharField(
        label=_("Server of the broker"),
        max_length=253,
        help_text=_("For example eu1.cloud.thethings.network"),
        widget=forms.TextInput({**CODE, "inputmode": "url"}),
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=USUAL_PORT)
    tls = forms.BooleanField(label=_("Encrypted (TLS)"), required=False, initial=True)
    user = forms.CharField(
        label=_("User at the broker"), required=False, max_length=200, widget=forms.TextInput(CODE)
    )
    password = forms.CharField(
        label=_("Password or key"),
        required=False,
        max_length=2000,
        help_text=_("Kept encrypted and never shown again. Empty: it stays as it is."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    @classmethod
    def of(cls, view: ConnectionView, data: Any = None) -> BrokerForm:
        told = {"host": view.host, "port": view.port, "tls": view.tls, "user": view.user}
        return cls(data, initial=told)

    def broker(self) -> Broker:
        given = self.cleaned_data
        return Broker(
            given["host"] or "",
            given["port"] or 0,
            given["tls"],
            given["user"] or "",
            given["password"] or None,
        )


class ConnectForm(BrokerForm):
    """A network server to connect; the broker only where we listen."""

    system = forms.ChoiceField(
        label=_("Network server"), choices=[(one.value, SYSTEM_NAMES[one]) for one in System]
    )
    way = forms.ChoiceField(label=_("How its uplinks come"))
    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("As you call it, for example “Public works”.")
    )
    owner = forms.ChoiceField(label=_("Speaks for the devices of"))
    field_order = ("system", "name", "owner", "way", "host", "port", "tls", "user", "password")

    def __init__(self, owners: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data, initial={"way": Way.WEBHOOK.value})
        self.choose("owner", owners)
        self.choose("way", [(one.value, gettext(text)) for one, text in WAYS.items()])
        self.fields["password"].help_text = gettext("Kept encrypted and never shown again.")
        for name in ("host", "port"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("way") == Way.MQTT.value:
            for name in ("host", "port"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, gettext("Say where the broker is."))
        return cleaned

    @property
    def owner_id(self) -> UUID | None:
        owner = self.cleaned_data["owner"]
        return None if owner == NOBODY else UUID(owner)


class ScriptForm(Blamed):
    """A decoder, and an uplink or a command to try it with."""

    name = forms.CharField(label=_("Name"), max_length=100)
    source = forms.CharField(
        label=_("JavaScript"),
        help_text=_(
            "With a function decodeUplink(input), or Decode(fPort, bytes, variables), as makers publish."
        ),
        widget=forms.Textarea({**CODE, "rows": 16, "class": "cn-source", "lang": "en"}),
        strip=False,
    )
    port = forms.IntegerField(label=_("Port of the trial"), required=False, min_value=0, max_value=255)
    sample = forms.CharField(
        label=_("Bytes of the trial"),
        required=False,
        max_length=1000,
        help_text=_("In hexadecimal, for example 01 75 5C 03 67 01 01."),
        widget=forms.TextInput(CODE),
    )
    command = forms.ChoiceField(
        label=_("Command of the trial"),
        required=False,
        help_text=_(
            "What the function encodeDownlink(input) writes for it. Only needed where the device obeys."
        ),
    )
    value = forms.CharField(
        label=_("Value of the command"),
        required=False,
        max_length=120,
        help_text=_("As it is sent: a number, a text, or a word such as on, off, open, close."),
        widget=forms.TextInput(CODE),
    )

    def __init__(self, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        language = get_language() or "en"
        offered = [(slug, kind.label(language)) for slug, kind in commands.kinds().items()]
        self.choose("command", [("", gettext("no command")), *offered])

    def wish(self) -> dict[str, Any] | None:
        """The command as a script is told it; None with what is wrong beside its field."""
        slug = str(self.cleaned_data["command"])
        if not slug:
            self.add_error("command", gettext("Choose the command to try."))
            return None
        kind = commands.kind(slug)
        try:
            value = kind.checked(self.cleaned_data["value"])
        except BelvedereError as error:
            words = gettext("It takes one of these: {values}.").format(values=", ".join(kind.choices))
            self.add_error("value", words if kind.choices else sentence(error))
            return None
        return {"command": slug, "value": value, "unit": kind.unit}

    def clean_sample(self) -> bytes:
        text = re.sub(r"0x|[\s,;:\[\]]", "", str(self.cleaned_data["sample"]))
        try:
            return bytes.fromhex(text)
        except ValueError:
            raise forms.ValidationError(
                gettext("These are no hexadecimal digits, two for each byte.")
            ) from None


class ReaderForm(Blamed):
    """How the uplinks of a device are read: by its network server, a model or a decoder."""

    how = forms.ChoiceField(label=_("Its bytes are read"), required=False)

    def __init__(self, scripts: Sequence[tuple[UUID, str]], data: Any = None, initial: str = "") -> None:
        super().__init__(data, initial={"how": initial})
        models = [(f"model:{one.slug}", one.label) for one in catalogue().values()]
        own = [(f"script:{key}", name) for key, name in scripts]
        groups = [(gettext("As this model"), models), *([(gettext("By this decoder"), own)] if own else [])]
        self.choose("how", [("", gettext("as its network server decodes them")), *groups])

    def chosen(self) -> dict[str, Any]:
        """As `set_reader` takes it."""
        kind, _colon, value = self.cleaned_data["how"].partition(":")
        return {
            "model": value if kind == "model" else "",
            "script_id": UUID(value) if kind == "script" else None,
        }
