"""What is typed of a gateway, and of how one wants to be reached; the verbs decide what can be taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.reach.public import (
    PLACES,
    RINGING,
    WAY_NAMES,
    Coding,
    GatewayView,
    Given,
    GivenWishes,
    HttpBody,
    Kind,
    Method,
    Preset,
    RoomBody,
    Way,
    WishesView,
)
from belvedere.faces.web.pages.duty import words as duty_words
from belvedere.faces.web.pages.duty.forms import Shown, clock_field, minute_of
from belvedere.faces.web.pages.duty.plan_words import clock
from belvedere.kernel.severity import SEVERITY_NAMES, Severity

_CODE = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
_SECRET = forms.PasswordInput({"autocomplete": "new-password"})
#: What can be told apart on the page; what only informs is told as what is minor.
ASKED = (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR)


class _GatewayForm(Shown):
    """What all gateways have. `owners`: for whom it may be; none: it stays with whom it has."""

    name = forms.CharField(label=_("Name"), max_length=120)
    owner = forms.ChoiceField(label=_("For"), required=False)

    def __init__(self, owners: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if owners:
            fields["owner"].choices = owners
        else:
            del self.fields["owner"]

    @property
    def owner_id(self) -> UUID | None:
        chosen = self.cleaned_data.get("owner")
        return UUID(chosen) if chosen else None


class HttpForm(_GatewayForm):
    """A gateway for SMS or calls that is asked over HTTP."""

    ways = forms.TypedMultipleChoiceField(label=_("It can"), coerce=Way, widget=forms.CheckboxSelectMultiple)
    user = forms.CharField(label=_("User or account"), max_length=200, required=False)
    secret = forms.CharField(label=_("Password or key"), max_length=2000, required=False, widget=_SECRET)
    sender = forms.CharField(
        label=_("Sender"),
        max_length=40,
        required=False,
        help_text=_("The number or name that people see, where the provider asks for it."),
    )
    url = forms.CharField(label=_("Address"), max_length=4000, widget=forms.TextInput(_CODE))
    method = forms.TypedChoiceField(label=_("Method"), coerce=Method, choices=[(one, one) for one in Method])
    coding = forms.TypedChoiceField(label=_("Body as"), coerce=Coding)
    headers = forms.CharField(
        label=_("Headers"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({**_CODE, "rows": 3}),
        help_text=_("One on each line, as “Name: value”."),
    )
    body = forms.CharField(
        label=_("Body"), required=False, max_length=4000, widget=forms.Textarea({**_CODE, "rows": 5})
    )
    answer_id = forms.CharField(
        label=_("Where the answer holds the number of the message"),
        max_length=100,
        required=False,
        widget=forms.TextInput(_CODE),
        help_text=_("For example messages.0.id; empty when it holds none."),
    )
    taken = forms.CharField(
        label=_("Words that the answer holds when the message was taken"),
        max_length=100,
        required=False,
        help_text=_("Only for gateways that also answer 200 when they refuse."),
    )

    def __init__(self, owners: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(owners, *args, **kwargs)
        fields: Any = self.fields
        rings = {Way.SMS: gettext("send SMS"), Way.VOICE: gettext("call and read aloud")}
        fields["ways"].choices = [(one.value, rings[one]) for one in RINGING]
        fields["coding"].choices = [
            (Coding.JSON.value, "JSON"),
            (Coding.FORM.value, gettext("Form fields")),
            (Coding.NONE.value, gettext("No body")),
        ]
        places = ", ".join("{" + one + "}" for one in PLACES)
        fields["body"].help_text = gettext("One JSON object. These stand for something: %(places)s.") % {
            "places": places
        }

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """What is always asked."""
        return [
            self[name]
            for name in ("name", "owner", "ways", "user", "secret", "sender", "url")
            if name in self.fields
        ]

    @property
    def technical(self) -> list[forms.BoundField]:
        return [self[name] for name in ("method", "coding", "headers", "body", "answer_id", "taken")]

    def given(self) -> Given:
        data = self.cleaned_data
        lines = [one for one in data["headers"].splitlines() if one.strip()]
        headers = tuple(
            (name.strip(), value.strip()) for name, _colon, value in (one.partition(":") for one in lines)
        )
        body = HttpBody(
            data["url"].strip(),
            data["method"],
            headers,
            data["coding"],
            data["body"].strip(),
            data["answer_id"].strip(),
            data["taken"].strip(),
            data["user"].strip(),
            data["sender"].strip(),
        )
        return Given(data["name"], Kind.HTTP, body, tuple(data["ways"]), secret=data["secret"])


class RoomForm(_GatewayForm):
    """A Matrix room, or a receiver of signed webhooks."""

    url = forms.CharField(label=_("Address"), max_length=500, widget=forms.URLInput(_CODE))
    room = forms.CharField(
        label=_("Room"),
        max_length=255,
        widget=forms.TextInput(_CODE),
        help_text=_("Its internal identifier, as in !abc:example.org."),
    )
    secret = forms.CharField(label=_("Access token"), max_length=2000, required=False, widget=_SECRET)
    language = forms.ChoiceField(label=_("Language of the messages"))

    def __init__(
        self, kind: Kind, languages: Sequence[tuple[str, str]], owners: Sequence[tuple[str, str]],
        *args: Any, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(owners, *args, **kwargs)
        self._kind = kind
        fields: Any = self.fields
        fields["language"].choices = languages
        if kind is Kind.MATRIX:
            fields["url"].label = gettext("Address of the homeserver")
        else:
            del self.fields["room"], self.fields["secret"]
            fields["url"].help_text = gettext(
                "Each message is signed; the secret is shown once, when you save."
            )

    @property
    def first_fields(self) -> list[forms.BoundField]:
        return list(self)

    def given(self) -> Given:
        data = self.cleaned_data
        body = RoomBody(data["url"].strip(), data.get("room", "").strip())
        return Given(data["name"], self._kind, body, language=data["language"], secret=data.get("secret", ""))


def typed_http(name: str, ways: Sequence[Way], body: HttpBody) -> dict[str, Any]:
    """What the form of an HTTP gateway begins with."""
    return {
        "name": name,
        "ways": [one.value for one in ways],
        "user": body.user,
        "sender": body.sender,
        "url": body.url,
        "method": body.method.value,
        "coding": body.coding.value,
        "headers": "\n".join(f"{name}: {value}" for name, value in body.headers),
        "body": body.body,
        "answer_id": body.answer_id,
        "taken": body.taken,
    }


def typed_preset(preset: Preset | None) -> dict[str, Any]:
    if preset is None:
        return typed_http("", [Way.SMS], HttpBody("https://", body='{"to": "{to}", "text": "{text}"}'))
    return typed_http(preset.name, preset.ways, preset.body)


def typed(view: GatewayView) -> dict[str, Any]:
    """What the form of a gateway that is there begins with; never its secret."""
    if isinstance(view.body, HttpBody):
        return typed_http(view.name, view.ways, view.body)
    return {"name": view.name, "url": view.body.url, "room": view.body.room, "language": view.language}


class PhoneForm(Shown):
    """The number of one's account."""

    phone = forms.CharField(
        label=_("Telephone number"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
        help_text=_("With its country, as in +41 79 123 45 67."),
    )


class CodeForm(Shown):
    """The code that came."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class WishesForm(Shown):
    """By what one is reached, first and then, by severity; when one is left alone."""

    is_quiet = forms.BooleanField(label=_("I keep quiet hours"), required=False)
    quiet_days = forms.TypedMultipleChoiceField(
        label=_("They begin on"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    quiet_from = clock_field(_("Quiet from"))
    quiet_until = clock_field(_("Quiet until"))
    quiet_most = forms.TypedChoiceField(
        label=_("What waits until they are over"), coerce=lambda one: Severity(int(one))
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(one.value, gettext(name)) for one, name in WAY_NAMES.items()]
        nothing = [("", gettext("nothing more")), *names]
        for one in ASKED:
            number = int(one)
            self.fields[f"first_{number}"] = forms.ChoiceField(label=gettext("First"), choices=names)
            for key, label in (("second", gettext("If that fails")), ("third", gettext("At last"))):
                self.fields[f"{key}_{number}"] = forms.ChoiceField(
                    label=label, choices=nothing, required=False
                )
        fields: Any = self.fields
        fields["quiet_days"].choices = duty_words.weekdays()
        fields["quiet_most"].choices = [
            (str(int(Severity.MINOR)), gettext("minor alarms and what only informs")),
            (str(int(Severity.MAJOR)), gettext("all but critical alarms")),
            (str(int(Severity.CRITICAL)), gettext("everything: the next one is told in my place")),
        ]

    @property
    def orders(self) -> list[tuple[int, str, list[forms.BoundField]]]:
        """The fields of each severity, with its name."""
        return [
            (
                int(one),
                gettext(SEVERITY_NAMES[one]),
                [self[f"{key}_{int(one)}"] for key in ("first", "second", "third")],
            )
            for one in ASKED
        ]

    @property
    def quiet(self) -> list[forms.BoundField]:
        return [self[name] for name in ("is_quiet", "quiet_days", "quiet_from", "quiet_until", "quiet_most")]

    def given(self) -> GivenWishes:
        data = self.cleaned_data
        orders = {
            one: [Way(way) for key in ("first", "second", "third") if (way := data[f"{key}_{int(one)}"])]
            for one in ASKED
        }
        return GivenWishes(
            {**orders, Severity.INFO: orders[Severity.MINOR]},
            data["is_quiet"],
            data["quiet_days"],
            minute_of(data["quiet_from"]),
            minute_of(data["quiet_until"]),
            data["quiet_most"],
        )


def typed_wishes(view: WishesView) -> dict[str, Any]:
    """What the form begins with."""
    start: dict[str, Any] = {
        "is_quiet": view.is_quiet,
        "quiet_days": [str(one) for one in view.quiet_days],
        "quiet_from": clock(view.quiet_from),
        "quiet_until": clock(view.quiet_until),
        "quiet_most": str(int(view.quiet_most)),
    }
    for one in ASKED:
        order = [way.value for way in view.orders[one]]
        for key, way in zip(("first", "second", "third"), [*order, "", ""], strict=False):
            start[f"{key}_{int(one)}"] = way
    return start
