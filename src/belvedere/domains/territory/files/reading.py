"""Opening a file of outlines: what it is by its content, in which coordinate system, row by row.

GeoJSON, TopoJSON, GeoPackage, Shapefile (also zipped), GPX and KML (KMZ) through GDAL's readers in
pyogrio. Nothing is guessed silently: coordinates that do not fit where the territory lies are refused with
what to do.
"""

from __future__ import annotations

import json
import tempfile
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
import pyogrio.errors
import pyogrio.raw
import shapely

from belvedere.domains.territory.errors import UnreadableFile
from belvedere.kernel.errors import N_, InvalidInput, TooLarge
from belvedere.kernel.geometry import WGS84, Box, guess_system, reproject

LARGEST_FILE = 200 * 1024 * 1024
LARGEST_UNPACKED = 600 * 1024 * 1024
MOST_ROWS = 60_000
# Where the outlines of a country lie; enough to notice swapped axes and a wrong system, no more.
COUNTRIES = {
    "CH": Box(5.8, 45.7, 10.6, 47.9),
    "LI": Box(9.4, 47.0, 9.7, 47.3),
    "FR": Box(-5.3, 41.2, 9.7, 51.2),
    "DE": Box(5.8, 47.2, 15.1, 55.1),
    "AT": Box(9.5, 46.3, 17.2, 49.1),
    "IT": Box(6.6, 35.4, 18.6, 47.1),
    "BE": Box(2.5, 49.4, 6.5, 51.6),
    "LU": Box(5.7, 49.4, 6.6, 50.2),
}
_WHOLE = {".shp", ".gpkg", ".geojson", ".json", ".topojson", ".gpx", ".kml"}
_PARTS = _WHOLE | {".dbf", ".shx", ".prj", ".cpg"}


_GDAL_ERRORS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FieldError,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A feature: its number (1-based), its fields as text, its geometry in the file's system (or None)."""

    number: int
    fields: dict[str, str]
    geometry: Any


@dataclass(frozen=True, slots=True)
class Features:
    """What a file holds. `crs` is None when the file does not say."""

    rows: list[Row]
    columns: list[str]
    crs: str | None


def read_features(file: Path, *, layer: str = "", name: str = "") -> Features:
    """Every feature of `file`; `name` is what people call it. Raises UnreadableFile or TooLarge."""
    shown = name or file.name
    if not file.is_file():
        raise UnreadableFile(N_("There is no file {name}."), name=shown)
    if file.stat().st_size > LARGEST_FILE:
        raise TooLarge(
            N_("{name} is larger than {largest} MB. Simplify the outlines, or split the file by region."),
            name=shown,
            largest=LARGEST_FILE // 1024 // 1024,
        )
    with _opened(file, shown) as path, warnings.catch_warnings():
        # GDAL's remarks on a file are no news: what cannot be read is refused below in a sentence.
        warnings.simplefilter("ignore")
        return _read(path, layer, shown)


@contextmanager
def _opened(file: Path, shown: str) -> Iterator[Path]:
    """The path that GDAL is to open, found by content."""
    with file.open("rb") as stream:
        head = stream.read(512)
    if head.startswith(b"PK\x03\x04"):
        with tempfile.TemporaryDirectory(prefix="belvedere-places-") as folder:
            yield _unpacked(file, Path(folder), shown)
        return
    if head.startswith(b"\x00\x00\x27\x0a"):
        missing = [s for s in (".dbf", ".shx") if not _beside(file, s)]
        if missing:
            raise UnreadableFile(
                N_(
                    "{name} is one part of a Shapefile; {missing} is missing beside it. "
                    "Give the whole as a ZIP."
                ),
                name=shown,
                missing=missing,
            )
        yield file
        return
    if head.startswith(b"SQLite format 3\x00") or _looks_like_json(head):
        if _looks_like_json(head):
            _check_json(file, shown)
        with _named(file, ".gpkg" if head.startswith(b"SQLite") else ".json") as path:
            yield path
        return
    if (kind := _xml_kind(head)) is not None:
        with _named(file, kind) as path:
            yield path
        return
    raise UnreadableFile(
        N_(
            "{name} is not a file of shapes that can be read. "
            "Give GeoJSON, TopoJSON, GeoPackage, GPX, KML, or a Shapefile as a ZIP."
        ),
        name=shown,
    )


