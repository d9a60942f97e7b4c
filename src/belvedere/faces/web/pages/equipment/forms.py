"""What is typed of equipment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.public import EquipmentView, Facts
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.faces.web.pages.connections.forms import Blamed
from belvedere.faces.web.pages.equipment import words
from belvedere.faces.web.pages.live.device_forms import CODE
from belvedere.faces.web.pages.live.thing import name_of
from belvedere.faces.web.pages.plans.fields import ShapeField
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.paging import Window

MOST_OFFERED = 300
BESIDE = {"at": "geometry"}  # the field of a verb -> the field of the form


def day_field(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


class EquipmentForm(Blamed):
    """All that is said of a piece of equipment; `view` None for a new one."""

    kind = forms.ChoiceField(label=_("Kind"))
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        help_text=_("As people call it, for example “Cabinet, rue de la Gare”."),
    )
    owner = forms.ChoiceField(label=_("Belongs to"))
    number = forms.CharField(
        label=_("Number"),
        required=False,
        max_length=60,
        widget=forms.TextInput(CODE),
        help_text=_("The organisation’s own. Empty: the next one of its kind is given."),
    )
    maker = forms.CharField(label=_("Maker"), required=False, max_length=120)
    model = forms.CharField(label=_("Model"), required=False, max_length=120)
    serial = forms.CharField(
        label=_("Serial number"), required=False, max_length=120, widget=forms.TextInput(CODE)
    )
    installed_on = day_field(_("Installed on"), required=False)
    warranty_until = day_field(_("Warranty until"), required=False)
    parent = forms.CharField(
        label=_("Stands under"),
        required=False,
        max_length=60,
        widget=forms.TextInput({**CODE, "list": "eq-parents"}),
        help_text=_("The number of what it depends on: the cabinet of a luminaire."),
    )
    contract = forms.ChoiceField(label=_("Maintenance contract"), required=False)
    thing = forms.CharField(
        label=_("Thing of the live territory"),
        required=False,
        max_length=300,
        widget=forms.TextInput({**CODE, "list": "eq-things"}),
        help_text=_("Its name or identifier: what it says is then shown here."),
    )
    where = forms.CharField(
        label=_("Where it stands, in words"),
        required=False,
        max_length=300,
        help_text=_("For example “behind the school, left of the gate”."),
    )
    geometry = ShapeField(label=_("Point on the map"), required=False, widget=forms.HiddenInput)
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(
        self,
        room: Room,
        owners: Sequence[tuple[str, str]],
        view: EquipmentView | None = None,
        data: Any = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(room, view) if view else initial or {})
        self.room, self.view = room, view
        named = sorted((one.label(words.language()), slug) for slug, one in equipment.kinds().items())
        self.choose("kind", [("", gettext("choose")), *((slug, label) for label, slug in named)])
        self.choose("owner", list(owners))
        held = {view.owner_id} if view else {UUID(key) for key, _name in owners}
        self._contracts = [
            one
            for one in equipment.contracts(room.actor, room.territory.id)
            if one.owner_id in held and (one.is_running or (view and view.facts.contract_id == one.id))
        ]
        self.choose(
            "contract",
            [("", pgettext("a contract", "none")), *((str(one.id), one.name) for one in self._contracts)],
        )
        if view is not None:
            self.fields["owner"].required = False
            self.fields["owner"].disabled = True
            self.fields["number"].required = True
            self.fields["number"].help_text = _("The organisation’s own.")

    def parents(self) -> list[tuple[str, str]]:
        """Numbers to choose from, with their names: what others stand under already, then others."""
        wanted = equipment.Wanted()
        rows = equipment.listed(self.room.actor, self.room.territory.id, wanted, Window(0, MOST_OFFERED)).rows
        own = self.view.id if self.view else None
        first = sorted(rows, key=lambda one: not one.children)
        return [(one.number, one.name) for one in first if one.id != own]

    def things(self) -> list[tuple[str, str]]:
        """Things to choose from: of the kinds that such equipment usually is."""
        kind = str(self["kind"].value() or "")
        described = equipment.kinds().get(kind)
        if described is None or not described.things:
            return []
        room = self.room
        found = twin.entities_in(
            room.actor, room.territory.id, kinds=described.things, limit=MOST_OFFERED, values=False
        )
        return [(str(one.id), name_of(room, one.names, one.kind)) for one in found.dots]

    def clean_parent(self) -> UUID | None:
        text = self.cleaned_data["parent"].strip()
        if not text:
            return None
        if self.view and self.view.above and text == self.view.above[-1].number:
            return self.view.facts.parent_id  # two organisations may use the same number
        found = equipment.listed(
            self.room.actor, self.room.territory.id, equipment.Wanted(text=text), Window(0, 500)
        ).rows
        same = [one for one in found if one.number.casefold() == text.casefold()]
        if not same:
            raise forms.ValidationError(
                gettext("There is no equipment with the number “%(number)s”. Choose one of the list.")
                % {"number": text}
            )
        owner = self._owner_id()
        return next((one.id for one in same if one.owner_id == owner), same[0].id)

    def clean_thing(self) -> int | None:
        text = self.cleaned_data["thing"].strip()
        if not text:
            return None
        actor, territory_id = self.room.actor, self.room.territory.id
        if self.view and self.view.facts.entity_id and text == self.initial.get("thing"):
            return self.view.facts.entity_id
        try:
            if text.isascii() and text.isdigit() and len(text) < 19:
                page = twin.entity_page(actor, int(text))
                return page.id if page.territory_id == territory_id else None
            if text.startswith("urn:") or "://" in text:
                return twin.entity_by_urn(actor, territory_id, text).id
        except NoSuchEntity:
            pass
        found = twin.entities_in(actor, territory_id, text=text, limit=20, values=False).dots
        same = [
            one.id for one in found if text.casefold() in {name.casefold() for name in one.names.values()}
        ]
        if len(same) == 1:
            return same[0]
        if len(found) == 1:
            return found[0].id
        raise forms.ValidationError(
            gettext("%(count)s things are called so. Give the number at the end of its page’s address.")
            % {"count": len(same)}
            if same
            else gettext("There is no thing called “%(text)s”. Give its name as its page shows it.")
            % {"text": text[:80]}
        )

    def clean_geometry(self) -> tuple[float, float] | None:
        shape = self.cleaned_data["geometry"]
        return None if shape is None else shape.centre

    def _owner_id(self) -> UUID | None:
        if self.view is not None:
            return self.view.owner_id
        given = self.cleaned_data.get("owner")
        return UUID(given) if given else None

    @property
    def owner_id(self) -> UUID:
        return UUID(self.cleaned_data["owner"])

    def facts(self) -> Facts:
        given = self.cleaned_data
        return Facts(
            kind=given["kind"],
            name=given["name"],
            number=given["number"],
            maker=given["maker"],
            model=given["model"],
            serial=given["serial"],
            at=given["geometry"],
            where=given["where"],
            installed_on=given["installed_on"],
            warranty_until=given["warranty_until"],
            parent_id=given["parent"],
            contract_id=UUID(given["contract"]) if given["contract"] else None,
            entity_id=given["thing"],
            notes=given["notes"].replace("\r\n", "\n"),
        )

    def blame_for(self, error: Any) -> None:
        """Put the sentence beside the field it names, else above the form."""
        name = error.data.get("field")
        error.data["field"] = BESIDE.get(str(name), name)
        self.blame(error)


def _initial(room: Room, view: EquipmentView) -> dict[str, Any]:
    facts = view.facts
    return {
        "kind": facts.kind,
        "name": facts.name,
        "owner": str(view.owner_id),
        "number": facts.number,
        "maker": facts.maker,
        "model": facts.model,
        "serial": facts.serial,
        "installed_on": facts.installed_on,
        "warranty_until": facts.warranty_until,
        "parent": view.above[-1].number if view.above else "",
        "contract": str(facts.contract_id or ""),
        "thing": thing_text(room, facts.entity_id),
        "where": facts.where,
        "geometry": point_text(facts.at),
        "notes": facts.notes,
    }


def point_text(at: tuple[float, float] | None) -> str:
    """A point as the editor of the map holds it."""
    return "" if at is None else f'{{"type":"Point","coordinates":[{at[0]},{at[1]}]}}'


def thing_text(room: Room, entity_id: int | None) -> str:
    """The name of a thing as the form shows it; its number where it is not for the reader to see."""
    if entity_id is None:
        return ""
    try:
        view = twin.entity_page(room.actor, entity_id)
    except NoSuchEntity:
        return str(entity_id)
    return name_of(room, view.names, view.kind)
