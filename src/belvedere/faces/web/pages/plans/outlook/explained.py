"""An amount opened: the lines it is made of, with prices, source and date; they add up to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import outlook, queries
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook import asked as asking
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.present import rule_in_words
from belvedere.faces.web.pages.plans.outlook.units import ONE, Unit
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.money import Money

WHOLE = "all"  # of an address: the sum of a row


def _column_words(column: str) -> str:
    names = {
        "before": gettext("before these years"),
        "after": gettext("after these years"),
        "undated": gettext("without a year"),
        WHOLE: gettext("in all"),
    }
    return names.get(column, column)


def _row_words(room: Room, row: str, view: outlook.views.OutlookView) -> str:
    kind, _, key = row.partition(":")
    if kind == "aid":
        names = {str(payer.organisation_id): payer.name for payer in view.payers}
        return gettext("Aid, %(payer)s") % {"payer": names.get(key, "")}
    if kind == "measure":
        found = queries.measure_row(room.actor, UUID(key), language=room.language)
        return gettext("Left to the owner, %(title)s") % {"title": found.title if found else ""}
    if kind == "margin":
        return findings.with_nature(gettext("Margin under the ceiling"), key)
    names = {
        "gross": gettext("Gross cost"),
        "net": gettext("Left to %(owner)s, net") % {"owner": view.organisation_name},
        "need": gettext("Treasury to advance"),
        "charge": gettext("To be paid in all"),
        "contributions": gettext("Paid to measures of others"),
    }
    return names.get(kind, gettext("Gross cost of a group"))


def _part(room: Room, line: outlook.views.Behind, kind: Any) -> dict[str, Any]:
    how = rule_in_words(line.rule, Unit(kind, ONE, ONE)) if line.rule else ""
    return {
        "label": gettext("Ceiling") if line.is_ceiling else line.label,
        "language": "" if line.language == room.language else line.language,
        "url": room.measure_url(line.measure_id) if line.measure_id and not line.rule else "",
        "how": how,
        "prices": formats.price_base(line.price_base) if line.price_base else gettext("nominal"),
        "source": line.source if not line.rule else "",
        "dated": line.dated,
        "amount": formats.money(Money(line.amount, kind), form="cents", unit=False),
    }


def _explain(request: HttpRequest, room: Room, organisation_id: UUID, row: str, column: str) -> HttpResponse:
    asked = asking.read(request.GET)
    picture = outlook.open_picture(
        room.actor, room.territory.id, organisation_id, asked.question, language=room.language
    )
    found = outlook.explain(picture, row, "" if column == WHOLE else column)
    view = outlook.view_of(picture)
    more = ""
    if found.rest_count:
        more = ngettext(
            "and %(n)s smaller line of %(amount)s together",
            "and %(n)s smaller lines of %(amount)s together",
            found.rest_count,
        ) % {
            "n": formats.number(found.rest_count),
            "amount": formats.money(Money(found.rest, found.kind), form="cents", unit=False),
        }
    title = gettext("%(row)s, %(column)s") % {
        "row": _row_words(room, row, view),
        "column": _column_words(column),
    }
    context = {
        "room": room,
        "owner": {"name": view.organisation_name},
        "back_url": room.url("outlook", organisation_id=organisation_id) + asked.query(),
        "title": title,
        "caption": formats.money_kind(found.kind),
        "sum": formats.money(Money(found.amount, found.kind), form="cents"),
        "parts": [_part(room, line, found.kind) for line in found.lines],
        "more": more,
    }
    fragment = request.headers.get("HX-Request")
    return render(request, f"plans/outlook/{'explain' if fragment else 'explain_page'}.html", context)


explain = in_cockpit(_explain)

__all__ = ["explain"]
