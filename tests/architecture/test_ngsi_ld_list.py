"""The list of what is there of NGSI-LD says what the code says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "belvedere"
LIST = SOURCE.parents[1] / "docs" / "reference" / "ngsi_ld.md"
CLAUSE = re.compile(r"\b([4-7]\.\d{1,2}(?:\.\d{1,2})*)\b")
ROW = re.compile(r"^\| ([4-7][\d., ]*) \|.*\| `([\w.]+)(?::(\w+))?` \|$", re.MULTILINE)
TESTS = SOURCE.parents[1] / "tests"
IN_A_NAME = re.compile(r"\d+(?:_\d+)+(?:_to_\d+(?:_\d+)+)?")


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


def named_by_tests() -> set[str]:
    """The clauses that tests name: in their own name (`5_6_7_to_5_6_10` are four), or as the first word of a
    step (`Step("6.4.3.1", …)`)."""
    found: set[str] = set()
    for folder in ("standards/ngsi_ld", "faces/ngsi_ld", "domains/context", "domains/exchange"):
        for path in (TESTS / folder).glob("test_*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    found.update(*map(_between, IN_A_NAME.findall(node.name)))
                elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Step":
                    found.add(ast.literal_eval(node.args[0]))
    return found


def _between(name: str) -> list[str]:
    first, _, last = name.replace("_to_", " ").replace("_", ".").partition(" ")
    chapter, _, number = first.rpartition(".")
    end = int((last or first).rpartition(".")[2])
    return [f"{chapter}.{one}" for one in range(int(number), end + 1)]


def test_each_clause_of_the_list_is_tested_by_its_name() -> None:
    named = named_by_tests()
    untested = {
        clause
        for clause, _module, _name in rows()
        if not any(one == clause or one.startswith(clause + ".") for one in named)
    }
    assert sorted(untested) == []
