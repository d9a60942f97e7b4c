"""A field that names another measure by its code or its title, without a list of thousands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import MeasureFilter, queries, views
from belvedere.faces.web.pages.plans.forms import Subject
from belvedere.kernel.identifiers import fold
from belvedere.kernel.paging import Window

MOST = 8


class MeasureField(forms.CharField):
    """The code or the title of another measure, or its identifier. Gives a UUID, or None."""

    HELP = _("Its code in a plan, or words of its title.")

    def __init__(self, subject: Subject, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)
        self.subject = subject

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip()
        if not text:
            return None
        try:
            return UUID(text)
        except ValueError:
            return self._found(text)

    def _found(self, text: str) -> UUID:
        room = self.subject.room
        which = MeasureFilter(text=text)
        page = queries.measure_rows(
            room.actor, room.territory.id, which, language=room.language, window=Window(0, MOST + 1)
        )
        rows = [row for row in page.rows if row.id != self.subject.view.id]
        exact = [row for row in rows if fold(text) in (fold(row.title), *_codes(row))]
        if len(exact) == 1:
            return exact[0].id
        if len(rows) == 1:
            return rows[0].id
        if not rows:
            raise ValidationError(gettext("No measure is found under these words. Try its code in a plan."))
        named = ", ".join(_named(row) for row in rows[:MOST])
        raise ValidationError(
            gettext("Several measures answer to these words: %(found)s. Type the code of the one you mean.")
            % {"found": named}
        )


def _codes(row: views.MeasureRow) -> list[str]:
    return [fold(code) for code in row.codes.split(" · ") if code]


def _named(row: views.MeasureRow) -> str:
    return f"{row.codes} {row.title}".strip()[:80]
