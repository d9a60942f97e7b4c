"""The verbs of coordination as journals say them: the end of a sentence that begins with who."""

from __future__ import annotations

from typing import Final

from belvedere.kernel.errors import N_

VERBS: Final = {
    "coordination.mark_to_coordinate": N_("said that the works are to be coordinated with others"),
    "coordination.mark_coordinated": N_("said that the works are coordinated with others"),
    "coordination.mark_no_conflict": N_("said that the works are in no conflict with others"),
    "coordination.withdraw_verdict": N_("took back what was said of works that meet"),
    "coordination.set_rule": N_("changed from which distance works are a conflict"),
    "territory.import_network": N_("brought a network from a file"),
    "territory.remove_network": N_("removed a network"),
}
