"""What is typed or tapped to put a device into service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import shapely
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.connections.public import DeviceModel, catalogue
from belvedere.domains.territory.public import Level, places_of
from belvedere.domains.twin.public import EntityDraft, Visibility, descriptions
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.live import words
from belvedere.faces.web.pages.live.device_forms import CODE, NOBODY, FactorField
from belvedere.faces.web.pages.onboarding.labels import identifier
from belvedere.faces.web.pages.plans.fields import ShapeField
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import BelvedereError, InvalidInput
from belvedere.kernel.geometry import Shape

OWN = "own"  # a device that signs in here over MQTT
NETWORK = "network"  # one whose network server decodes it
ASKED = {
    "depth": _("From the sensor to the ground of the empty container (cm)"),
    "pulse": _("Litres for each pulse"),
}


class OnboardForm(forms.Form):
    """A device, the thing it tells of and where that stands."""

    use_required_attribute = False
    model = forms.ChoiceField(label=_("Model"))
    kind = forms.ChoiceField(
        label=_("Kind of thing"), required=False, help_text=_("Only for a device that is not in the list.")
    )
    key = forms.CharField(
        label=_("Identifier"),
        max_length=400,
        help_text=_("The DevEUI of 16 digits on its label, or the whole text of its code."),
        widget=forms.TextInput({**CODE, "autocapitalize": "characters"}),
    )
    depth = FactorField(
        label=ASKED["depth"], required=False, widget=forms.TextInput({"inputmode": "decimal"})
    )
    pulse = FactorField(
        label=ASKED["pulse"], required=False, widget=forms.TextInput({"inputmode": "decimal"})
    )
    geometry = ShapeField(label=_("Place"), required=False, widget=forms.HiddenInput)
    place = forms.ChoiceField(
        label=_("Commune"),
        required=False,
        help_text=_("Needed only without a point on the map: it then stands at the centre of the commune."),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("As people call it, for example “Container, rue de la Gare 3”."),
    )
    owner = forms.ChoiceField(label=_("Belongs to"))
    visibility = forms.ChoiceField(label=_("Seen by"))

    def __init__(
        self, room: Room, owners: Sequence[tuple[str, str]], data: Any = None, key: str = ""
    ) -> None:
        self.room = room
        self.communes = {str(one.id): one for one in places_of(room.territory, level=Level.COMMUNE) if one.at}
        super().__init__(data, initial={"visibility": Visibility.SHARED.value, "key": key})
        models = [(one.slug, f"{one.label} – {words.kind(one.kind)}") for one in catalogue().values()]
        others = [
            (NETWORK, gettext("Another LoRaWAN device, decoded by its network server")),
            (OWN, gettext("Another device, that sends here over MQTT")),
        ]
        kinds = sorted((one.label(room.language), slug) for slug, one in descriptions().items())
        named = sorted((one.name, found) for found, one in self.communes.items())
        self._choose(
            "model", [("", gettext("choose")), (gettext("Models"), models), (gettext("Others"), others)]
        )
        self._choose("kind", [("", gettext("choose")), *((slug, label) for label, slug in kinds)])
        self._choose("owner", list(owners))
        self._choose("visibility", [(one.value, gettext(text)) for one, text in words.VISIBILITIES.items()])
        self._choose("place", [("", gettext("choose")), *((found, name) for name, found in named)])

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def known(self) -> DeviceModel | None:
        """The chosen model of the catalogue."""
        return catalogue().get(self.cleaned_data.get("model", ""))

    @property
    def is_own(self) -> bool:
        return bool(self.cleaned_data.get("model") == OWN)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        known = self.known
        if cleaned.get("model") and known is None and not cleaned.get("kind"):
            self.add_error("kind", gettext("Say what it is."))
        asked = known.asks if known is not None else ""
        if asked and asked not in self.errors and not (cleaned.get(asked) or 0) > 0:
            self.add_error(asked, gettext("Give this number: without it the values mean nothing."))
        if not cleaned.get("geometry") and not cleaned.get("place") and "geometry" not in self.errors:
            self.add_error("place", gettext("Tap the place on the map, or choose the commune."))
        if cleaned.get("key") and cleaned.get("model"):
            self._clean_key(cleaned)
        return cleaned

    def _clean_key(self, cleaned: dict[str, Any]) -> None:
        if self.is_own:
            cleaned["key"] = cleaned["key"].strip().lower()[:64]
            return
        try:
            cleaned["key"] = identifier(cleaned["key"])
        except InvalidInput as error:
            self.add_error("key", sentence(error))

    def thing(self) -> EntityDraft:
        """The thing that the device tells of."""
        given, known = self.cleaned_data, self.known
        owner = given["owner"]
        return EntityDraft(
            kind=known.kind if known else given["kind"],
            names={self.room.language: given["name"].strip()},
            owner_id=None if owner == NOBODY else UUID(owner),
            visibility=Visibility(given["visibility"]),
            shape=given["geometry"] or self._centre(given["place"]),
        )

    def amount(self) -> float | None:
        """Millimetres, or litres: as the model wants it."""
        known = self.known
        if known is None or not known.asks:
            return None
        given = float(self.cleaned_data[known.asks])
        return given * 10 if known.asks == "depth" else given

    def _centre(self, place: str) -> Shape:
        at = self.communes[place].at
        assert at is not None
        return Shape(shapely.Point(*at))

    def blame(self, error: BelvedereError) -> None:
        """Put the sentence of `error` beside the field it names, else above the form."""
        named = {"fields": "kind", "amount": self.known.asks if self.known else ""}
        name = str(error.data.get("field", ""))
        name = named.get(name, name) or ("key" if error.status == 409 else "")
        self.add_error(name if name in self.fields else None, sentence(error))
