"""Every table and every field says whether it holds personal data."""

from __future__ import annotations

from belvedere.duties.privacy.public import faults


def test_every_table_and_field_is_declared() -> None:
    assert faults() == []
