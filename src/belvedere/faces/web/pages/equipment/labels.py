"""Labels to print: an A4 sheet whose codes open the page of each piece of equipment."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import qrcode
import typst
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from qrcode.constants import ERROR_CORRECT_M

from belvedere.domains.equipment import public as equipment
from belvedere.domains.territory.public import organisations_by_id
from belvedere.faces.web.pages.equipment import asking, words
from belvedere.faces.web.pages.live.menus import chosen_ids
from belvedere.faces.web.pages.plans.outlook.export.typesetting import fonts
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput, TooLarge
from belvedere.kernel.paging import Window

MOST = 480  # twenty sheets of twenty-four


@cache
def _template() -> bytes:
    return (files(__package__) / "labels.typ").read_bytes()


def code_svg(text: str) -> str:
    """`text` as a QR code (ISO/IEC 18004, a quarter of it may be lost), one path of squares, as SVG."""
    made = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=2)
    made.add_data(text)
    made.make(fit=True)
    rows = made.get_matrix()
    path = "".join(
        f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0,0h{size}v{size}h-{size}z"/><path d="{path}"/></svg>'
    )


def short_address(code: str) -> str:
    """What a label opens."""
    return f"{settings.PUBLIC_URL}{reverse('equipment_code', args=[code])}"


def _labels(request: HttpRequest, room: Room) -> HttpResponse:
    """The labels of the equipment that is ticked (`id`), or of the whole choice."""
    ids = chosen_ids(request.GET, "id")
    wanted = equipment.Wanted(ids=ids) if ids else asking.read(request.GET).wanted
    page = equipment.listed(room.actor, room.territory.id, wanted, Window(0, MOST))
    if page.total > MOST:
        raise TooLarge(
            N_("{total} labels are too many for one file: {most} at most. Choose fewer."),
            total=page.total,
            most=MOST,
        )
    if not page.rows:
        raise InvalidInput(N_("There is no equipment in this choice. Choose some in the list."))
    answer = HttpResponse(sheet(room, list(page.rows)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{room.territory.slug}-labels.pdf"'
    return answer


def sheet(room: Room, rows: list[equipment.Row]) -> bytes:
    """The sheets as PDF/UA-1: three labels across, eight down."""
    owners = organisations_by_id({one.owner_id for one in rows})
    values: dict[str, Any] = {
        "language": room.language,
        "title": gettext("Labels of equipment"),
        "alt": gettext("Code that opens the page of the equipment"),
        "labels": [
            {
                "number": one.number,
                "name": one.name,
                "kind": words.kind(one.kind),
                "owner": owners[one.owner_id].label if one.owner_id in owners else "",
                "address": short_address(one.code).partition("://")[2].rstrip("/"),
                "svg": code_svg(short_address(one.code)),
            }
            for one in rows
        ],
    }
    return typst.compile(
        _template(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=int(now().timestamp()),
    )


labels = never_cache(require_GET(in_cockpit(_labels)))
