"""Thousands of rows at once by PostgreSQL's COPY, from model instances."""

# ruff: noqa: SLF001 (`_meta` is Django’s documented description of a model)

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)
_DEFAULTS: dict[type[models.Model], tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]] = {}


def quick(model: type[M], **values: Any) -> M:
    """An unsaved instance of `model` made without its constructor, ten times as fast.

    `values` are by column attribute (`measure_id`); the others take their default.
    """
    if model not in _DEFAULTS:
        plain, made = {}, []
        for field in model._meta.concrete_fields:
            if field.has_default() and callable(field.default):
                made.append((field.attname, field.default))
            else:
                plain[field.attname] = field.get_default()
        _DEFAULTS[model] = (plain, made)
    plain, made = _DEFAULTS[model]
    row = model.__new__(model)
    held = row.__dict__
    held.update(plain)
    for name, default in made:
        if name not in values:
            held[name] = default()
    held["_state"] = ModelState()
    held.update(values)
    return row


def copy_in(model: type[models.Model], rows: Iterable[models.Model]) -> int:
    """Insert `rows`, whose identifiers are set or made by the database; returns how many."""
    made = list(rows)
    if not made:
        return 0
    fields = [
        field
        for field in model._meta.concrete_fields
        if not (isinstance(field, models.AutoField) and made[0].pk is None)
    ]
    getters = [_getter(field) for field in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy,
    ):
        for row in made:
            copy.write_row([get(row) for get in getters])
    return len(made)


def _getter(field: Any) -> Callable[[models.Model], Any]:
    name = field.attname
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return lambda row: field.pre_save(row, True)
    if isinstance(field, models.JSONField):
        return lambda row: None if getattr(row, name) is None else json.dumps(getattr(row, name))
    if isinstance(field, ArrayField):
        return lambda row: list(getattr(row, name))
    return lambda row: getattr(row, name)
