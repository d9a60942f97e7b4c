"""THE DOOR of commands: what people have devices do, and what became of it.

Events: CommandsMoved, within the transaction.
Words: command (one thing, one kind, one value), kind of command (a row of `kinds.toml`), step (of its
course), limit (what a thing must not be told), answer (of the device).
For other domains, without an actor: order_once, limits_of, done_between.
A dangerous kind waits for a second person. A command is sent again, under the same id, until it is answered.
Not for: how bytes reach devices (engines.downlinks), what devices tell of themselves (twin, observations).
"""

from belvedere.domains.commands.actions import (
    LimitView,
    cancel_command,
    confirm_command,
    request_command,
    request_commands,
    set_limit,
)
from belvedere.domains.commands.kinds import Form, Kind, Value, kind, kinds, kinds_for
from belvedere.domains.commands.ordering import (
    Done,
    Order,
    Ordered,
    done_between,
    limits_of,
    order_once,
)
from belvedere.domains.commands.policies import may
from belvedere.domains.commands.queries import (
    CommandView,
    Step,
    Wanted,
    by_id,
    command,
    commands,
    limit_of,
    tallies,
)
from belvedere.domains.commands.sending import MOST, Downlink, hear, take_due
from belvedere.domains.commands.states import ACT_NAMES, OPEN, STATE_NAMES, Act, State

__all__ = [
    "ACT_NAMES",
    "MOST",
    "OPEN",
    "STATE_NAMES",
    "Act",
    "CommandView",
    "Done",
    "Downlink",
    "Form",
    "Kind",
    "LimitView",
    "Order",
    "Ordered",
    "State",
    "Step",
    "Value",
    "Wanted",
    "by_id",
    "cancel_command",
    "command",
    "commands",
    "confirm_command",
    "done_between",
    "hear",
    "kind",
    "kinds",
    "kinds_for",
    "limit_of",
    "limits_of",
    "may",
    "order_once",
    "request_command",
    "request_commands",
    "set_limit",
    "take_due",
    "tallies",
]
