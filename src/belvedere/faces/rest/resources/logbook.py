"""Reading the log book of the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from belvedere.domains.logbook import public as logbook
from belvedere.faces.rest.resources.alarms import instant
from belvedere.faces.rest.resources.linking import Paged, further_of, maybe_at
from belvedere.faces.rest.resources.routing import HOLDER, router
from belvedere.faces.rest.resources.seeing import worked_in
from belvedere.faces.rest.schemas.commands import LogEntryOut, LogPage
from belvedere.faces.rest.schemas.shared import Line
from belvedere.faces.rest.schemas.words import LogCategory
from belvedere.faces.rest.tokens import actor_of


class AskedEntries(Paged):
    """Values of one name are alternatives; names narrow each other."""

    q: Line = Field(default="", description="Words of entries, and of the alarms and interventions they tell")
    category: list[LogCategory] = Field(default=[], max_length=10)
    owner: list[UUID] = Field(default=[], max_length=100, description="Log books of these organisations")
    place: list[UUID] = Field(default=[], max_length=100, description="Communes")
    since: datetime | None = Field(default=None, description="Happened from then on: RFC 3339")
    until: datetime | None = Field(default=None, description="Happened before then: RFC 3339")
    hand_over: bool = Field(default=False, description="Only what the next shift has to know")

    def which(self) -> logbook.Wanted:
        return logbook.Wanted(
            text=self.q,
            categories=[logbook.Category(one) for one in self.category],
            places=self.place,
            owners=self.owner,
            since=instant(self.since, "since"),
            until=instant(self.until, "until"),
            hand_over=self.hand_over,
        )


@router.get(
    "/territories/{slug:slug}/log",
    response=LogPage,
    operation_id="list_log_entries",
    auth=HOLDER,
    tags=["Log book"],
)
def list_log_entries(
    request: HttpRequest, response: HttpResponse, slug: str, asked: Query[AskedEntries]
) -> Any:
    """The entries of the log books you may read, the last that happened first."""
    here = worked_in(request, slug)
    found = logbook.entries(actor_of(request), here.id, asked.which(), asked.window())
    return LogPage(
        total=found.total,
        next=further_of(request, response, found),
        entries=[_entry(one) for one in found.rows],
    )


def _entry(one: logbook.EntryView) -> LogEntryOut:
    """Links only to what the reader may see."""
    return LogEntryOut.of(
        one,
        alarm_url=maybe_at("alarm", alarm_id=one.alarm.id if one.alarm else None),
        intervention_url=maybe_at(
            "intervention", intervention_id=one.intervention.id if one.intervention else None
        ),
        command_url=maybe_at("command", command_id=one.command.id if one.command else None),
    )
