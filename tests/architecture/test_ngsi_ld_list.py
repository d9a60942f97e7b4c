"""The list of what is there of NGSI-LD says what the code says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "belvedere"
LIST = SOURCE.parents[1] / "docs" / "reference" / "ngsi_ld.md"
CLAUSE = re.compile(r"\b([456]\.\d{1,2}(?:\.\d{1,2})*)\b")
ROW = re.compile(r"^\| ([456][\d., ]*) \|.*\| `([\w.]+)(?::(\w+))?` \|$", re.MULTILINE)


def docstrings(path: Path) -> dict[str, str]:
    """What a module ("") and its functions and classes say of themselves."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {"": ast.get_docstring(tree) or ""}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = ast.get_docstring(node) or ""
    return found


def rows() -> list[tuple[str, str, str]]:
    text = LIST.read_text(encoding="utf-8")
    return [
        (clause, module, name)
        for clauses, module, name in ROW.findall(text)
        for clause in CLAUSE.findall(clauses)
    ]


def test_each_clause_of_the_list_is_named_where_it_says() -> None:
    assert len(rows()) > 80
    wrong = []
    for clause, module, name in rows():
        path = SOURCE / (module.replace(".", "/") + ".py")
        if not path.is_file() or clause not in CLAUSE.findall(docstrings(path).get(name, "")):
            wrong.append((clause, module, name))
    assert wrong == []


def test_each_operation_of_the_code_is_in_the_list() -> None:
    listed = {clause for clause, _module, _name in rows()}
    done: set[str] = set()
    for folder in ("faces/ngsi_ld", "domains/context"):
        for path in (SOURCE / folder).glob("*.py"):
            for said in docstrings(path).values():
                done |= {one for one in CLAUSE.findall(said) if re.match(r"(6\.\d+\.\d+\.|5\.[678]\.)", one)}
    assert sorted(done - listed) == []
