"""THE DOOR of packs: domains of equipment with their rules, ready to be switched on by a territory.

Words: pack (a table of a domain of equipment: what it needs, its rules with why and the law), switched on
(its rules are made, for the whole territory, marked as its own), adapted (the territory changed a rule of
it), figures (what is computed from the history, and is no rule), notice (a camera in the register that the
law asks for).
Not for: rules themselves and their alarms (automation), what things tell (twin, observations).
"""

from belvedere.domains.packs.actions import (
    LONGEST_KEPT_DAYS,
    add_notice,
    remove_notice,
    switch_off,
    switch_on,
    take_over,
)
from belvedere.domains.packs.figures import figures
from belvedere.domains.packs.policies import may
from belvedere.domains.packs.queries import all_shown, notices, pack_of_rule, shown
from belvedere.domains.packs.tables import FOLDER, Legal, Need, Pack, PackRule, Preset, pack, packs
from belvedere.domains.packs.tabular import Column, Row, Table
from belvedere.domains.packs.views import NeedMet, NoticeDraft, NoticeView, RuleOf, Shown

__all__ = [
    "FOLDER",
    "LONGEST_KEPT_DAYS",
    "Column",
    "Legal",
    "Need",
    "NeedMet",
    "NoticeDraft",
    "NoticeView",
    "Pack",
    "PackRule",
    "Preset",
    "Row",
    "RuleOf",
    "Shown",
    "Table",
    "add_notice",
    "all_shown",
    "figures",
    "may",
    "notices",
    "pack",
    "pack_of_rule",
    "packs",
    "remove_notice",
    "shown",
    "switch_off",
    "switch_on",
    "take_over",
]
