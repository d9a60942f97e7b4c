"""Where real input lies on machines that have it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(os.environ.get("BELVEDERE_REAL_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")


def real_data(name: str) -> Path:
    """The path of a real input file; skips the test, saying so, where it is absent."""
    path = ROOT / name
    if not path.exists():
        pytest.skip(f"real input {name} is not on this machine (set BELVEDERE_REAL_DATA)")
    return path
