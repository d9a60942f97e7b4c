"""What each table and field holds: the register of processing, kept in code beside the tables.

A domain declares its tables in its `apps.py`; tables of libraries are declared by the project. A test walks
every model and fails on what nobody declared.
"""
# ruff: noqa: SLF001 (_meta is Django's documented way to a table's fields)

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.apps import apps
from django.db import models

from belvedere.kernel.errors import N_


class Basis(StrEnum):
    """Legal basis: the letter of GDPR art. 6 (1). `BASIS_TEXTS` gives the sentence, nLPD included."""

    CONSENT = "a"
    CONTRACT = "b"
    LEGAL_OBLIGATION = "c"
    VITAL_INTEREST = "d"
    PUBLIC_TASK = "e"
    LEGITIMATE_INTEREST = "f"


BASIS_TEXTS: Final[Mapping[Basis, str]] = {
    Basis.CONSENT: N_("Consent (GDPR art. 6 (1) a; nLPD art. 6 (6))"),
    Basis.CONTRACT: N_("Contract (GDPR art. 6 (1) b; nLPD art. 31 (2) a)"),
    Basis.LEGAL_OBLIGATION: N_("Legal obligation (GDPR art. 6 (1) c; nLPD art. 34 (1))"),
    Basis.VITAL_INTEREST: N_("Vital interest (GDPR art. 6 (1) d; nLPD art. 34 (4) c)"),
    Basis.PUBLIC_TASK: N_("Public task (GDPR art. 6 (1) e; nLPD art. 34 and cantonal law)"),
    Basis.LEGITIMATE_INTEREST: N_("Legitimate interest (GDPR art. 6 (1) f; nLPD art. 31 (1))"),
}


@dataclass(frozen=True, slots=True)
class Personal:
    """A field with personal data. `whose`, `why` and `keep` are short English texts marked with `N_`:
    the people concerned, the purpose, and how long it is kept. `sensitive`: GDPR art. 9, nLPD art. 5 c.
    """

    whose: str
    why: str
    basis: Basis
    keep: str
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class NotPersonal:
    """A field, or a whole table, that says nothing about a person."""


NOT_PERSONAL: Final = NotPersonal()
Declaration = Personal | NotPersonal


@dataclass(frozen=True, slots=True)
class Table:
    """What a table declared: its named fields, and `rest` for the others (None: each must be named)."""

    label: str
    fields: Mapping[str, Declaration]
    rest: Declaration | None

    def of(self, name: str) -> Declaration | None:
        return self.fields.get(name, self.rest)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the register: one field that holds personal data."""

    table: str
    field: str
    personal: Personal


_tables: dict[str, Table] = {}


def declare_table(label: str, rest: Declaration | None = None, /, **fields: Declaration) -> None:
    """Declare the table of the model `label` ("plans.measure", any case).

    `rest` speaks for every field that is not named. A field that points to a person, or holds an e-mail
    address, must be named even so.
    """
    label = label.lower()
    if label in _tables and _tables[label] != Table(label, fields, rest):
        raise ValueError(f"{label} is declared twice, differently")
    _tables[label] = Table(label, dict(fields), rest)


def faults() -> list[str]:
    """What nobody declared, or declared wrongly, an English sentence each; empty when all is well."""
    found = []
    seen = set()
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label_lower
        if model._meta.proxy or label in seen:
            continue
        seen.add(label)
        table = _tables.get(label)
        if table is None:
            found.append(f"{label}: the table is not declared")
            continue
        columns = {field.name: field for field in model._meta.local_concrete_fields}
        found += [
            f"{label}.{name}: declared, but there is no such field"
            for name in table.fields
            if name not in columns
        ]
        for name, field in columns.items():
            if table.of(name) is None:
                found.append(f"{label}.{name}: the field is not declared")
            elif name not in table.fields and table.rest == NOT_PERSONAL and _speaks_of_a_person(field):
                found.append(f"{label}.{name}: points to a person or holds an address; declare it by name")
    return found + [
        f"{label}: declared, but there is no such table" for label in _tables if label not in seen
    ]


def _speaks_of_a_person(field: models.Field[object, object]) -> bool:
    related = field.related_model
    if isinstance(related, type) and related._meta.label == "access.Person":
        return True
    name = field.name.removesuffix("_id")
    return isinstance(field, models.EmailField | models.GenericIPAddressField) or name in {
        "actor",
        "person",
        "author",
        "email",
        "phone",
    }


def register() -> Iterator[Line]:
    """Every field with personal data, by table and in the order of its columns."""
    for model in sorted(
        apps.get_models(include_auto_created=True), key=lambda model: model._meta.label_lower
    ):
        table = _tables.get(model._meta.label_lower)
        if table is None or model._meta.proxy:
            continue
        for field in model._meta.local_concrete_fields:
            declared = table.of(field.name)
            if isinstance(declared, Personal):
                yield Line(table.label, field.name, declared)
