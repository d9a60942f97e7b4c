"""The documentation of a pack in French, from its table: its needs, its rules and why, the law, limits."""

from __future__ import annotations

from django.utils.translation import override

from belvedere.domains.packs.public import Pack, PackRule
from belvedere.faces.web.pages.automation import sentences, words
from belvedere.faces.web.pages.packs.words import need, preset

LANGUAGE = "fr"


def paper(pack: Pack) -> str:
    """The page `docs/reference/packs/<slug>.md`."""
    with override(LANGUAGE):
        parts = [
            f"# {pack.names[LANGUAGE]}",
            f"{pack.about[LANGUAGE]} Version {pack.version} de la mallette\u00a0; comment l’activer\u00a0: "
            "[mallettes](../packs.md).",
            "## Ce qu’il faut des objets",
            "\n".join(f"- {need(one)}" for one in pack.needs),
            "## Règles",
            "\n\n".join(_rule(one) for one in pack.rules),
            *_presets(pack),
            "## Références",
            "\n".join(f"- **{one.reference}**\u00a0: {one.says}." for one in pack.legal),
            "## Limites",
            pack.limits[LANGUAGE],
        ]
    return "\n\n".join(parts) + "\n"


def _rule(rule: PackRule) -> str:
    said = sentences.said(rule.body(LANGUAGE), rule.severity)
    severity = words.severity(rule.severity).label
    return (
        f"### {rule.names[LANGUAGE]} ({sentences.lower(severity)})\n\n{said}\n\n"
        f"**Pourquoi.** {rule.why[LANGUAGE]}\n\n**Que faire.** {rule.advice[LANGUAGE]}"
    )


def _presets(pack: Pack) -> list[str]:
    if not pack.presets:
        return []
    return ["## Commandes proposées", "\n".join(f"- {preset(one)}" for one in pack.presets)]
