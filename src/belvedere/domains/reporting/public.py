"""THE DOOR of reporting: yearly rounds, what owners confirm, and the tables made of it.

Words: round (a yearly call as of a day), task (an owner's checklist), line (a measure to confirm), finding
(a gap or a contradiction), snapshot (what a closed round froze), table.
Verbs: open_round, remind, reopen_task, close_round for the office; confirm_lines, correct_line, hand_in_task
for owners, who may act through a signed link (`links`). Events: TaskAsked, TaskReminded, TaskReopened,
RoundClosed. Not for: changing measures outside a round (plans).
"""

from belvedere.domains.reporting import findings, frozen, links, outputs, policies, queries, states, tables
from belvedere.domains.reporting.answering import Correction, confirm_lines, correct_line, hand_in_task
from belvedere.domains.reporting.closing import Missing, close_round
from belvedere.domains.reporting.rounds import RoundDraft, open_round, remind, reopen_task

__all__ = [
    "Correction",
    "Missing",
    "RoundDraft",
    "close_round",
    "confirm_lines",
    "correct_line",
    "findings",
    "frozen",
    "hand_in_task",
    "links",
    "open_round",
    "outputs",
    "policies",
    "queries",
    "remind",
    "reopen_task",
    "states",
    "tables",
]
