"""Nobody calls an address but who is listed: what people type goes by the guard of `engines.outgoing`."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "belvedere"
#: What can open a connection.
CALLING = {
    *("socket", "ssl", "http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp", "ftplib"),
    *("smtplib", "xmlrpc.client", "telnetlib", "paho.mqtt.client", "paho.mqtt.publish", "websockets"),
}
#: Who calls what somebody typed: each looks the name up with the guard and connects to what was checked.
GUARDED = {
    *("engines/outgoing.py", "engines/publishing.py", "connectors/listening.py"),
    "domains/connections/brokers.py",
}
#: Who calls what is the platform’s own, or what its operator set up, and nothing else.
OWN = {
    *("engines/ports.py", "engines/probes.py", "engines/supervision.py", "engines/mqtt.py"),
    "faces/notices/mail.py",
}


def callers() -> dict[str, set[str]]:
    """Each module that can open a connection, and with what."""
    found: dict[str, set[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        names: set[str] = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(one.name for one in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.update((node.module, *(f"{node.module}.{one.name}" for one in node.names)))
            elif isinstance(node, ast.Attribute) and node.attr == "open_connection":
                names.add("socket")  # of asyncio
        if used := {one for one in names if any(f"{one}.".startswith(f"{way}.") for way in CALLING)}:
            found[str(path.relative_to(SOURCE))] = used
    return found


def test_who_can_call_is_known() -> None:
    found = callers()
    assert sorted(found.keys() - GUARDED - OWN) == []
    assert sorted((GUARDED | OWN) - found.keys()) == []


def test_who_calls_what_somebody_typed_asks_the_guard() -> None:
    for name in GUARDED - {"engines/outgoing.py"}:
        text = (SOURCE / name).read_text(encoding="utf-8")
        assert any(f"{guard}(" in text for guard in ("resolved", "reachable", "is_open")), name
