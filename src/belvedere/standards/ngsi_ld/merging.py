"""How documents change (ETSI GS CIM 009, clauses 5.5.8 to 5.5.12, 5.6.1 to 5.6.5, 5.6.17 to 5.6.19).

Pure: a document and a fragment give a `Change`. Instances keep the moment they were created; what changes is
stamped `now`. An instance is the one of its dataset (clause 4.5.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec.structs import replace as with_fields

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.documents import ABSENT, NULL, Document, Instance, Kind
from belvedere.standards.ngsi_ld.instances import check_geometry
from belvedere.standards.ngsi_ld.problems import BadRequestData, ResourceNotFound
from belvedere.standards.ngsi_ld.words import check_uri

Attributes = dict[str, list[Instance]]

EXISTS = N_("It exists and was not to be overwritten.")
NO_SUCH_ATTRIBUTE = N_("There is no such attribute, or no such instance of it.")
NO_SCOPE = N_("The entity has no scope that could be updated.")
SCOPE = "https://uri.etsi.org/ngsi-ld/scope"


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a document. `updated` and `not_updated` (with an English msgid of the reason) are for
    the answer (clause 5.2.18); `changed` are instances as they are now, `deleted` names and datasets."""

    document: Document
    updated: tuple[str, ...] = ()
    not_updated: tuple[tuple[str, str], ...] = ()
    changed: tuple[tuple[str, Instance], ...] = ()
    deleted: tuple[tuple[str, str], ...] = ()
    types_changed: bool = False


class _Work:
    """A change under way."""

    def __init__(self, document: Document, now: datetime) -> None:
        self.document = document
        self.now = now
        self.attributes: Attributes = dict(document.attributes)
        self.changed: list[tuple[str, Instance]] = []
        self.deleted: list[tuple[str, str]] = []
        self.updated: list[str] = []
        self.not_updated: list[tuple[str, str]] = []
        self.types = document.types
        self.scopes = document.scopes
        self.expires_at = document.expires_at
        self.touched = False

    def find(self, name: str, dataset_id: str) -> Instance | None:
        for one in self.attributes.get(name, ()):
            if one.dataset_id == dataset_id:
                return one
        return None

    def put(self, name: str, instance: Instance) -> None:
        """Put an instance in the place of the one of its dataset, or beside the others."""
        before = self.find(name, instance.dataset_id)
        created = before.created_at if before is not None and before.created_at else self.now
        stamped = with_fields(instance, created_at=created, modified_at=self.now)
        others = self.attributes.get(name, [])
        if before is None:
            self.attributes[name] = [*others, stamped]
        else:
            self.attributes[name] = [stamped if one is before else one for one in others]
        self.changed.append((name, stamped))

    def drop(self, name: str, dataset_id: str) -> bool:
        if self.find(name, dataset_id) is None:
            return False
        rest = [one for one in self.attributes[name] if one.dataset_id != dataset_id]
        if rest:
            self.attributes[name] = rest
        else:
            del self.attributes[name]
        self.deleted.append((name, dataset_id))
        return True

    def add_types(self, types: tuple[str, ...]) -> None:
        self.types = tuple(sorted({*self.types, *types}))

    def done(self) -> Change:
        document = self.document
        types_changed = self.types != document.types
        if (
            self.changed
            or self.deleted
            or types_changed
            or self.touched
            or self.scopes != document.scopes
            or self.expires_at != document.expires_at
        ):
            document = with_fields(
                document,
                attributes=self.attributes,
                types=self.types,
                scopes=self.scopes,
                expires_at=self.expires_at,
                modified_at=self.now,
            )
        return Change(
            document=document,
            updated=tuple(dict.fromkeys(self.updated)),
            not_updated=tuple(self.not_updated),
            changed=tuple(self.changed),
            deleted=tuple(self.deleted),
            types_changed=types_changed,
        )


def created(document: Document, now: datetime) -> Document:
    """A new entity with its instants (clauses 4.8, 5.6.1)."""
    return with_fields(
        document,
        attributes={
            name: [with_fields(one, created_at=now, modified_at=now) for one in many]
            for name, many in document.attributes.items()
        },
        created_at=now,
        modified_at=now,
    )


def append(document: Document, fragment: Document, now: datetime, *, overwrite: bool = True) -> Change:
    """Append attributes (clauses 5.5.10, 5.6.3); without `overwrite` what exists stays, and scopes add up."""
    work = _Work(document, now)
    work.add_types(fragment.types)
    if fragment.scopes is not None:
        old = () if overwrite else document.scopes or ()
        work.scopes = tuple(dict.fromkeys((*old, *fragment.scopes)))
        work.touched = True
        work.updated.append(SCOPE)
    if fragment.expires_at is not None and (overwrite or document.expires_at is None):
        work.expires_at = fragment.expires_at
    for name, instances in fragment.attributes.items():
        kept = False
        for one in instances:
            if one.value is ABSENT:
                raise BadRequestData(N_("“{term}” has no value."), term=name)
            if not overwrite and work.find(name, one.dataset_id) is not None:
                kept = True
                continue
            if one.value == NULL:
                _take_away(work, name, one.dataset_id)
                continue
            work.put(name, _clean(one))
            work.updated.append(name)
        if kept:
            work.not_updated.append((name, EXISTS))
    return work.done()


