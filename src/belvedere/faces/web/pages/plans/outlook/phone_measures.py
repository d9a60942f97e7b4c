"""The measures of an owner as a phone shows them, some at a time."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from belvedere.domains.plans.public import outlook
from belvedere.faces.web.pages.plans.outlook import asked as asking
from belvedere.faces.web.pages.plans.outlook import phone
from belvedere.faces.web.pages.plans.outlook.cockpit import Cockpit
from belvedere.faces.web.pages.plans.outlook.present import group_name
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.paging import Window

SHOWN = 25
MOST = 1_000_000


def _measures(request: HttpRequest, room: Room, organisation_id: UUID) -> HttpResponse:
    asked = asking.read(request.GET)
    cockpit = Cockpit(room, organisation_id, asked)
    groups = outlook.groups(cockpit.picture, outlook.By(asked.grouping))
    number, start = _place(request.GET.get("at", ""), len(groups))
    shown, next_url = [], ""
    if groups:
        group = groups[number]
        page = outlook.measures(cockpit.picture, f"{asked.grouping}:{group.key}", Window(start, SHOWN))
        details = [outlook.measure_detail(cockpit.picture, line.measure_id) for line in page.rows]
        label = group_name(asked.grouping, group) if not start else ""
        shown = [{"label": label, "measures": [phone.measure(cockpit, detail) for detail in details]}]
        following = (number, page.next_start) if page.next_start is not None else (number + 1, 0)
        if following[0] < len(groups):
            next_url = f"{cockpit.url}measures/{asked.query(at=f'{following[0]}-{following[1]}')}"
    context = {
        "room": room,
        "owner": {"name": cockpit.owner},
        "back_url": cockpit.address(asked),
        "groups": shown,
        "next_url": next_url,
    }
    fragment = request.headers.get("HX-Request")
    return render(request, f"plans/outlook/{'phone_measures' if fragment else 'phone_page'}.html", context)


def _place(text: str, groups: int) -> tuple[int, int]:
    """Which group, from which measure on: “2-25”."""
    group, _, start = text.partition("-")
    if not (group.isascii() and group.isdigit() and start.isascii() and start.isdigit() and len(text) < 16):
        return 0, 0
    return min(int(group), max(0, groups - 1)), min(int(start), MOST)


measures = in_cockpit(_measures)

__all__ = ["measures"]
