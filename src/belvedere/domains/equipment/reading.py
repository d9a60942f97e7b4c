"""From rows to values: what reads and verbs share."""

from __future__ import annotations

from collections.abc import Iterable

from belvedere.domains.equipment.drafts import ResponseTimes, Terms
from belvedere.domains.equipment.models import Contract, Equipment, ResponseTime
from belvedere.domains.equipment.views import DocumentView
from belvedere.kernel.severity import Severity

_META = ("id", "title", "file_name", "media_type", "size_bytes", "added_at")


def times_of(rows: Iterable[ResponseTime]) -> dict[Severity, ResponseTimes]:
    """The response times of a contract, the most urgent first."""
    return {
        Severity(row.severity): ResponseTimes(
            acknowledge_h=row.acknowledge_h,
            arrive_h=row.arrive_h,
            repair_h=row.repair_h,
            round_the_clock=row.round_the_clock,
            penalty=row.penalty,
        )
        for row in sorted(rows, key=lambda one: -one.severity)
    }


def terms_of(row: Contract) -> Terms:
    return Terms(
        name=row.name,
        contractor_id=row.contractor_id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        reference=row.reference,
        currency=row.currency,
        work_days=tuple(row.work_days),
        works_from=row.works_from,
        works_until=row.works_until,
        response_times=times_of(row.response_times.all()),
        notes=row.notes,
    )


def documents_of(row: Equipment | Contract) -> dict[str, list[DocumentView]]:
    """The files of equipment or of a contract by their purpose, the newest first."""
    rows = row.documents.order_by("-added_at", "-pk").values_list("purpose", *_META)
    found: dict[str, list[DocumentView]] = {}
    for purpose, *meta in rows:
        found.setdefault(purpose, []).append(DocumentView(*meta))
    return found
