"""A vote as it was frozen: its figures, its fingerprint, and what left it since, with the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from belvedere.domains.plans.public import outlook, vocabulary
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.outlook import asked as asking
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.cockpit import Cockpit, opened
from belvedere.faces.web.pages.plans.outlook.figures import ZERO
from belvedere.faces.web.pages.plans.outlook.frozen import Frozen
from belvedere.faces.web.pages.plans.outlook.votes import KINDS, question_of
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, Conflict, InvalidInput, NotFound
from belvedere.kernel.money import Kind, Money
from belvedere.kernel.texts import text_in

LINES = 100
NOTHING = "–"


def _table(frozen: Frozen) -> dict[str, Any]:
    """The rows of the day of the vote, in the unit that fits them."""
    figures, unit = frozen.figures, frozen.unit

    def line(label: str, values: Sequence[Decimal | None], css: str = "", *, adds_up: bool = True) -> Any:
        cells = ["" if value is None else unit.in_table(value) for value in values]
        whole = unit.in_table(sum((value or ZERO for value in values), ZERO)) if adds_up else ""
        return {"label": label, "cells": cells, "total": whole, "css": css}

    shown = [line(gettext("Gross cost"), figures.gross)]
    for payer in figures.payers:
        shown += [
            line(gettext("Aid, %(payer)s") % {"payer": one.name}, one.values) for one in payer.of or (payer,)
        ]
    shown.append(line(gettext("Left to %(owner)s, net") % {"owner": frozen.owner}, figures.net, "net"))
    if figures.has_contributions:
        shown.append(line(gettext("Paid to measures of others"), figures.contributions))
    shown.append(line(gettext("Treasury to advance"), figures.cash, "mut", adds_up=False))
    for limit in figures.limits:
        label = findings.with_nature(gettext("Ceiling"), limit.nature)
        shown.append(line(label, limit.most, "mut", adds_up=False))
    return {"heads": [head.label for head in figures.heads], "rows": shown, "caption": unit.caption}


def _frozen(line: Mapping[str, Any], frozen: Frozen) -> dict[str, str]:
    """A measure as it was voted."""
    return {
        "code": next(iter(line["codes"]), ""),
        "title": frozen.title(line),
        "language": frozen.foreign(line),
        "gross": frozen.unit.in_table(frozen.gross(line)),
        "net": frozen.unit.in_table(Decimal(line["net_total"])),
        "works": frozen.works(line),
    }


def _variance(one: outlook.Variance, room: Room, kind: Kind) -> dict[str, Any]:
    def said(amount: Decimal | None) -> str:
        return NOTHING if amount is None else formats.money(Money(amount, kind), form="full", unit=False)

    title = text_in(one.title, room.language)
    what = {
        vocabulary.VarianceKind.MONEY: gettext("Why the amount changed"),
        vocabulary.VarianceKind.DATES: gettext("Why the dates changed"),
    }
    return {
        "id": one.measure_id,
        "title": title,
        "language": "" if room.language in one.title else next(iter(one.title), ""),
        "code": next(iter(one.codes), ""),
        "url": "" if one.is_gone else room.measure_url(one.measure_id),
        "before": said(one.before),
        "now": said(one.now),
        "amount": ("+" if one.amount > 0 else "") + said(one.amount) if one.amount else "",
        "days": _days(one.days),
        "word": gettext("new") if one.is_new else gettext("gone") if one.is_gone else "",
        "asks": [{"kind": kind.value, "label": what[kind]} for kind in sorted(one.open)],
        "reasons": [{"reason": given.reason, "at": given.given_at} for given in one.reasons],
    }


def _days(days: int | None) -> str:
    if not days:
        return ""
    number = formats.number(abs(days))
    later = ngettext("%(n)s day later", "%(n)s days later", abs(days))
    earlier = ngettext("%(n)s day earlier", "%(n)s days earlier", abs(days))
    return (later if days > 0 else earlier) % {"n": number}


def _of(room: Room, organisation_id: UUID, snapshot_id: UUID) -> outlook.SnapshotView:
    found = outlook.snapshot(room.actor, snapshot_id)
    if (found.head.territory_id, found.head.organisation_id) != (room.territory.id, organisation_id):
        raise NotFound(N_("There is no such vote."))
    return found


def _compared(
    request: HttpRequest, room: Room, organisation_id: UUID, found: outlook.SnapshotView
) -> Cockpit:
    """The cockpit in the money of the vote, where any measure is in it today."""
    asked = replace(question_of(asking.read(request.GET)), kind=found.head.money)
    return opened(room, organisation_id, asked)


def _voted(request: HttpRequest, room: Room, organisation_id: UUID, snapshot_id: UUID) -> HttpResponse:
    found = _of(room, organisation_id, snapshot_id)
    cockpit = _compared(request, room, organisation_id, found)
    return render(request, "plans/outlook/voted.html", _context(cockpit, found))


def _context(cockpit: Cockpit, found: outlook.SnapshotView) -> dict[str, Any]:
    room, head = cockpit.room, found.head
    money = cockpit.view.constant_kind
    is_like = head.money in (None, money)
    changed = outlook.differences(cockpit.picture, head.id) if is_like else ()
    waiting = sum(1 for one in changed if one.open)
    frozen = Frozen(found, room.language)
    address = {"organisation_id": cockpit.organisation_id, "snapshot_id": head.id}
    return {
        "room": room,
        "owner": {"id": cockpit.organisation_id, "name": cockpit.owner},
        "money_url": room.url("finance"),
        "back_url": cockpit.url,
        "votes_url": f"{cockpit.url}votes/{cockpit.asked.query()}",
        "heading": head.title,
        "finding": gettext("%(title)s, voted on %(day)s by %(body)s")
        % {"title": head.title, "day": formats.day(head.voted_on, "long"), "body": head.body},
        "head": head,
        "kind": KINDS[head.kind],
        "intact": found.intact,
        "table": _table(frozen),
        "lines": [_frozen(line, frozen) for line in frozen.measures[:LINES]],
        "line_count": len(found.lines),
        "variances": [_variance(one, room, money) for one in changed],
        "waiting": _waiting_words(waiting, len(changed)) if is_like else _unlike_words(head, money),
        "files": [
            {"label": label, "icon": icon, "url": room.url(f"outlook_vote_{form}", **address)}
            for form, label, icon in (
                ("xlsx", gettext("Workbook"), "file-spreadsheet"),
                ("pdf", gettext("Report to print"), "file-type-pdf"),
            )
        ],
        "may_explain": found.may_explain,
        "explain_url": f"{cockpit.url}votes/{head.id}/explain/{cockpit.asked.query()}",
        "money": formats.money_kind(money) if is_like else "",
    }


def _unlike_words(head: outlook.SnapshotHead, money: Kind) -> str:
    """That the vote cannot be compared: nothing is in its money today."""
    said = {"voted": formats.money_kind(head.money) if head.money else "", "now": formats.money_kind(money)}
    return gettext("The vote is in %(voted)s; no measure is today (%(now)s): nothing is compared.") % said


def _waiting_words(waiting: int, changed: int) -> str:
    if not changed:
        return gettext("Nothing differs from the vote.")
    if not waiting:
        return ngettext(
            "%(n)s measure differs; nothing waits for a reason.",
            "%(n)s measures differ; nothing waits for a reason.",
            changed,
        ) % {"n": formats.number(changed)}
    return ngettext(
        "%(n)s measure waits for a reason before the next vote.",
        "%(n)s measures wait for a reason before the next vote.",
        waiting,
    ) % {"n": formats.number(waiting)}


def _explain(request: HttpRequest, room: Room, organisation_id: UUID, snapshot_id: UUID) -> HttpResponse:
    found = _of(room, organisation_id, snapshot_id)
    cockpit = _compared(request, room, organisation_id, found)
    try:
        measure_id = UUID(request.POST.get("measure", ""))
        kind = vocabulary.VarianceKind(request.POST.get("kind", ""))
    except ValueError as error:
        raise InvalidInput(N_("This form is incomplete. Open the page again.")) from error
    try:
        reason = request.POST.get("reason", "")
        outlook.explain_difference(cockpit.picture, found.head.id, measure_id, kind, reason)
    except (InvalidInput, Conflict) as error:
        context = _context(cockpit, found)
        context |= {
            "failed": {
                "id": measure_id,
                "kind": kind.value,
                "text": request.POST.get("reason", ""),
                "error": sentence(error),
            }
        }
        return render(request, "plans/outlook/voted.html", context, status=error.status)
    messages.success(request, gettext("The reason is kept with the vote."))
    return redirect(f"{cockpit.url}votes/{snapshot_id}/{cockpit.asked.query()}#variances")


voted = in_cockpit(_voted)
explain = require_POST(in_cockpit(_explain))

__all__ = ["explain", "voted"]
