"""Each pack as a table: it can be followed, is complete in three languages, and its page says the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from belvedere.domains.commands import public as commands
from belvedere.domains.packs import public as packs
from belvedere.domains.packs.figures import NAMES
from belvedere.domains.twin.public import descriptions
from belvedere.faces.web.pages.packs.papers import paper
from belvedere.kernel.severity import Severity
from belvedere.science.environment.vine import wet_bulb_cel

ROOT = Path(__file__).parents[3]
PAPERS = ROOT / "docs" / "reference" / "packs"
ALL = sorted(packs.packs())
LANGUAGES = {"fr", "de", "en"}


def test_there_are_the_nine_domains() -> None:
    assert set(ALL) == {
        "lighting", "water", "energy", "air-noise", "parking-crowds", "weather-rivers", "waste",
        "cameras", "vineyard",
    }  # fmt: skip
    assert {path.stem for path in PAPERS.glob("*.md")} == set(ALL)


@pytest.mark.parametrize("slug", ALL)
def test_a_pack_is_complete(slug: str) -> None:
    pack = packs.pack(slug)
    assert pack.slug == slug == next(packs.FOLDER.glob(f"{slug}.toml")).stem
    assert pack.rules and pack.needs and pack.legal and set(pack.figures) <= NAMES
    assert len({one.key for one in pack.rules}) == len(pack.rules)
    texts = [pack.names, pack.about, pack.limits, *(one.names for one in pack.presets)]
    texts += [text for rule in pack.rules for text in (rule.names, rule.why, rule.advice)]
    for text in texts:
        assert set(text) == LANGUAGES and all(text.values()), text
        assert "ß" not in text["de"]
    for need in pack.needs:
        assert set(need.attributes) <= set(descriptions()[need.kind].attributes)
    for preset in pack.presets:
        assert commands.kind(preset.kind).checked(preset.value) == preset.value


@pytest.mark.parametrize("slug", ALL)
def test_its_rules_can_be_followed_and_are_not_all_urgent(slug: str) -> None:
    pack = packs.pack(slug)
    told = {(need.kind, term) for need in pack.needs for term in need.attributes}
    for rule in pack.rules:
        body = rule.body("de")
        assert body.advice == rule.advice["de"] and body.watched.kind == rule.kind
        assert {(rule.kind, clause.attribute) for clause in body.clauses} <= told, rule.key
        assert all(len(text) <= 120 for text in rule.names.values())
    assert sum(rule.severity is Severity.CRITICAL for rule in pack.rules) <= 1


@pytest.mark.parametrize("slug", ALL)
def test_its_page_says_what_its_table_says(slug: str) -> None:
    kept = (PAPERS / f"{slug}.md").read_text(encoding="utf-8")
    assert kept == paper(packs.pack(slug)), "write the pages anew: script/packs"


def test_dry_cold_air_freezes_a_wet_bud_where_the_rule_says_so() -> None:
    (rule,) = (one for one in packs.pack("vineyard").rules if one.key == "frost-near")
    temperature, humidity = (clause.condition.level for clause in rule.body("fr").clauses)  # type: ignore[union-attr]
    wet = float(wet_bulb_cel(np.array([temperature]), np.array([humidity]))[0])
    assert wet == pytest.approx(-0.7, abs=0.05)