def _xml_kind(head: bytes) -> str | None:
    """ ".gpx" or ".kml" by the first element of an XML file; None for anything else."""
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not text.startswith(b"<"):
        return None
    return ".gpx" if b"<gpx" in text else ".kml" if b"<kml" in text else None


def _beside(file: Path, suffix: str) -> bool:
    return file.with_suffix(suffix).exists() or file.with_suffix(suffix.upper()).exists()


@contextmanager
def _named(file: Path, suffix: str) -> Iterator[Path]:
    """GDAL also goes by the suffix: an upload without one gets a link that has it."""
    if file.suffix.lower() in _PARTS:
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="belvedere-places-") as folder:
        link = Path(folder) / f"file{suffix}"
        link.symlink_to(file.resolve())
        yield link


def _looks_like_json(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _check_json(file: Path, shown: str) -> None:
    try:
        top = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as error:
        raise UnreadableFile(
            N_("{name} is cut or is not JSON. Export it again and compare the sizes."), name=shown
        ) from error
    if top.get("type") not in ("FeatureCollection", "Feature", "Topology"):
        raise UnreadableFile(
            N_("{name} is JSON, but neither GeoJSON nor TopoJSON: its “type” is missing."), name=shown
        )


def _unpacked(file: Path, folder: Path, shown: str) -> Path:
    try:
        with zipfile.ZipFile(file) as archive:
            wanted = [
                item
                for item in archive.infolist()
                if Path(item.filename).suffix.lower() in _PARTS and "__MACOSX" not in item.filename
            ]
            if sum(item.file_size for item in wanted) > LARGEST_UNPACKED:
                raise TooLarge(
                    N_("{name} unpacks to more than {largest} MB. Give the layer that is needed, alone."),
                    name=shown,
                    largest=LARGEST_UNPACKED // 1024 // 1024,
                )
            for item in wanted:
                # The last segment only: a path inside an archive never leaves the folder.
                target = folder / Path(item.filename).name.lower()
                with archive.open(item) as source, target.open("wb") as out:
                    _copy_at_most(source, out, item.file_size)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise UnreadableFile(
            N_("{name} is a damaged or locked ZIP. Pack it again without a password."), name=shown
        ) from error
    found = sorted(path for path in folder.iterdir() if path.suffix in _WHOLE)
    if len(found) != 1:
        raise UnreadableFile(
            N_("{name} must hold one Shapefile, GeoPackage or GeoJSON; it holds {count}."),
            name=shown,
            count=len(found),
        )
    return found[0]


def _copy_at_most(source: Any, out: Any, size: int) -> None:
    """A ZIP may lie about its sizes: never write more than it declared."""
    left = size
    while left > 0 and (chunk := source.read(min(left, 1 << 20))):
        out.write(chunk)
        left -= len(chunk)


# Their layers are folders or kinds of one drawing, not themes: all are read.
_TOGETHER = {".gpx": ("waypoints", "routes", "tracks"), ".kml": ()}


def _read(path: Path, layer: str, shown: str) -> Features:
    try:
        rows: list[Row] = []
        names: list[str] = []
        crs: str | None = None
        for one in _layers(path, layer, shown):
            meta, _fids, geometries, columns = pyogrio.raw.read(  # type: ignore[no-untyped-call]
                path, layer=one, max_features=MOST_ROWS + 1, force_2d=True
            )
            if geometries is None:
                continue
            fields = [str(field) for field in meta["fields"]]
            names += [field for field in fields if field not in names]
            crs = crs or meta["crs"]
            rows += _rows(fields, geometries, columns, len(rows) + 1)
    except _GDAL_ERRORS as error:
        raise UnreadableFile(
            N_("{name} cannot be read: {why}. Export it again."), name=shown, why=str(error)
        ) from error
    if not rows:
        raise UnreadableFile(N_("{name} holds no outline."), name=shown)
    if len(rows) > MOST_ROWS:
        raise TooLarge(N_("{name} has more than {most} rows. Split it."), name=shown, most=MOST_ROWS)
    for row in rows:
        for field in names:
            row.fields.setdefault(field, "")  # a field of another layer
    return Features(rows, names, crs)


def _layers(path: Path, layer: str, shown: str) -> list[str | None]:
    listed: Any = pyogrio.list_layers(path)  # type: ignore[no-untyped-call]
    layers = [str(item[0]) for item in listed if item[1] is not None]
    if layer and layer not in layers:
        raise InvalidInput(
            N_("{name} has no layer “{layer}”. It has: {known}."), name=shown, layer=layer, known=layers
        )
    together = _TOGETHER.get(path.suffix.lower())
    if not layer and together is not None:
        return [one for one in layers if not together or one in together]
    if not layer and len(layers) > 1:
        raise InvalidInput(N_("{name} has several layers: {known}. Name one."), name=shown, known=layers)
    return [layer or None]


def _rows(names: list[str], geometries: Any, columns: Any, start: int) -> list[Row]:
    texts = _decoded([[_text(value) for value in values] for values in columns])
    return [
        Row(
            start + at,
            {field: values[at] for field, values in zip(names, texts, strict=True)},
            None if wkb is None else shapely.from_wkb(wkb, on_invalid="ignore"),
        )
        for at, wkb in enumerate(geometries)
    ]


def _decoded(columns: list[list[str]]) -> list[list[str]]:
    """Undo UTF-8 read as Latin-1, which a Shapefile without its .cpg gives ("ZÃ¼rich")."""
    try:
        return [[text.encode("latin-1").decode("utf-8") for text in values] for values in columns]
    except UnicodeError:
        return columns


def _text(value: Any) -> str:
    """A field as text; whole floats (a spreadsheet's codes) lose their ".0"."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return "" if text == "NaT" else text.strip()


def choose_system(features: Features, country: str, given: str, swapped: bool, shown: str) -> str:
    """The coordinate system to read the file in; refuses one that puts the outlines elsewhere."""
    outlines = [row.geometry for row in features.rows if row.geometry is not None]
    boxes = [outline.bounds for outline in outlines if not outline.is_empty]
    system = given or features.crs or WGS84
    area = COUNTRIES.get(country)
    if not boxes or area is None:
        return system
    west, south = min(b[0] for b in boxes), min(b[1] for b in boxes)
    east, north = max(b[2] for b in boxes), max(b[3] for b in boxes)
    x, y = (west + east) / 2, (south + north) / 2
    if swapped:
        x, y = y, x
    try:
        longitude, latitude = reproject(shapely.Point(x, y), system).bounds[:2]
    except InvalidInput:
        if given:
            raise
        longitude, latitude = x, y
    if area.west <= longitude <= area.east and area.south <= latitude <= area.north:
        return system
    guess = guess_system(x, y, area)
    if guess == "swapped":
        raise InvalidInput(
            N_(
                "In {name} latitude comes before longitude: {x}, {y}. Export it with longitude first, "
                "or say that the axes are swapped."
            ),
            name=shown,
            x=round(x, 4),
            y=round(y, 4),
            field="swapped",
        )
    if guess is not None:
        raise InvalidInput(
            N_("The coordinates of {name} ({x}, {y}) are those of {guess}, not of {system}. Name {guess}."),
            name=shown,
            x=round(x, 1),
            y=round(y, 1),
            guess=guess,
            system=_short(system),
            field="crs",
        )
    raise InvalidInput(
        N_(
            "The outlines of {name} do not lie in {country} (their middle is {x}, {y} in {system}). "
            "Check the coordinate system and the country."
        ),
        name=shown,
        country=country,
        x=round(x, 3),
        y=round(y, 3),
        system=_short(system),
        field="crs",
    )


def _short(system: str) -> str:
    return system if len(system) < 40 else system[:40] + "…"
