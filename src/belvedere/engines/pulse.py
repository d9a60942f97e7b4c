"""How a process without a door of its own says that it lives: a small file, written over and over."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from belvedere.engines.home import Home

STALE_S = 10.0


def file_of(home: Home, name: str) -> Path:
    """Where the process of that name writes."""
    return home.path("run", f"{name}.json")


def beat(home: Home, name: str, told: dict[str, Any]) -> None:
    """Say how it goes now. A reader sees a whole one; what a power cut takes is of no use after it."""
    file = file_of(home, name)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(json.dumps({"pid": os.getpid(), "at": time.time(), **told}), encoding="utf-8")
    draft.replace(file)


def forget(home: Home, name: str) -> None:
    """Take away what a former process said."""
    file_of(home, name).unlink(missing_ok=True)


def felt(home: Home, name: str) -> dict[str, Any] | None:
    """What it said last, None when that is too long ago; of several (`name-2`…), the one that works."""
    own = said(home, name)
    if own is not None and own.get("state") == "ready":
        return own
    others = [said(home, file.stem) for file in sorted(home.path("run").glob(f"{name}-[0-9]*.json"))]
    working = (told for told in others if told is not None and told.get("state") == "ready")
    return next(working, own)


def said(home: Home, name: str) -> dict[str, Any] | None:
    """What the process of that very name said last, None when that is too long ago."""
    with suppress(OSError, ValueError):
        told: dict[str, Any] = json.loads(file_of(home, name).read_text(encoding="utf-8"))
        if abs(time.time() - float(told["at"])) <= STALE_S:
            return told
    return None
