"""THE DOOR of intake: every message from outside is taken once, and accounted for.

Words: message, reading set (the values of one device at one instant), outcome (stored, late, duplicate,
refused), ledger (the counts), dead letter (a refused message, kept as it came).
Events: PresentChanged.
For any period: received = stored + late + duplicate + refused. A set is late when its device had told of
something newer.
Not for: how messages reach the platform (faces.ingest), what the values mean (twin).
"""

from belvedere.domains.intake.actions import Replayed, dismiss, replay
from belvedere.domains.intake.books import By, Line, Lines, as_rows, ledger_lines
from belvedere.domains.intake.file_actions import FileTaken, RefusedRow, refused_rows, take_file
from belvedere.domains.intake.forms import Refusal
from belvedere.domains.intake.judging import Value
from belvedere.domains.intake.lasts import LastView, last_messages
from belvedere.domains.intake.policies import may
from belvedere.domains.intake.pulse import messages_by_hour
from belvedere.domains.intake.queries import (
    LedgerView,
    LetterView,
    Tally,
    dead_letter,
    dead_letters,
    ledger,
    totals,
    waiting_letters,
)
from belvedere.domains.intake.states import OUTCOMES, REASONS, Form, LetterState, Outcome, Reason
from belvedere.domains.intake.taking import take, take_surely
from belvedere.domains.intake.uplinks import foresee
from belvedere.domains.intake.values import Message, Taken

__all__ = [
    "OUTCOMES",
    "REASONS",
    "By",
    "FileTaken",
    "Form",
    "LastView",
    "LedgerView",
    "LetterState",
    "LetterView",
    "Line",
    "Lines",
    "Message",
    "Outcome",
    "Reason",
    "Refusal",
    "RefusedRow",
    "Replayed",
    "Taken",
    "Tally",
    "Value",
    "as_rows",
    "dead_letter",
    "dead_letters",
    "dismiss",
    "foresee",
    "last_messages",
    "ledger",
    "ledger_lines",
    "may",
    "messages_by_hour",
    "refused_rows",
    "replay",
    "take",
    "take_file",
    "take_surely",
    "totals",
    "waiting_letters",
]
