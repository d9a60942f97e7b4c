"""Every sentence of an error gets the values that it names: a missing one would hide the error itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

SOURCES = Path(__file__).parents[2] / "src/belvedere"


def _sentence(call: ast.Call) -> str | None:
    """The text of `Error(N_("…"), …)`; None for any other call."""
    if not call.args or not isinstance(call.args[0], ast.Call):
        return None
    marked = call.args[0]
    if not (isinstance(marked.func, ast.Name) and marked.func.id == "N_" and marked.args):
        return None
    text = marked.args[0]
    return text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else None


def _errors(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        raised = node.exc if isinstance(node, ast.Raise) else node
        if isinstance(raised, ast.Call) and (text := _sentence(raised)) is not None:
            name = raised.func.id if isinstance(raised.func, ast.Name) else ""
            if isinstance(node, ast.Raise) or name.endswith(("Input", "Found", "Refused", "Conflict")):
                yield raised, text


def test_every_sentence_has_its_values() -> None:
    faults = []
    for path in sorted(SOURCES.rglob("*.py")):
        for call, text in _errors(ast.parse(path.read_text())):
            given = {keyword.arg for keyword in call.keywords}
            wanted = {name for _before, name, _spec, _how in Formatter().parse(text) if name}
            if None not in given and wanted - (given - {"code"}):
                where = f"{path.relative_to(SOURCES)}:{call.lineno}"
                faults.append(f"{where}: {sorted(wanted - (given - {'code'}))}")
    assert faults == []
