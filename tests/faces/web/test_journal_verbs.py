"""Every verb that the code writes to the journal has words there; found by reading the code itself."""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import belvedere
from belvedere.faces.web.pages.journal import words

DOMAINS = Path(belvedere.__file__).parent / "domains"
WRITERS = {"record", "Entry"}  # the door of the journal
KEYWORD = -1
RIGHTS = {"may", "require", "require_either", "allow", "_owners"}  # their verb is a right, not an act


class Module:
    """A file: its syntax, where a verb stands among the arguments of its functions, what it imports."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.tree = ast.parse(file.read_text(encoding="utf-8"))
        self.takes: dict[str, int] = {}
        self.imported: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef) and node.name not in RIGHTS:
                given = [one.arg for one in node.args.args if one.arg not in ("self", "cls")]
                if "verb" in given:
                    self.takes[node.name] = given.index("verb")
                elif "verb" in (one.arg for one in node.args.kwonlyargs):
                    self.takes[node.name] = KEYWORD
            elif isinstance(node, ast.ClassDef):  # a dataclass that keeps the verb until it is written
                fields = [ast.unparse(one.target) for one in node.body if isinstance(one, ast.AnnAssign)]
                if "verb" in fields:
                    self.takes[node.name] = fields.index("verb")
            elif isinstance(node, ast.ImportFrom):
                for one in node.names:
                    self.imported[one.asname or one.name] = f"{node.module}.{one.name}"


def names_in(domain: Path) -> set[str]:
    """The verbs that a domain's code hands to the journal, straight or through functions of its own."""
    root = f"belvedere.domains.{domain.name}"
    modules = {
        ".".join([root, *file.relative_to(domain).with_suffix("").parts]): Module(file)
        for file in sorted(domain.rglob("*.py"))
    }
    takers = {f"{name}.{taker}": at for name, module in modules.items() for taker, at in module.takes.items()}
    parts = parts_by_method(list(modules.values()))
    found: set[str] = set()
    for module in modules.values():
        inside = {
            id(node): method.name
            for method in ast.walk(module.tree)
            if isinstance(method, ast.FunctionDef)
            for node in ast.walk(method)
        }
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or (value := verb_of(node, module, takers)) is None:
                continue
            where = f"{module.file.relative_to(DOMAINS)}:{node.lineno}"
            for one in texts(value, module.tree, parts.get(inside.get(id(node), ""), set()), where):
                found.add(one if "." in one else f"{domain.name}.{one}")
    return found


def parts_by_method(modules: list[Module]) -> dict[str, set[str]]:
    """Of the kinds of rows that a measure has several of (`Kept`), by method, those it is called for."""
    kinds: dict[str, str] = {}
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Kept("):
                assert isinstance(node.value, ast.Call) and isinstance(node.value.args[0], ast.Constant)
                kinds[ast.unparse(node.targets[0])] = str(node.value.args[0].value)
    found: dict[str, set[str]] = {}
    for module in modules:
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if (part := kinds.get(ast.unparse(node.func.value))) is not None:
                found.setdefault(node.func.attr, set()).add(part)
    return found


def verb_of(call: ast.Call, module: Module, takers: dict[str, int]) -> ast.expr | None:
    """What a call hands on as the verb; None where the function called takes none."""
    if isinstance(call.func, ast.Name):
        name = call.func.id
        at = module.takes.get(name, takers.get(module.imported.get(name, "")))
    elif isinstance(call.func, ast.Attribute):
        name, base = call.func.attr, ast.unparse(call.func.value)
        at = module.takes.get(name) if base == "self" else takers.get(f"{module.imported.get(base)}.{name}")
    else:
        return None
    if at is None and name not in WRITERS:
        return None
    for keyword in call.keywords:
        if keyword.arg == "verb":
            return keyword.value
    return call.args[at] if at is not None and 0 <= at < len(call.args) else None


def texts(value: ast.expr, tree: ast.AST, parts: set[str], where: str) -> Iterator[str]:
    """The values that an expression for a verb can have; what is only handed on is read where it begins."""
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        yield value.value
    elif isinstance(value, ast.IfExp):
        yield from texts(value.body, tree, parts, where)
        yield from texts(value.orelse, tree, parts, where)
    elif isinstance(value, ast.JoinedStr):
        inside = [ast.unparse(one.value) for one in value.values if isinstance(one, ast.FormattedValue)]
        before = "".join(str(one.value) for one in value.values if isinstance(one, ast.Constant))
        if inside == ["self.part"]:
            yield from (before + part for part in parts)
        elif inside != ["verb"]:
            assert before, f"{where}: {ast.unparse(value)}"
            yield f"{before}*"  # one of several that begin so
    elif isinstance(value, ast.Dict):
        for one in value.values:
            yield from texts(one, tree, parts, where)
    elif isinstance(value, ast.Subscript):
        yield from texts(value.value, tree, parts, where)
    elif isinstance(value, ast.Attribute) and value.attr == "verb":
        return  # kept by a dataclass, read where that is made
    elif isinstance(value, ast.Name):
        given = [
            one.value
            for one in ast.walk(tree)
            if isinstance(one, ast.Assign) and [ast.unparse(target) for target in one.targets] == [value.id]
        ]
        for one in given:
            yield from texts(one, tree, parts, where)
        assert given or value.id == "verb", f"{where}: {value.id}"
    else:
        raise AssertionError(f"{where}: {ast.unparse(value)}")


@cache
def every_verb() -> frozenset[str]:
    domains = [one for one in DOMAINS.iterdir() if (one / "__init__.py").exists()]
    return frozenset(verb for domain in domains for verb in names_in(domain))


def test_the_code_is_read() -> None:
    """A reader that finds nothing would always be content."""
    known = {
        "webhooks.create_endpoint",
        "plans.set_risk",
        "access.give_role",
        "reporting.close_round",
        "collaboration.unfollow_measure",
        "territory.import_network",
        "subscriptions.confirm",
        "library.share_measure",
        "coordination.set_rule",
    }
    assert known <= every_verb(), sorted(known - every_verb())


def test_every_verb_has_words() -> None:
    assert [verb for verb in sorted(every_verb()) if not fnmatch.filter(words.VERBS, verb)] == []
