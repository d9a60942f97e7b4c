"""Texts kept in several languages, as SQL and as values. Private to the domain."""

from __future__ import annotations

from django.db.models import TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf

LANGUAGES = ("fr", "de", "en", "it")


def in_language(field: str, language: str) -> Coalesce:
    """A JSON field of texts as SQL text, in `language` or the first other one that has it."""
    order = dict.fromkeys((language, *LANGUAGES))
    return Coalesce(
        *(NullIf(KeyTextTransform(code, field), Value("")) for code in order),
        Value(""),
        output_field=TextField(),
    )


def language_of(texts: dict[str, str], language: str) -> str:
    """The language in which `in_language` shows these texts, for `lang` on foreign passages."""
    return next((code for code in dict.fromkeys((language, *LANGUAGES)) if texts.get(code)), language)
