"""The house keeps its own rules: small rooms, doors, translations, no address of a registry, docs."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

from belvedere.project import i18n

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "belvedere"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
# Files and functions that are larger than the house allows; the list may only shrink.
TOLERATED_FILES: dict[str, int] = {}
TOLERATED_FUNCTIONS: dict[str, int] = {}


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_no_file_is_too_large() -> None:
    large = {name(p): n for p in FILES if (n := len(p.read_text().splitlines())) > 500}
    assert large == TOLERATED_FILES


def test_no_function_is_too_long() -> None:
    long = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > 60:
                    long[f"{name(path)}:{node.name}"] = lines
    assert long == TOLERATED_FUNCTIONS


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name(p) for p in FILES if p.read_text().strip() and not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert silent == []


def test_every_domain_has_a_door_with_a_list() -> None:
    for folder in [*(SOURCE / "domains").iterdir(), *(SOURCE / "duties").iterdir()]:
        if not folder.is_dir() or folder.name.startswith("_"):
            continue
        door = ast.parse((folder / "public.py").read_text())
        assert any(
            isinstance(node, ast.Assign | ast.AnnAssign) and "__all__" in ast.unparse(node).split("=")[0]
            for node in door.body
        ), folder.name


def test_foreign_keys_across_domains_point_downwards_without_a_way_back() -> None:
    from django.apps import apps

    above = ["reporting", "coordination", "collaboration", "library", "subscriptions", "webhooks"]
    order = [
        "territory",
        "access",
        "reach",
        "twin",
        "equipment",
        "observations",
        "connections",
        "context",
        "intake",
        "automation",
        "duty",
        "packs",
        "commands",
        "scenes",
        "interventions",
        "logbook",
        "crisis",
        "plans",
        "sheets",
        *above,
    ]
    for model in apps.get_models():
        here = model._meta.app_label
        if here not in order:
            continue
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete) or field.related_model is None:
                continue
            there = field.related_model._meta.app_label
            if there == here or there not in order:
                continue
            assert order.index(there) < order.index(here), field
            hidden = field.remote_field.related_name
            assert hidden == "+" or (here, there) == ("sheets", "plans"), f"{field}: related_name must be '+'"


def test_translations_are_complete() -> None:
    assert i18n.faults() == []


def test_no_registry_address_is_kept() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert [key for key, value in lock["packages"].items() if "resolved" in value] == []
    for path in (ROOT / "requirements").glob("*.txt"):
        assert not re.search(r"https?://|--index-url|--extra-index|--find-links", path.read_text()), path


def test_every_requirement_is_hashed() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        for block in re.split(r"\n(?=[A-Za-z0-9])", path.read_text()):
            if "==" in block.split("\n", 1)[0]:
                assert "--hash=sha256:" in block, block.split("\n", 1)[0]


def test_no_path_of_a_machine_is_kept() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    if not tracked:
        pytest.skip("not a git checkout")
    home = re.compile(r"(?<!\w)/(?:home|root|Users|work)/[a-z]")
    allowed = {"tests/architecture/test_house.py"}
    texts = [
        p
        for p in tracked
        if p not in allowed and Path(p).suffix in {".py", ".md", ".html", ".ts", ".css", ""}
    ]
    found = [p for p in texts if (ROOT / p).is_file() and home.search((ROOT / p).read_text(errors="ignore"))]
    assert found == []


@pytest.mark.parametrize("readme", ["README.md", "README.fr.md"])
def test_the_readme_names_the_two_commands(readme: str) -> None:
    text = (ROOT / readme).read_text()
    assert "script/demo" in text
    assert "script/test" in text
