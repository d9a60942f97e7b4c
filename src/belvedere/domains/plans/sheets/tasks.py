"""Long acts on imports as jobs of the queue, with their progress kept beside the draft."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateWorker

from belvedere.domains.access.public import Actor, actor_of
from belvedere.domains.plans.sheets import drafts
from belvedere.domains.plans.sheets.models import ImportState, SheetImport, SheetProgress
from belvedere.domains.plans.sheets.taking import Taken
from belvedere.domains.territory.public import TerritoryView, territory_by_id
from belvedere.kernel.clock import now
from belvedere.kernel.errors import BelvedereError

# Below this many rows a person does not notice the wait.
LONG = 2000
ALIVE = timedelta(seconds=45)


def worker_is_there() -> bool:
    """Whether a worker of the queue gave a sign of life of late."""
    return ProcrastinateWorker.objects.filter(last_heartbeat__gt=now() - ALIVE).exists()


def take_or_queue(
    *, actor: Actor, territory: TerritoryView, import_id: UUID, only_sure: bool = False
) -> Taken | None:
    """Take a draft now when it is short or nobody works the queue; else as a job, and None."""
    drafts.require_importer(actor, territory)
    with transaction.atomic():
        draft = drafts.open_draft(actor, territory, import_id)
        long = int(draft.description.get("rows", 0)) > LONG
        if long and actor.person_id is not None and worker_is_there():
            draft.state, draft.message = ImportState.TAKING, {}
            draft.save()
            SheetProgress.objects.update_or_create(import_id=import_id, defaults={"percent": 0})
            take_later.defer(
                import_id=str(import_id),
                person_id=str(actor.person_id),
                request_id=actor.request_id,
                only_sure=only_sure,
            )
            return None
    return drafts.take(actor=actor, territory=territory, import_id=import_id, only_sure=only_sure)


def tell(import_id: UUID, percent: int) -> None:
    """Keep the progress past the transaction of the act: on a connection of its own, in a row of its own."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(
                "INSERT INTO sheets_sheetprogress (import_id, percent) VALUES (%s, %s) "
                "ON CONFLICT (import_id) DO UPDATE SET percent = excluded.percent",
                [import_id, percent],
            )
    finally:
        other.close()


@app.task(name="sheets.take", queue="sheets")
def take_later(import_id: str, person_id: str, request_id: str, only_sure: bool) -> None:
    """Take a draft as the person who asked; a refusal is kept on the draft for them to read."""
    key = UUID(import_id)
    draft = SheetImport.objects.get(pk=key)
    actor = actor_of(get_user_model().objects.get(pk=person_id), request_id=request_id)
    try:
        drafts.take(
            actor=actor,
            territory=territory_by_id(draft.territory_id),
            import_id=key,
            only_sure=only_sure,
            queued=True,
            told=lambda percent: tell(key, percent),
        )
    except BaseException as error:
        message = {"text": error.message, "data": error.data} if isinstance(error, BelvedereError) else {}
        SheetImport.objects.filter(pk=key).update(state=ImportState.DRAFT, message=message)
        if not isinstance(error, BelvedereError):
            raise


def progress_of(import_id: UUID) -> int:
    """Percent of the job that takes this import."""
    return SheetProgress.objects.filter(import_id=import_id).values_list("percent", flat=True).first() or 0


def release(*, actor: Actor, territory: TerritoryView, import_id: UUID) -> None:
    """Make a draft again of an import whose worker has gone; its transaction went with it."""
    with transaction.atomic():
        draft = drafts.find(actor, territory, import_id, lock=True)
        if draft.state == ImportState.TAKING and not worker_is_there():
            draft.state = ImportState.DRAFT
            draft.save()
