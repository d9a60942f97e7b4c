"""The papers match the house: settings are listed, links lead somewhere, decisions keep their form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
INTERNAL = {"BELVEDERE_SUPERVISED"}  # told by the supervisor to its own processes


def test_every_setting_is_documented() -> None:
    used: set[str] = set()
    for path in (ROOT / "src" / "belvedere").rglob("*.py"):
        used |= set(re.findall(r"\bBELVEDERE_[A-Z]+(?:_[A-Z]+)*\b", path.read_text(encoding="utf-8")))
    written = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    assert sorted(name for name in used - INTERNAL if name not in written) == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_papers_lead_somewhere(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?://|mailto:|#)([^)#\s]+)", text)
    assert [link for link in links if not (paper.parent / link).exists()] == []


@pytest.mark.parametrize(
    "paper", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda path: path.name
)
def test_a_decision_is_a_page(paper: Path) -> None:
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", paper.name)
    text = paper.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert len(text.split()) < 700


@pytest.mark.parametrize(
    "guide", sorted((ROOT / "docs" / "how_to" / "roles").glob("*.md")), ids=lambda path: path.name
)
def test_the_guide_of_a_role_is_two_pages_at_most(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    assert len(text.split()) < 700
    assert len(re.findall(r"!\[", text)) in (1, 2)
    for entrance in ("README.md", "README.fr.md"):
        assert f"docs/how_to/roles/{guide.name}" in (ROOT / entrance).read_text(encoding="utf-8")
