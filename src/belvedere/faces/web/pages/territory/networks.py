"""The networks of a territory: which there are, bringing one from a file, and their lines for the map."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from belvedere.domains.access.public import Actor, Role
from belvedere.domains.territory.public import (
    NetworkKind,
    NetworkReport,
    NetworkView,
    RowNote,
    TerritoryView,
    import_network,
    may,
    network_lines,
    networks,
    remove_network,
    territories_of_organisations,
)
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.territory.entering import enter_cockpit
from belvedere.faces.web.pages.territory.words import NETWORK_KINDS
from belvedere.kernel.errors import N_, BelvedereError, InvalidInput, Refused
from belvedere.kernel.geometry import Box

MOST_LINES = 3000  # what an editor shows at once
WIDEST_DEGREES = 0.35  # about 27 km: more is no place to draw a site
NOTES_SHOWN = 50
DRAWING = (Role.CONTRIBUTOR, Role.MANAGER, Role.ADMINISTRATOR)


class NetworkForm(forms.Form):
    """A file of lines and what it is."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("GeoJSON, GeoPackage, GPX, KML, or a Shapefile as a ZIP, in any coordinate system."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose it again.")},
    )
    name = forms.CharField(
        label=_("Name of the network"),
        max_length=120,
        help_text=_("The name of one that is here already: it becomes what the file holds."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, text) for kind, text in NETWORK_KINDS.items()]
    )
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("Who made it, and its date."))
    licence = forms.CharField(label=_("Licence"), max_length=200, required=False)
    crs = forms.CharField(
        label=_("Coordinate system"),
        max_length=60,
        required=False,
        help_text=_("Only if the file does not say it, for example EPSG:2056."),
    )


@dataclass(frozen=True, slots=True)
class NetworkLine:
    view: NetworkView
    kind: str


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """The networks of the territory; its administrators bring one from a file."""
    actor = enter_cockpit(request, territory)
    able = may(actor, "import_network", territory.id) is None
    form = NetworkForm(request.POST or None, request.FILES or None)
    report: NetworkReport | None = None
    status = 200
    if request.method == "POST":
        if form.is_valid():
            report = _imported(actor, territory, form, dry_run=request.POST.get("act") == "preview")
        status = 200 if report is not None and (report.changes or report.unchanged) else 422
    elif not able:
        form = NetworkForm()
    context = {
        "territory": territory,
        "networks": [NetworkLine(view, str(NETWORK_KINDS[view.kind])) for view in networks(territory.id)],
        "able": able,
        "form": form,
        "report": report,
        "finding": _finding(networks(territory.id)),
        "refused": _said(report.refused) if report else [],
        "repaired": _said(report.repaired) if report else [],
    }
    return render(request, "territory/networks.html", context, status=status)


def _imported(
    actor: Actor, territory: TerritoryView, form: NetworkForm, *, dry_run: bool
) -> NetworkReport | None:
    cleaned = form.cleaned_data
    given: Any = cleaned["file"]
    shown = Path(given.name or "").name or gettext("the file")
    try:
        with tempfile.TemporaryDirectory(
            prefix="belvedere-network-", dir=settings.FILE_UPLOAD_TEMP_DIR
        ) as folder:
            # Its own suffix is all that GDAL may know of the name.
            path = Path(folder) / f"network{Path(shown).suffix.lower()[:10]}"
            with path.open("wb") as stream:
                for chunk in given.chunks():
                    stream.write(chunk)
            return import_network(
                actor=actor,
                territory_id=territory.id,
                file=path,
                file_name=shown,
                name=cleaned["name"],
                kind=NetworkKind(cleaned["kind"]),
                source=cleaned["source"],
                licence=cleaned["licence"],
                crs=cleaned["crs"],
                dry_run=dry_run,
            )
    except Refused:
        raise
    except BelvedereError as error:
        field = error.data.get("field", "file")
        form.add_error(field if field in form.fields else "file", sentence(error))
    return None


def _finding(found: list[NetworkView]) -> str:
    if not found:
        return gettext("No network is known yet")
    return gettext("%(lines)s lines in %(networks)s networks, for sites to be drawn along") % {
        "lines": sum(view.lines for view in found),
        "networks": len(found),
    }


def _said(notes: list[RowNote]) -> list[dict[str, Any]]:
    return [
        {"row": note.row, "name": note.name, "text": sentence(InvalidInput(note.message, **note.data))}
        for note in notes[:NOTES_SHOWN]
    ]


@require_POST
def remove(request: HttpRequest, territory: TerritoryView, network_id: UUID) -> HttpResponse:
    """Take a network away."""
    actor = enter_cockpit(request, territory)
    remove_network(actor=actor, territory_id=territory.id, network_id=network_id)
    messages.success(request, gettext("The network is removed. Sites drawn along it stay where they are."))
    return redirect("territory:networks", territory=territory)


@require_safe
def lines_json(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """GeoJSON of the lines in `?box=west,south,east,north`, for those who draw sites here."""
    actor = enter_cockpit(request, territory)
    _require_drawing(actor, territory)
    box = _box(request.GET.get("box", ""))
    found = network_lines(territory.id, box, MOST_LINES + 1)
    answer = JsonResponse(
        {
            "type": "FeatureCollection",
            "complete": len(found) <= MOST_LINES,
            "features": [
                {
                    "type": "Feature",
                    "id": line.id,
                    "properties": {"name": line.label},
                    "geometry": line.shape.geojson,
                }
                for line in found[:MOST_LINES]
            ],
        },
        json_dumps_params={"separators": (",", ":")},
    )
    answer["Content-Type"] = "application/geo+json"
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def _require_drawing(actor: Actor, territory: TerritoryView) -> None:
    editing = [pk for pk in actor.roles if actor.has(pk, *DRAWING)]
    if actor.governs(territory.id) or territory.id in territories_of_organisations(editing):
        return
    raise Refused(
        N_("The lines of a network are for the people who draw sites here. Ask for the role of contributor."),
        code="may_not_draw",
    )


def _box(given: str) -> Box:
    try:
        west, south, east, north = (float(part) for part in given.split(","))
    except ValueError as error:
        raise InvalidInput(
            N_("Give the box as west,south,east,north in degrees, for example 7.3,46.2,7.4,46.3."),
            field="box",
        ) from error
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise InvalidInput(
            N_("Give the box as west,south,east,north in degrees, for example 7.3,46.2,7.4,46.3."),
            field="box",
        )
    if east - west > WIDEST_DEGREES or north - south > WIDEST_DEGREES:
        raise InvalidInput(N_("The box is wider than a place to draw in. Look closer."), field="box")
    return Box(west, south, east, north)
