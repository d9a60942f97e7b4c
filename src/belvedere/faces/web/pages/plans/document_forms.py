"""The forms with files: documents of a measure, and sites drawn elsewhere."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import follow, vocabulary
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans import follow_words as words
from belvedere.faces.web.pages.plans.forms import ReasonForm, Subject
from belvedere.faces.web.pages.plans.site_files import read_sites
from belvedere.kernel.errors import N_, BelvedereError

LARGEST_MB = follow.LARGEST_FILE // 1_000_000


class FileForm(ReasonForm):
    """A form that brings a file; a browser forgets the file after an error, and the form says so."""

    has_file = True
    remark = N_("After an error the file has to be chosen again: browsers do not keep it.")

    def checked_file(self) -> follow.FileDraft | None:
        """The file as the verbs take it; the sentence stands beside the field when it is refused."""
        given = self.cleaned_data.get("file")
        if given is None:
            return None
        if given.size > follow.LARGEST_FILE:
            self.add_error(
                "file",
                gettext("The file is larger than %(largest)s MB. Make it smaller, or split it.")
                % {"largest": LARGEST_MB},
            )
            return None
        try:
            return follow.FileDraft(given.name, given.read())
        except BelvedereError as error:
            self.add_error("file", sentence(error))
            return None


def file_field() -> forms.FileField:
    return forms.FileField(
        label=_("File"),
        widget=forms.FileInput({"data-wide": ""}),
        help_text=_("PDF, picture, Word, Excel, LibreOffice, text or GeoJSON, up to %(largest)s MB.")
        % {"largest": LARGEST_MB},
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose it again.")},
    )


class DocumentForm(FileForm):
    """A new document."""

    file = file_field()
    type = forms.ChoiceField(label=_("Kind of document"))
    title = forms.CharField(
        label=_("Title"), required=False, max_length=200, help_text=_("Empty: the name of the file.")
    )

    @property
    def button(self) -> str:
        return gettext("Add the document")

    def prepare(self) -> None:
        self.choose("type", words.options(words.DOCUMENTS))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["draft"] = self.checked_file()
        return cleaned

    def draft(self) -> follow.DocumentDraft:
        cleaned = self.cleaned_data
        return follow.DocumentDraft(
            vocabulary.DocumentType(cleaned["type"]), cleaned["draft"], cleaned["title"]
        )


class VersionForm(FileForm):
    """A new version of a document; the earlier ones stay."""

    file = file_field()

    @property
    def button(self) -> str:
        return gettext("Add the version")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["draft"] = self.checked_file()
        return cleaned


class DescribeForm(ReasonForm):
    """What a document is called, and of which kind it is."""

    type = forms.ChoiceField(label=_("Kind of document"))
    title = forms.CharField(label=_("Title"), max_length=200)

    def start(self, subject: Subject) -> dict[str, Any]:
        return {"type": subject.row.type.value, "title": subject.row.title}

    def prepare(self) -> None:
        self.choose("type", words.options(words.DOCUMENTS))


class DocumentPublishForm(ReasonForm):
    """Whether everyone may open a document."""

    public = forms.BooleanField(
        label=_("Everyone may open this document"),
        required=False,
        help_text=_("On the public page of the measure, once the measure itself is published."),
    )

    @property
    def button(self) -> str:
        return gettext("Save") if self.subject.row.public else gettext("Make public")

    def start(self, subject: Subject) -> dict[str, Any]:
        return {"public": not subject.row.public}

    PROPOSES = ("public",)

    def stands_on(self) -> dict[str, str]:
        shown = self.subject.row.public
        return {gettext("Visibility"): gettext("public") if shown else gettext("internal")}


class SitesFileForm(FileForm):
    """Sites from a file of a drawing program or a GPS device."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput({"data-wide": ""}),
        help_text=_(
            "GeoJSON, GeoPackage, GPX, KML, or a Shapefile as a ZIP, up to %(largest)s MB and 50 sites."
        )
        % {"largest": LARGEST_MB},
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose it again.")},
    )

    @property
    def button(self) -> str:
        return gettext("Add the sites")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = cleaned.get("file")
        if given is None:
            return cleaned
        try:
            cleaned["sites"] = read_sites(given, self.subject.room.territory)
        except BelvedereError as error:
            self.add_error("file", sentence(error))
        return cleaned
