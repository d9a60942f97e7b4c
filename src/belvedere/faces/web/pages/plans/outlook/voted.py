"""A vote as it was frozen: its figures, its fingerprint, and what left it since, with the reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
from belvedere.faces.web.pages.plans.outlook.units import Unit, unit_of
from belvedere.faces.web.pages.plans.outlook.votes import KINDS, question_of
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, Conflict, InvalidInput, NotFound
from belvedere.kernel.money import Kind, Money, Vat
from belvedere.kernel.texts import text_in

LINES = 100
NOTHING = "–"


def _amounts(texts: list[str]) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def _kind(said: Mapping[str, str]) -> Kind:
    return Kind(said["currency"], Vat(said["vat"]), said["price_base"])


def _table(content: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of the day of the vote, in the unit that fits them."""
    rows = {name: _amounts(values) for name, values in content["rows"].items()}
    payers = [(payer["name"], _amounts(payer["aid"])) for payer in content["payers"]]
    used = [at for at in range(len(content["columns"])) if any(row[at] for row in rows.values())]
    unit = unit_of(_kind(content["kind"]), max(abs(value) for row in rows.values() for value in row))
    names = {"before": gettext("before"), "after": gettext("after"), "undated": gettext("no year")}

    def line(label: str, values: list[Decimal], css: str = "") -> dict[str, Any]:
        cells = [unit.in_table(values[at]) for at in used]
        return {"label": label, "cells": cells, "total": unit.in_table(sum(values, Decimal(0))), "css": css}

    shown = [line(gettext("Gross cost"), rows["gross"])]
    shown += [line(gettext("Aid, %(payer)s") % {"payer": name}, values) for name, values in payers]
    owner = content["organisation"]["name"]
    shown.append(line(gettext("Left to %(owner)s, net") % {"owner": owner}, rows["net"], "net"))
    if any(rows["contributions"]):
        shown.append(line(gettext("Paid to measures of others"), rows["contributions"]))
    treasury = line(gettext("Treasury to advance"), rows["need"], "mut")
    shown.append(treasury | {"total": ""})
    for limit in outlook.frozen_ceilings(content):
        cells = [
            "" if limit["limits"][at] is None else unit.in_table(Decimal(limit["limits"][at])) for at in used
        ]
        label = findings.with_nature(gettext("Ceiling"), limit["nature"])
        shown.append({"label": label, "cells": cells, "total": "", "css": "mut"})
    heads = [names.get(content["columns"][at], content["columns"][at]) for at in used]
    return {"heads": heads, "rows": shown, "caption": unit.caption, "unit": unit}


def _frozen(line: Mapping[str, Any], room: Room, unit: Unit) -> dict[str, str]:
    """A measure as it was voted."""
    titles = line["title"]
    title = text_in(titles, room.language)
    return {
        "code": next(iter(line["codes"]), ""),
        "title": title,
        "language": "" if room.language in titles else next(iter(titles), ""),
        "gross": unit.in_table(sum((Decimal(v) for v in line["gross"].values()), Decimal(0))),
        "net": unit.in_table(Decimal(line["net_total"])),
        "works": " – ".join(year[:4] for year in (line["works_start"], line["works_end"]) if year),
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


def _voted(request: HttpRequest, room: Room, organisation_id: UUID, snapshot_id: UUID) -> HttpResponse:
    cockpit = opened(room, organisation_id, question_of(asking.read(request.GET)))
    found = _of(room, organisation_id, snapshot_id)
    return render(request, "plans/outlook/voted.html", _context(cockpit, found))


def _context(cockpit: Cockpit, found: outlook.SnapshotView) -> dict[str, Any]:
    room, head = cockpit.room, found.head
    money = cockpit.view.kind
    changed = outlook.differences(cockpit.picture, head.id)
    waiting = sum(1 for one in changed if one.open)
    table = _table(found.content)
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
        "table": table,
        "lines": list(_sorted_lines(found, room, table["unit"])),
        "line_count": len(found.lines),
        "variances": [_variance(one, room, money) for one in changed],
        "waiting": _waiting_words(waiting, len(changed)),
        "may_explain": found.may_explain,
        "explain_url": f"{cockpit.url}votes/{head.id}/explain/{cockpit.asked.query()}",
        "money": formats.money_kind(money),
    }


def _sorted_lines(found: outlook.SnapshotView, room: Room, unit: Unit) -> Iterator[dict[str, str]]:
    ordered = sorted(found.lines, key=lambda line: -abs(Decimal(line["net_total"])))
    return (_frozen(line, room, unit) for line in ordered[:LINES])


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
    cockpit = opened(room, organisation_id, question_of(asking.read(request.GET)))
    found = _of(room, organisation_id, snapshot_id)
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