def update(document: Document, fragment: Document, now: datetime) -> Change:
    """Update attributes (clauses 5.5.9, 5.6.2): put each in the place of what there is, append what there is
    not, take away what is the NGSI-LD Null; types add up; a scope is replaced, never added."""
    work = _Work(document, now)
    work.add_types(fragment.types)
    if fragment.scopes is not None:
        if document.scopes:
            work.scopes = fragment.scopes or None
            work.touched = True
            work.updated.append(SCOPE)
        else:
            work.not_updated.append((SCOPE, NO_SCOPE))
    _expire(work, fragment)
    for name, instances in fragment.attributes.items():
        for one in instances:
            before = work.find(name, one.dataset_id)
            if one.value is NULL or one.value == NULL:
                _take_away(work, name, one.dataset_id)
            elif one.value is ABSENT:
                if before is None:
                    work.not_updated.append((name, NO_SUCH_ATTRIBUTE))
                    continue
                work.put(name, _partial(before, one, name))
            else:
                work.put(name, _clean(one))
            if not work.not_updated or work.not_updated[-1][0] != name:
                work.updated.append(name)
    return work.done()


def _take_away(work: _Work, name: str, dataset_id: str) -> None:
    if not work.drop(name, dataset_id):
        work.not_updated.append((name, NO_SUCH_ATTRIBUTE))


def _expire(work: _Work, fragment: Document) -> None:
    if fragment.expires_at is not None:
        work.expires_at = fragment.expires_at
    elif "expiresAt" in fragment.cleared:
        work.expires_at = None


def partial(document: Document, name: str, instances: list[Instance], now: datetime) -> Change:
    """Update an attribute in part (clauses 5.5.8, 5.6.4): members that are given replace those there are.

    Raises ResourceNotFound when there is no such instance, BadRequestData when it is of another kind.
    """
    work = _Work(document, now)
    for one in instances:
        before = work.find(name, one.dataset_id)
        if before is None:
            raise ResourceNotFound(NO_SUCH_ATTRIBUTE)
        if one.value == NULL:
            work.drop(name, one.dataset_id)
        else:
            work.put(name, _partial(before, one, name))
        work.updated.append(name)
    return work.done()


def _partial(before: Instance, given: Instance, name: str) -> Instance:
    """One instance with what is given of it; a new value without its instant has none (clause 5.5.8)."""
    if given.kind is not Kind.UNSAID and given.kind is not before.kind:
        raise BadRequestData(
            N_("The attribute {name} is a {kind}; a partial update does not make it a {other}."),
            name=name,
            kind=before.kind.value,
            other=given.kind.value,
        )
    sub = dict(before.sub)
    for key, many in given.sub.items():
        if any(one.value is ABSENT for one in many):
            raise BadRequestData(N_("“{term}” has no value."), term=key)
        left = [_clean(one) for one in many if one.value != NULL]
        if left:
            sub[key] = left
        else:
            sub.pop(key, None)
    return _overlaid(before, given, before.value if given.value is ABSENT else given.value, sub)


def _overlaid(before: Instance, given: Instance, value: Any, sub: dict[str, list[Instance]]) -> Instance:
    observed = given.observed_at
    if observed is None and given.value is ABSENT and "observedAt" not in given.cleared:
        observed = before.observed_at
    cleared = given.cleared
    return with_fields(
        before,
        value=value,
        unit=given.unit or ("" if "unitCode" in cleared else before.unit),
        observed_at=observed,
        object_type=given.object_type or (() if "objectType" in cleared else before.object_type),
        value_type=given.value_type or ("" if "valueType" in cleared else before.value_type),
        sub=sub,
    )


def _clean(instance: Instance) -> Instance:
    """An instance of a fragment as it may stand in a document: without Nulls among its sub-attributes."""
    if not instance.sub and not instance.cleared:
        return instance
    sub = {
        name: [_clean(one) for one in many if one.value != NULL and one.value is not ABSENT]
        for name, many in instance.sub.items()
    }
    return with_fields(instance, sub={name: many for name, many in sub.items() if many}, cleared=frozenset())


