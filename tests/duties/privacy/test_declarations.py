"""Declarations: what is missing or wrong is found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from belvedere.duties.privacy import declarations
from belvedere.duties.privacy.public import NOT_PERSONAL, Basis, Personal, declare_table, faults, register

SOMEBODY = Personal(whose="People", why="To test", basis=Basis.CONSENT, keep="A day")


@pytest.fixture(autouse=True)
def _own_declarations() -> Iterator[None]:
    kept = dict(declarations._tables)
    yield
    declarations._tables.clear()
    declarations._tables.update(kept)


def of(label: str) -> list[str]:
    return [fault for fault in faults() if fault.startswith(label)]


def test_an_undeclared_table_is_found() -> None:
    del declarations._tables["access.person"]
    assert of("access.person") == ["access.person: the table is not declared"]


def test_an_undeclared_field_is_found() -> None:
    fields = dict(declarations._tables["access.person"].fields)
    del fields["phone"], declarations._tables["access.person"]
    declare_table("access.person", **fields)
    assert of("access.person") == ["access.person.phone: the field is not declared"]


def test_a_field_that_is_gone_is_found() -> None:
    fields = dict(declarations._tables["access.person"].fields)
    del declarations._tables["access.person"]
    declare_table("access.person", **fields, fax=SOMEBODY)
    assert of("access.person") == ["access.person.fax: declared, but there is no such field"]


def test_a_table_that_is_gone_is_found() -> None:
    declare_table("access.nobody", NOT_PERSONAL)
    assert of("access.nobody") == ["access.nobody: declared, but there is no such table"]


def test_a_whole_table_is_not_declared_harmless_when_a_field_points_to_a_person() -> None:
    del declarations._tables["access.membership"]
    declare_table("access.Membership", NOT_PERSONAL)
    (fault,) = of("access.membership")
    assert fault.startswith("access.membership.person:")
    del declarations._tables["access.person"]
    declare_table("access.person", NOT_PERSONAL)
    assert {fault.split(":")[0] for fault in of("access.person")} == {
        "access.person.email",
        "access.person.phone",
    }


def test_a_table_is_declared_once() -> None:
    declare_table("x.y", NOT_PERSONAL)
    declare_table("x.y", NOT_PERSONAL)
    with pytest.raises(ValueError, match="twice"):
        declare_table("x.y", name=SOMEBODY)


def test_the_register_tells_every_personal_field() -> None:
    lines = {(line.table, line.field): line.personal for line in register()}
    assert lines["access.person", "phone"].basis is Basis.CONSENT
    assert ("access.person", "is_active") not in lines
    assert ("usersessions.usersession", "ip") in lines
    assert all(personal.why and personal.whose and personal.keep for personal in lines.values())
