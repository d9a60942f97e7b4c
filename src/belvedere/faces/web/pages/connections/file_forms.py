"""What is said of a file of readings: whose it is, of what it tells, and how it is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.connections.public import FileDraft, FileView, ListMap, Offer, SourceForm, SourceView
from belvedere.domains.twin.public import descriptions
from belvedere.faces.web.pages.connections.forms import Blamed
from belvedere.faces.web.pages.connections.source_forms import MappingForm
from belvedere.faces.web.pages.live import words
from belvedere.faces.web.pages.live.device_forms import CODE, NOBODY

MOST_LIKE = 30


class BringForm(Blamed):
    """A file to bring. `like`: a file or a source that is read as this one is to be."""

    like = forms.ChoiceField(label=_("Read it like"), required=False)
    kind = forms.ChoiceField(label=_("Kind of things the file tells of"), required=False)
    owner = forms.ChoiceField(label=_("Speaks for the devices of"))
    device = forms.CharField(
        label=_("Name of its device, if it tells of one only"),
        required=False,
        max_length=64,
        help_text=_("Empty: a field of the file names the devices."),
        widget=forms.TextInput(CODE),
    )

    def __init__(
        self,
        owners: Sequence[tuple[str, str]],
        files: Sequence[FileView],
        sources: Sequence[SourceView],
        data: Any = None,
    ) -> None:
        super().__init__(data)
        self._like = _examples(files, sources)
        named = [(key, name) for key, (name, _kind, _prefix, _mapping) in self._like.items()]
        self.choose("like", [("", gettext("nothing yet: I say what its fields tell")), *named])
        kinds = sorted((one.label(words.language()), slug) for slug, one in descriptions().items())
        self.choose("kind", [("", gettext("choose")), *((slug, label) for label, slug in kinds)])
        self.choose("owner", list(owners))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("kind") and not cleaned.get("like"):
            self.add_error("kind", gettext("Say what kind of things the file tells of."))
        return cleaned

    @property
    def owner_id(self) -> UUID | None:
        owner = self.cleaned_data["owner"]
        return None if owner == NOBODY else UUID(owner)

    def draft(self, name: str, body: bytes) -> FileDraft:
        given = self.cleaned_data
        _name, kind, prefix, mapping = self._like.get(given["like"], ("", given["kind"], "", ListMap()))
        if given["kind"] not in ("", kind):
            kind, mapping = given["kind"], ListMap()  # its attributes are others
        return FileDraft(name, body, kind, given["device"], prefix, mapping)


Example = tuple[str, str, str, ListMap]  # what people call it, kind, prefix, mapping


def _examples(files: Sequence[FileView], sources: Sequence[SourceView]) -> dict[str, Example]:
    """What was read before: sources that are lists, and files, each way of reading once."""
    found: dict[str, Example] = {
        f"s{one.id}": (one.name, one.kind, one.prefix, one.mapping)
        for one in sources
        if one.form is SourceForm.LIST and one.mapping.time
    }
    seen = {(kind, prefix, mapping) for _name, kind, prefix, mapping in found.values()}
    for one in files:
        if one.is_mapped and (one.kind, one.prefix, one.mapping) not in seen and len(found) < MOST_LIKE:
            seen.add((one.kind, one.prefix, one.mapping))
            found[f"f{one.id}"] = (one.name, one.kind, one.prefix, one.mapping)
    return found


class FileMappingForm(MappingForm):
    """How a file is read: it brings no things, so their names and places are not asked for."""

    LEFT_OUT: ClassVar[frozenset[str]] = frozenset({"name", "longitude", "latitude"})

    def __init__(self, kind: str, how: ListMap, offered: Offer, data: Any = None) -> None:
        super().__init__(kind, how, offered, data)
        time = self.places.fields["time"]
        time.required = True
        time.error_messages["required"] = gettext("Say which field is the time.")

    def _nothing(self) -> dict[str, str]:
        return {"id": gettext("none: it is one thing"), "time": gettext("choose")}