def merge(
    document: Document,
    fragment: Document,
    now: datetime,
    *,
    observed_at: datetime | None = None,
    lang: str = "",
    simplified: bool = False,
) -> Change:
    """Merge an entity (clauses 5.5.12, 5.6.17): like a JSON merge patch (RFC 7396), with the NGSI-LD Null.

    `observed_at` is the instant of attributes that had one and are given none; `simplified`: values are bare
    and take the kind of what is there, texts of language properties in `lang`.
    """
    work = _Work(document, now)
    work.add_types(fragment.types)
    if fragment.scopes is not None:
        work.scopes = fragment.scopes or None
        work.touched = True
    _expire(work, fragment)
    for name, instances in fragment.attributes.items():
        for one in instances:
            before = work.find(name, one.dataset_id)
            if one.value == NULL:
                work.drop(name, one.dataset_id)
                work.updated.append(name)
                continue
            if simplified and before is not None:
                one = fit(one, before, lang)
            if before is None or (one.kind is not before.kind and one.kind is not Kind.UNSAID):
                if one.value is ABSENT:
                    work.not_updated.append((name, NO_SUCH_ATTRIBUTE))
                    continue
                work.put(name, _clean(with_fields(one, value=_patched(None, one.value))))
            else:
                work.put(name, _merged(before, one, observed_at))
            work.updated.append(name)
    return work.done()


def _merged(before: Instance, given: Instance, observed_at: datetime | None) -> Instance:
    value = before.value if given.value is ABSENT else _patched(before.value, given.value)
    sub = dict(before.sub)
    for key, many in given.sub.items():
        held = {one.dataset_id: one for one in sub.get(key, ())}
        for one in many:
            old = held.get(one.dataset_id)
            if one.value == NULL:
                held.pop(one.dataset_id, None)
            elif old is not None and one.kind in (old.kind, Kind.UNSAID):
                held[one.dataset_id] = _merged(old, one, None)
            elif one.value is not ABSENT:
                held[one.dataset_id] = _clean(one)
        if held:
            sub[key] = list(held.values())
        else:
            sub.pop(key, None)
    merged = _overlaid(before, given, value, sub)
    if observed_at is not None and before.observed_at is not None and given.observed_at is None:
        merged = with_fields(merged, observed_at=observed_at)
    return merged


def _patched(before: Any, given: Any) -> Any:
    """RFC 7396, with the NGSI-LD Null in the place of null."""
    if not isinstance(given, dict) or "coordinates" in given:
        return given
    result = dict(before) if isinstance(before, dict) else {}
    for key, value in given.items():
        if value == NULL:
            result.pop(key, None)
        else:
            result[key] = _patched(result.get(key), value)
    return result


def fit(given: Instance, before: Instance, lang: str) -> Instance:
    """A bare value as an instance of the kind there is (clauses 5.6.2, 5.6.17 with simplified input)."""
    if given.kind is not Kind.PROPERTY or before.kind is Kind.PROPERTY:
        return given
    value = given.value
    if before.kind in (Kind.RELATIONSHIP, Kind.LIST_RELATIONSHIP):
        for one in value if isinstance(value, list) else [value]:
            check_uri(one, "object")
    elif before.kind is Kind.LANGUAGE:
        value = {lang or "@none": value} if isinstance(value, str) else value
    elif before.kind is Kind.GEO:
        check_geometry(value, "value")
    return with_fields(given, kind=before.kind, value=value)


def replace(document: Document, new: Document, now: datetime) -> Change:
    """Replace an entity (clauses 5.5.11, 5.6.18): what is not said any more is gone; it was created when it
    was, and so were instances that stay."""
    work = _Work(document, now)
    for name in list(work.attributes):
        kept = {one.dataset_id for one in new.attributes.get(name, ())}
        for one in list(work.attributes[name]):
            if one.dataset_id not in kept:
                work.drop(name, one.dataset_id)
    for name, instances in new.attributes.items():
        for one in instances:
            work.put(name, one)
            work.updated.append(name)
    work.types = new.types or document.types
    work.scopes, work.expires_at, work.touched = new.scopes, new.expires_at, True
    return work.done()


def replace_attribute(document: Document, name: str, instances: list[Instance], now: datetime) -> Change:
    """Replace instances of an attribute (clause 5.6.19). Raises ResourceNotFound when one is not there."""
    work = _Work(document, now)
    for one in instances:
        if work.find(name, one.dataset_id) is None:
            raise ResourceNotFound(NO_SUCH_ATTRIBUTE)
        work.put(name, one)
        work.updated.append(name)
    return work.done()


def delete_attribute(
    document: Document, name: str, now: datetime, *, dataset_id: str = "", all_of_them: bool = False
) -> Change:
    """Delete an attribute (clause 5.6.5): the default instance, that of a dataset, or all; `SCOPE` is the
    scope. Raises ResourceNotFound when it is not there."""
    work = _Work(document, now)
    if name == SCOPE:
        if not document.scopes:
            raise ResourceNotFound(NO_SUCH_ATTRIBUTE)
        work.scopes, work.touched = None, True
        return work.done()
    datasets = [one.dataset_id for one in document.attributes.get(name, ())] if all_of_them else [dataset_id]
    if not datasets or not all(work.drop(name, one) for one in datasets):
        raise ResourceNotFound(NO_SUCH_ATTRIBUTE)
    return work.done()
