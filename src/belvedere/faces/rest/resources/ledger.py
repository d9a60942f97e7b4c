"""Reading the books of messages: what arrived, what became of it. For administrators of the territory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Query, Schema
from pydantic import Field

from belvedere.domains.intake import public as intake
from belvedere.faces.rest.resources.paging import following
from belvedere.faces.rest.resources.routing import HOLDER, router
from belvedere.faces.rest.resources.seeing import territory_at
from belvedere.faces.rest.resources.series import CSV, table
from belvedere.faces.rest.resources.things import BIGGEST, TAGS
from belvedere.faces.rest.schemas.live import CountsOut, LedgerLine, LedgerOut, RefusedOut, RefusedPage
from belvedere.faces.rest.tokens import actor_of
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput

HOUR = timedelta(hours=1)
LONGEST = timedelta(days=400)
Key = Field(default=None, max_length=64, pattern="^[a-z0-9_-]*$", description="Its name in its territory")


class Asked(Schema):
    """Which part of the books. Hours and days are those of arrival."""

    start: datetime | None = Field(default=None, description="RFC 3339, the hour it lies in; else a day ago")
    end: datetime | None = Field(default=None, description="With the hour it lies in; now without it")
    by: intake.By = Field(default=intake.By.HOUR, description="What a line is")
    device: str | None = Key
    outcome: intake.Outcome | None = Field(default=None, description="Only lines that have some of it")
    reason: intake.Reason | None = Field(default=None, description="Only lines that have some of it")

    def period(self) -> tuple[datetime, datetime]:
        for name, given in (("start", self.start), ("end", self.end)):
            if given is not None and (given.tzinfo is None or not 1970 < given.year < 2150):
                raise InvalidInput(
                    N_("Write the instant with its time zone, as in 2026-03-01T08:00:00Z."), field=name
                )
        end = _hour(self.end or now())
        if self.end is None or end < self.end:
            end += HOUR
        start = _hour(self.start) if self.start else end - timedelta(days=1)
        if not timedelta(0) < end - start <= LONGEST:
            raise InvalidInput(
                N_("Ask for a period of an hour to {days} days."), days=LONGEST.days, field="end"
            )
        return start, end


def _hour(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


class AskedRefused(Schema):
    reason: intake.Reason | None = None
    device: str | None = Key
    state: intake.LetterState = Field(default=intake.LetterState.WAITING)
    before: int | None = Field(
        default=None, ge=1, le=BIGGEST, description="Those with a smaller id; see `next`"
    )
    limit: int = Field(default=50, ge=1, le=200)


def _lines(request: HttpRequest, slug: str, asked: Asked) -> tuple[intake.Lines, datetime, datetime]:
    here = territory_at(request, slug)
    start, end = asked.period()
    found = intake.ledger_lines(
        actor_of(request),
        here.id,
        start,
        end,
        by=asked.by,
        zone=ZoneInfo(here.zone),
        device_key=asked.device,
        outcome=asked.outcome,
        reason=asked.reason,
    )
    return found, start, end


@router.get(
    "/territories/{slug:slug}/ledger",
    response=LedgerOut,
    operation_id="read_ledger",
    auth=HOLDER,
    tags=TAGS,
)
def read_ledger(request: HttpRequest, slug: str, asked: Query[Asked]) -> Any:
    """What arrived and what became of it: received = stored + late + duplicate + refused, line by line."""
    found, start, end = _lines(request, slug, asked)
    return LedgerOut(
        start=start,
        end=end,
        by=asked.by,
        whole=CountsOut(**CountsOut.counts(found.whole)),
        lines=[LedgerLine.of(line) for line in found.lines],
    )


@router.get(
    "/territories/{slug:slug}/ledger.csv",
    operation_id="export_ledger",
    auth=HOLDER,
    openapi_extra=CSV,
    tags=TAGS,
)
def export_ledger(request: HttpRequest, slug: str, asked: Query[Asked]) -> Any:
    """The same lines as a table."""
    found, start, end = _lines(request, slug, asked)
    return table(f"{slug}-ledger-{start:%Y%m%d%H}-{end:%Y%m%d%H}.csv", intake.as_rows(found))


@router.get(
    "/territories/{slug:slug}/refused",
    response=RefusedPage,
    operation_id="list_refused",
    auth=HOLDER,
    tags=TAGS,
)
def list_refused(request: HttpRequest, response: HttpResponse, slug: str, asked: Query[AskedRefused]) -> Any:
    """Refused messages as they came, the latest first; those that wait unless you ask for others."""
    here = territory_at(request, slug)
    found = intake.dead_letters(
        actor_of(request),
        here.id,
        state=asked.state,
        reason=asked.reason,
        device_key=asked.device or "",
        before=asked.before,
        limit=asked.limit + 1,
    )
    shown, further = found[: asked.limit], None
    if len(found) > asked.limit:
        further = following(request, response, before=shown[-1].id)
    return RefusedPage(
        next=further,
        messages=[RefusedOut.of(one, gettext(intake.REASONS[one.reason])) for one in shown],
    )
