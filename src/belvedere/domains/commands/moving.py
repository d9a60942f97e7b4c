"""How commands move: each step with its row, the ends in the journal too. In the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from belvedere.domains.access.public import Actor
from belvedere.domains.commands.events import CommandMove, CommandsMoved
from belvedere.domains.commands.models import Command, CommandStep
from belvedere.domains.commands.states import OPEN, TRANSITIONS, Act, State
from belvedere.duties.journal.public import Entry, record_many, signed
from belvedere.kernel import events

#: Between two sendings: it doubles, and stays at the last.
FIRST_WAIT, LAST_WAIT = timedelta(seconds=2), timedelta(seconds=60)
_COLUMNS = ("state", "next_at", "sends", "finished_at", "told", "confirmed_by", "expires_at")
_JOURNALLED = {
    Act.CONFIRM: "commands.confirm",
    Act.DO: "commands.done",
    Act.FAIL: "commands.failed",
    Act.EXPIRE: "commands.expired",
    Act.CANCEL: "commands.cancel",
    Act.REPLACE: "commands.replace",
}


class Moves:
    """Commands in hand, locked by the caller, and their new steps; `write` writes them together."""

    def __init__(self, actor: Actor, at: datetime) -> None:
        self._actor, self._at = actor, at
        self._rows: dict[Any, Command] = {}
        self._steps: list[CommandStep] = []
        self._entries: list[Entry] = []

    def can(self, row: Command, act: Act) -> bool:
        return State(row.state) in TRANSITIONS[act]

    def move(self, row: Command, act: Act, note: str = "") -> bool:
        """Take the step, if the state allows it; whether it did."""
        if not self.can(row, act):
            return False
        before = State(row.state)
        after = TRANSITIONS[act][before]
        row.state = after
        if after not in OPEN:
            row.finished_at, row.next_at = self._at, None
        self._rows[row.pk] = row
        self._steps.append(step(row, act, self._at, before=before, note=note, actor=self._actor))
        if act in _JOURNALLED:
            self._entries.append(
                Entry(
                    **signed(self._actor),
                    verb=_JOURNALLED[act],
                    subject=("commands.command", str(row.pk)),
                    territory_id=row.territory_id,
                    before={"state": before.value},
                    after={"state": after.value, "kind": row.kind, "value": row.value},
                    reason=note[:500],
                )
            )
        return True

    def sent(self, row: Command) -> None:
        """It is handed to the bus now, and once more later unless it is answered."""
        self.move(row, Act.SEND)
        row.sends += 1
        row.next_at = self._at + min(FIRST_WAIT * 2 ** min(row.sends - 1, 10), LAST_WAIT)
        self._rows[row.pk] = row

    def write(self, new: Iterable[Command] = ()) -> None:
        """Write them, and `new` commands with their first step. Those come by thing, and the journal, which
        all who write wait for, comes last: so two who ask the same at once wait for each other in one order.
        """
        made = sorted(new, key=lambda one: one.entity_id)
        Command.objects.bulk_update(self._rows.values(), _COLUMNS, batch_size=500)
        Command.objects.bulk_create(made, batch_size=500)
        steps = [step(row, Act.REQUEST, self._at, note=row.why, actor=self._actor) for row in made]
        CommandStep.objects.bulk_create([*self._steps, *steps], batch_size=2000)
        _tell([*self._steps, *steps])
        record_many([*self._entries, *(self._requested(row) for row in made)])

    def _requested(self, row: Command) -> Entry:
        return Entry(
            **signed(self._actor),
            verb="commands.request",
            subject=("commands.command", str(row.pk)),
            territory_id=row.territory_id,
            after={"kind": row.kind, "value": row.value, "device": row.user},
            reason=row.why,
        )


def step(
    row: Command, act: Act, at: datetime, *, before: str = "", note: str = "", actor: Actor
) -> CommandStep:
    return CommandStep(
        command=row,
        at=at,
        act=act,
        before=before,
        after=row.state,
        person_id=actor.person_id,
        note=note[:500],
    )


def _tell(steps: Iterable[CommandStep]) -> None:
    """Tell who writes with it, in the transaction."""
    moves = tuple(
        CommandMove(
            command_id=one.command_id,
            territory_id=one.command.territory_id,
            owner_id=one.command.owner_id,
            entity_id=one.command.entity_id,
            act=one.act,
            after=one.after,
            at=one.at,
        )
        for one in steps
    )
    if moves:
        events.publish_within(CommandsMoved(moves))
