"""Sites of a measure out of a file (GeoJSON, GeoPackage, GPX, KML, Shapefile), by the reader of territory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext

from belvedere.domains.plans.public import follow, states, values
from belvedere.domains.territory.public import TerritoryView, choose_system, read_features
from belvedere.kernel.errors import N_, InvalidInput, TooLarge
from belvedere.kernel.geometry import reproject, usable

MOST_SITES = 50
# Under which heads files keep the name of a thing.
NAMES = ("name", "nom", "titre", "title", "bezeichnung", "libelle", "label")


class Uploaded(Protocol):
    @property
    def name(self) -> str | None: ...
    @property
    def size(self) -> int | None: ...
    def chunks(self) -> Iterable[bytes]: ...


def read_sites(given: Uploaded, territory: TerritoryView) -> list[values.SiteDraft]:
    """The sites of a file that was sent; raises InvalidInput or TooLarge with what to do."""
    shown = Path(given.name or "").name or gettext("the file")
    if (given.size or 0) > follow.LARGEST_FILE:
        raise TooLarge(
            N_("{name} is larger than {largest} MB. Simplify the sites."),
            name=shown,
            largest=follow.LARGEST_FILE // 1_000_000,
        )
    with tempfile.TemporaryDirectory(prefix="belvedere-sites-", dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        # Its own suffix is all that GDAL may know of the name.
        path = Path(folder) / f"sites{Path(shown).suffix.lower()[:10]}"
        with path.open("wb") as stream:
            for chunk in given.chunks():
                stream.write(chunk)
        features = read_features(path, name=shown)
        system = choose_system(features, territory.country, "", False, shown)
    rows = [row for row in features.rows if row.geometry is not None and not row.geometry.is_empty]
    if not rows:
        raise InvalidInput(N_("{name} holds no site that can be drawn."), name=shown, field="file")
    if len(rows) > MOST_SITES:
        raise TooLarge(
            N_("{name} holds {count} sites; a measure takes {most} at a time. Keep those of the measure."),
            name=shown,
            count=len(rows),
            most=MOST_SITES,
        )
    columns = {column.casefold(): column for column in features.columns}
    named = next((columns[name] for name in NAMES if name in columns), "")
    return [
        values.SiteDraft(
            usable(reproject(row.geometry, system)),
            states.SiteMethod.IMPORTED,
            row.fields.get(named, "")[:200] if named else "",
            source_crs=system[:60],
        )
        for row in rows
    ]
