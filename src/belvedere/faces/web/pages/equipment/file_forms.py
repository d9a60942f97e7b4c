"""A file that is brought to equipment or to a contract."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.equipment.public import FileDraft
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.connections.forms import Blamed
from belvedere.kernel.errors import BelvedereError
from belvedere.kernel.files.contents import ALLOWED, LARGEST_FILE


class FileForm(Blamed):
    """A photo or a document with what it is called."""

    file = forms.FileField(
        label=_("Photo or document"),
        widget=forms.FileInput({"accept": ",".join(ALLOWED)}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose it again.")},
        help_text=_("A JPEG, PNG or WebP picture becomes a photo; PDF, office files and tables documents."),
    )
    title = forms.CharField(label=_("Title"), required=False, max_length=200)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, prefix="f")

    def draft(self) -> FileDraft | None:
        """The file as the verbs take it; None, with a sentence beside the field, when it is refused."""
        given = self.cleaned_data["file"]
        if given.size > LARGEST_FILE:
            self.add_error(
                "file",
                gettext("The file is larger than %(largest)s MB. Make it smaller, or split it.")
                % {"largest": LARGEST_FILE // 1_000_000},
            )
            return None
        try:
            return FileDraft(self.cleaned_data["title"], given.read(), given.name)
        except BelvedereError as error:
            self.add_error("file", sentence(error))
            return None
