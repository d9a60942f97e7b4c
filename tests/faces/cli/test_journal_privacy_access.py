"""The commands of the journal, of privacy and of access."""

from __future__ import annotations

import csv
import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.utils import translation
from typer.testing import CliRunner, Result

from belvedere.domains.access.models import Person
from belvedere.duties.journal.public import Entry, record_many
from belvedere.faces.cli import access, journal, privacy
from belvedere.kernel.errors import BelvedereError, Conflict, InvalidInput, NotFound
from tests.people import People

pytestmark = pytest.mark.django_db
APPS = {"journal": journal.app, "privacy": privacy.app, "access": access.app}


def run(*words: str) -> Result:
    """A command, in English; a domain error is raised as the real command shows it."""
    with translation.override("en"):
        result = CliRunner().invoke(APPS[words[0]], list(words[1:]))
    if isinstance(result.exception, BelvedereError):
        raise result.exception
    return result


def write(count: int) -> list[int]:
    return record_many(
        [
            Entry(verb="plans.edit_measure", subject=("plans.measure", str(n)), after={"title": f"T{n}"})
            for n in range(count)
        ]
    )


def test_a_whole_journal() -> None:
    write(3)
    result = run("journal", "verify")
    assert result.exit_code == 0
    assert "whole: 3 entries" in result.output
    head = result.output.strip().rpartition(" ")[2]
    assert run("journal", "verify", "--noted", head).exit_code == 0
    assert run("journal", "verify", "--noted", "f" * 64).exit_code == 1


def test_a_changed_entry_is_named_and_the_command_fails() -> None:
    ids = write(3)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE journal_entry SET reason = 'x' WHERE id = %s", [ids[1]])
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")
    result = run("journal", "verify")
    assert result.exit_code == 1
    assert f"Entry {ids[1]} was changed" in result.output


def test_show_tells_the_newest_first() -> None:
    write(5)
    lines = run("journal", "show", "--count", "2", "--json").output.strip().splitlines()
    assert [json.loads(line)["after"] for line in lines] == [{"title": "T4"}, {"title": "T3"}]
    assert "title: None → T4" in run("journal", "show").output
    with pytest.raises(NotFound):
        run("journal", "show", "--territory", "nowhere")


def test_the_register_as_a_table_and_as_csv() -> None:
    rows = list(csv.reader(io.StringIO(run("privacy", "register", "--csv").output)))
    assert rows[0][:2] == ["Database table", "Field"]
    assert ["access.person", "email"] in [row[:2] for row in rows]
    assert all(len(row) == 6 and all(row) for row in rows)
    assert run("privacy", "register").exit_code == 0


def test_find_export_erase(people: People, tmp_path: Path) -> None:
    assert "lead@example.org" in run("privacy", "find", "lead@example.org").output
    file = tmp_path / "lead.json"
    assert run("privacy", "export", "lead@example.org", str(file)).exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["access"]["account"]["display_name"] == "Lead"
    with pytest.raises(Conflict, match="was not touched"):
        run("privacy", "export", "reader@example.org", str(file))
    asked = CliRunner().invoke(privacy.app, ["erase", "lead@example.org", "--reason", "x"], input="n\n")
    assert asked.exit_code == 1
    assert Person.objects.filter(email="lead@example.org").exists()
    result = run("privacy", "erase", "lead@example.org", "--reason", "asked", "--yes")
    assert "access.person: 1." in result.output
    assert "GDPR art. 6" in result.output
    assert not Person.objects.filter(email="lead@example.org").exists()
    assert run("privacy", "find", "lead@example.org").exit_code == 1


def test_erasing_needs_a_reason(people: People) -> None:
    assert run("privacy", "erase", "lead@example.org", "--yes").exit_code == 2
    with pytest.raises(InvalidInput):
        run("privacy", "erase", "lead@example.org", "--yes", "--reason", " ")


def test_rectify(people: People) -> None:
    result = run("privacy", "rectify", "lead@example.org", "--name", "Léa", "--reason", "misspelt")
    assert result.exit_code == 0
    people.lead.refresh_from_db()
    assert people.lead.display_name == "Léa"


def test_the_first_administrator_is_invited(people: People, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        run("access", "administrator", "anna@example.org", "--territory", "valbelle", "--language", "de")
    assert mail.outbox[0].to == ["anna@example.org"]
    with pytest.raises(NotFound):
        run("access", "administrator", "anna@example.org", "--territory", "nowhere")
    with pytest.raises(InvalidInput):
        run("access", "administrator", "anna", "--territory", "valbelle")


def test_people_and_closing(people: People) -> None:
    output = run("access", "people", "--territory", "valbelle").output
    assert "lead@example.org  Lead  Manager (Montaigu)" in output
    run("access", "close", "lead@example.org", "--territory", "valbelle", "--reason", "left")
    people.lead.refresh_from_db()
    assert not people.lead.is_active
    with pytest.raises(NotFound):
        run("access", "close", "who@example.org", "--territory", "valbelle", "--reason", "left")
