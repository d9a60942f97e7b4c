"""How a contract was kept in a month: the same figures for both parties, on a page and as CSV."""

from __future__ import annotations

import csv
import io
import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.public import Step
from belvedere.domains.interventions import public as interventions
from belvedere.domains.interventions.public import Figures
from belvedere.domains.territory.public import organisations_by_id
from belvedere.faces.web import formats
from belvedere.faces.web.pages.interventions import words
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_
from belvedere.kernel.texts import cell

STEP_NAMES = {
    Step.ACKNOWLEDGE: N_("To acknowledge"),
    Step.ARRIVE: N_("To arrive"),
    Step.REPAIR: N_("To repair"),
}
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def _asked(request: HttpRequest, room: Room) -> tuple[Figures | None, list[equipment.ContractView], str]:
    """The figures of the contract and month in the address; the first contract and this month without."""
    found = equipment.contracts(room.actor, room.territory.id)
    given = request.GET.get("contract", "")
    chosen = next((one for one in found if str(one.id) == given), found[0] if found else None)
    match = _MONTH.fullmatch(request.GET.get("month", ""))
    day = date(int(match[1]), int(match[2]), 1) if match else today(room.territory.zone).replace(day=1)
    last = day.replace(day=monthrange(day.year, day.month)[1])
    figures = interventions.figures(room.actor, chosen.id, day, last) if chosen else None
    return figures, found, f"{day:%Y-%m}"


def _figures(request: HttpRequest, room: Room) -> HttpResponse:
    figures, found, month = _asked(request, room)
    context: dict[str, Any] = {"room": room, "contracts": found, "month": month, "figures": figures}
    if figures is not None:
        names = organisations_by_id({figures.contract.owner_id, figures.contract.contractor_id})
        context |= {
            "finding": _finding(figures),
            "owner": names[figures.contract.owner_id].label,
            "contractor": names[figures.contract.contractor_id].label,
            "steps": [(gettext(STEP_NAMES[one.step]), one) for one in figures.steps],
            "lines": [
                {
                    "one": one,
                    "url": reverse("interventions:intervention", args=[room.territory, one.id]),
                    "urgency": words.urgency(one.severity),
                    "state": words.state(one.state),
                }
                for one in figures.lines
            ],
            "csv_url": reverse("interventions:figures_csv", args=[room.territory])
            + f"?contract={figures.contract.id}&month={month}",
        }
    return render(request, "interventions/figures.html", context)


def _finding(figures: Figures) -> str:
    contractor = organisations_by_id({figures.contract.contractor_id})[figures.contract.contractor_id].label
    if not figures.lines:
        return gettext("%(contractor)s was not called in this month") % {"contractor": contractor}
    if not figures.late:
        return gettext("%(contractor)s kept all times of the contract") % {"contractor": contractor}
    return ngettext(
        "%(contractor)s was late in %(count)s of %(whole)s intervention",
        "%(contractor)s was late in %(count)s of %(whole)s interventions",
        len(figures.lines),
    ) % {
        "contractor": contractor,
        "count": formats.number(figures.late),
        "whole": formats.number(len(figures.lines)),
    }


def _csv(request: HttpRequest, room: Room) -> HttpResponse:
    figures, _found, month = _asked(request, room)
    head = ["number", "what", "urgency", "state", "dispatched_at"]
    for step in Step:
        head += [f"{step.value}_due", f"{step.value}_done", f"{step.value}_late_h"]
    rows: list[list[str]] = [[*head, "penalty", "currency"]]
    for line in figures.lines if figures else ():
        row = [
            cell(line.number),
            cell(line.what),
            str(line.severity.value),
            line.state.value,
            line.dispatched_at.isoformat(),
        ]
        for held in line.steps:
            row += [
                held.due.isoformat() if held.due else "",
                held.done.isoformat() if held.done else "",
                str(held.late_h),
            ]
        paid = line.penalty
        rows.append([*row, str(paid.amount) if paid else str(Decimal(0)), paid.currency if paid else ""])
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{room.territory.slug}-contract-{month}.csv"'
    return answer


figures = never_cache(require_GET(in_cockpit(_figures)))
figures_csv = never_cache(require_GET(in_cockpit(_csv)))
