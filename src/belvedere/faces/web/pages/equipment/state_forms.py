"""What is typed of a maintenance."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from belvedere.faces.web.pages.connections.forms import Blamed
from belvedere.kernel.clock import now

FORM = "%Y-%m-%dT%H:%M"


def _instant(label: Any, **more: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, format=FORM)
    return forms.DateTimeField(label=label, widget=widget, **more)


class MaintenanceForm(Blamed):
    """From when to when it is worked on, and why. Times are those of the territory."""

    starts_at = _instant(_("Begins"), required=False, help_text=_("Empty: now."))
    ends_at = _instant(_("Ends"), required=False, help_text=_("Empty: until somebody says so."))
    reason = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("Those who see its alarms meanwhile read it.")
    )

    def __init__(self, zone: str, data: Any = None) -> None:
        super().__init__(data, prefix="m")
        self._zone = ZoneInfo(zone)

    def span(self) -> tuple[datetime, datetime | None]:
        start, end = self.cleaned_data["starts_at"], self.cleaned_data["ends_at"]
        return (self._there(start) if start else now()), (self._there(end) if end else None)

    def _there(self, given: datetime) -> datetime:
        return given.replace(tzinfo=self._zone)
