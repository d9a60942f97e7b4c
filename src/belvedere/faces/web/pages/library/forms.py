"""The forms of the library: what is looked for, what is taken over, a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from belvedere.domains.library.public import Start, queries
from belvedere.domains.plans.public import states, vocabulary
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.library import words
from belvedere.faces.web.pages.plans.fields import AmountField
from belvedere.kernel.errors import BelvedereError


class SearchForm(forms.Form):
    """What is looked for; bad values are said and left out."""

    q = forms.CharField(label=_("Search"), required=False, max_length=300)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    unit = forms.ChoiceField(label=_("Counted in"), required=False)
    least = AmountField(label=_("At least"), required=False)
    most = AmountField(label=_("At most"), required=False)
    real = forms.BooleanField(label=_("Really paid only"), required=False)

    def __init__(self, categories: Sequence[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("kind", [(one.value, words.kind(one)) for one in states.MeasureKind])
        self._choose("category", categories)
        self._choose("unit", [(one.value, words.unit(one)) for one in vocabulary.QuantityUnit])

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *choices]

    def asked(self) -> queries.Search:
        """The search of what is valid."""
        self.is_valid()
        given = self.cleaned_data
        unit = given.get("unit") or ""
        kind = given.get("kind") or ""
        return queries.Search(
            text=given.get("q") or "",
            kind=states.MeasureKind(kind) if kind else None,
            category=given.get("category") or "",
            unit=vocabulary.QuantityUnit(unit) if unit else None,
            least=given.get("least"),
            most=given.get("most"),
            real=bool(given.get("real")),
        )


class StartForm(forms.Form):
    """What a measure of one's own takes over from a card."""

    owner = forms.ChoiceField(label=_("Owner"))
    quantity = AmountField(label=_("Your quantity"), required=False)
    keep = forms.BooleanField(label=_("Otherwise keep the quantities of the card"), required=False)
    begins = forms.DateField(
        label=_("First phase starts on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Then the phases follow one another, each as long as there."),
    )

    def __init__(
        self, card: queries.Card, owners: Sequence[tuple[str, str]], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ChoiceField)
        owner.choices = list(owners)
        if not card.facts.quantities:
            del self.fields["keep"]
        if len(card.facts.quantities) != 1:
            del self.fields["quantity"]
        else:
            one = card.facts.quantities[0]
            self.fields["quantity"].label = words.your_quantity(one.unit)
            self.fields["quantity"].help_text = words.proposal(card)
        if not card.facts.months:
            del self.fields["begins"]

    def start(self) -> Start:
        given = self.cleaned_data
        return Start(
            owner_id=UUID(given["owner"]),
            quantity=given.get("quantity"),
            keep=bool(given.get("keep")),
            begins=given.get("begins"),
        )

    def blame(self, error: BelvedereError) -> None:
        field = error.data.get("field", "")
        self.add_error(field if field in self.fields else None, sentence(error))


class FileForm(forms.Form):
    file = forms.FileField(label=_("File of a library"), widget=forms.FileInput(attrs={"accept": ".json"}))

    def blame(self, error: BelvedereError) -> None:
        self.add_error("file", sentence(error))
