"""The measures of the present filter as a file that imports back identically."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from belvedere.domains.plans.sheets import public as sheets
from belvedere.faces.web.pages.plans import parameters
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, NotFound


@require_GET
@in_cockpit
def export(request: HttpRequest, room: Room, form: str) -> HttpResponseBase:
    """XLSX, CSV, GeoJSON or GeoPackage of what the reader sees with this filter."""
    if form not in sheets.FORMATS:
        raise NotFound(N_("Measures are exported as xlsx, csv, geojson or gpkg."))
    asked = parameters.read(request.GET)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"measures.{form}"
        sheets.export(actor=room.actor, territory=room.territory, path=path, form=form, which=asked.which)
        with path.open("rb") as made:
            while chunk := made.read(1 << 20):
                file.write(chunk)
    file.seek(0)
    name = f"{room.territory.slug}-{today(room.territory.zone).isoformat()}.{form}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=sheets.FORMATS[form])
