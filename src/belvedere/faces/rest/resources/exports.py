"""The measures as a file that imports back identically, for the people of the territory."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import P, PathEx

from belvedere.domains.plans.sheets import public as sheets
from belvedere.faces.rest.resources.routing import HOLDER, router
from belvedere.faces.rest.resources.seeing import enters, territory_at
from belvedere.faces.rest.tokens import actor_of
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, Refused

FILES: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The file",
            "content": {media.partition(";")[0]: {} for media in sheets.FORMATS.values()},
        }
    }
}


Form = PathEx[str, P(pattern=f"^({'|'.join(sheets.FORMATS)})$")]


@router.get(
    "/territories/{slug:slug}/export.{form}",
    operation_id="export_measures",
    tags=["Measures"],
    auth=HOLDER,
    openapi_extra=FILES,
)
def export_measures(request: HttpRequest, slug: str, form: Form) -> Any:
    """Every measure you may see as `xlsx`, `csv`, `geojson` or `gpkg`: what is imported back is the same."""
    here, actor = territory_at(request, slug), actor_of(request)
    if not enters(actor, here):
        raise Refused(N_("Whole files are for the people who work in the territory."), code="may_not_export")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"measures.{form}"
        sheets.export(actor=actor, territory=here, path=path, form=form)
        answer = HttpResponse(path.read_bytes(), content_type=sheets.FORMATS[form])
    name = f"{here.slug}-{today(here.zone).isoformat()}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
