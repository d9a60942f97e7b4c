"""What is typed in the log book, and what is looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from belvedere.domains.logbook.public import BY_HAND, Category, EntryDraft, Wanted
from belvedere.faces.web.pages.connections.forms import Blamed
from belvedere.faces.web.pages.logbook import words

Choices = Sequence[tuple[str, Any]]
_DAY = {"type": "date"}


class TextForm(Blamed):
    """One text: a correction, the word of who leaves."""

    text = forms.CharField(label=_("Text"), max_length=4000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, label: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class EntryForm(Blamed):
    """A line of the log book; times on the clock of the territory."""

    category = forms.ChoiceField(label=_("What it is"))
    text = forms.CharField(
        label=_("What has to be known"),
        max_length=4000,
        widget=forms.Textarea({"rows": 4, "autofocus": True}),
    )
    happened_at = forms.DateTimeField(
        label=_("When it happened"),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.ChoiceField(label=_("Where"), required=False)
    hand_over = forms.BooleanField(label=_("To hand over to the next shift"), required=False)
    owner = forms.ChoiceField(label=_("Log book of"))
    alarm = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, owners: Choices, places: Choices, zone: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._zone = ZoneInfo(zone)
        self.choose("category", [(one.value, words.category(one)) for one in BY_HAND])
        self.choose("place", [("", "–"), *places])
        self.choose("owner", owners)
        if len(owners) == 1:
            self.fields["owner"].widget = forms.HiddenInput()
            self.fields["owner"].initial = owners[0][0]

    def owner_id(self) -> UUID | None:
        given: str = self.cleaned_data["owner"]
        return None if given == "territory" else UUID(given)

    def draft(self) -> EntryDraft:
        given: Mapping[str, Any] = self.cleaned_data
        at: datetime = given["happened_at"]
        return EntryDraft(
            category=Category(given["category"]),
            text=given["text"],
            happened_at=at.replace(tzinfo=self._zone),
            place_id=UUID(given["place"]) if given["place"] else None,
            alarm_id=given["alarm"],
            hand_over=given["hand_over"],
        )


class Narrow(forms.Form):
    """What to show; what cannot be read narrows nothing and is told beside its field."""

    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    category = forms.ChoiceField(label=_("What it is"), required=False)
    place = forms.ChoiceField(label=_("Where"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(_DAY, format="%Y-%m-%d"))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(_DAY, format="%Y-%m-%d"))

    def __init__(self, places: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["category"].choices = [
            ("", _("Everything")),
            *((one.value, words.category(one)) for one in Category),
        ]
        fields["place"].choices = [("", _("Everywhere")), *places]

    def wanted(self, zone: str) -> Wanted:
        self.is_valid()
        given = self.cleaned_data
        since, until = given.get("since"), given.get("until")
        here = ZoneInfo(zone)
        return Wanted(
            text=given.get("q", ""),
            categories=[Category(given["category"])] if given.get("category") else [],
            places=[UUID(given["place"])] if given.get("place") else [],
            since=datetime.combine(since, time(), here) if since else None,
            until=datetime.combine(until + timedelta(days=1), time(), here) if until else None,
        )
