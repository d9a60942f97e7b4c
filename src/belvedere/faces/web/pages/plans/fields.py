"""Form fields for amounts, shares and geometries, as people write them."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

import shapely
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from belvedere.faces.web.errors import sentence
from belvedere.kernel.errors import BelvedereError
from belvedere.kernel.geometry import Box, Shape, from_geojson, guess_system, reproject

_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_LARGEST_GEOJSON = 2_000_000


class AmountField(forms.CharField):
    """An amount in full: “12 640 000”, “12'640'000.50”, “12640000,50”. Gives a Decimal or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return amount_of(text) if text else None


def amount_of(text: str) -> Decimal:
    """The number a person wrote; one comma or point before one or two digits is the decimal one."""
    plain = _SPACES.sub("", text).replace("\u2212", "-")
    separators = [mark for mark in plain if mark in ",."]
    if separators:
        head, _mark, tail = plain.rpartition(separators[-1])
        repeated = separators.count(separators[-1]) > 1
        if repeated or (len(tail) == 3 and len(separators) == 1 and head not in ("", "0")):
            if not repeated:
                raise ValidationError(
                    _("“%(text)s” can be read in two ways. Write it without a separator, or with cents."),
                    params={"text": text},
                )
            plain = re.sub("[,.]", "", plain)
        else:
            plain = f"{re.sub('[,.]', '', head)}.{tail}"
    try:
        found = Decimal(plain)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise ValidationError(
            _("“%(text)s” is not an amount. Write it in full, for example 1 250 000."), params={"text": text}
        )
    if abs(found) >= Decimal(10) ** 13:
        raise ValidationError(_("This amount is too large to be real."))
    return found


class ShareField(AmountField):
    """A percentage: “35”, “17,5 %”. Gives a share 0–1."""

    def __init__(self, *, largest: int = 100, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.largest = largest

    def clean(self, value: Any) -> Any:
        found = super().clean(str(value).replace("%", "") if value else value)
        if found is None:
            return None
        if not 0 <= found <= self.largest:
            raise ValidationError(
                _("A share lies between 0 and %(largest)s %%."), params={"largest": self.largest}
            )
        return found / 100


class ShapeField(forms.CharField):
    """A GeoJSON geometry, drawn on the map. Gives a `Shape` or None."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        if len(text) > _LARGEST_GEOJSON:
            raise ValidationError(_("This geometry is too detailed. Draw it with fewer points."))
        try:
            read = json.loads(text)
        except (ValueError, RecursionError):
            read = None
        shapes = _geometries(read)
        if not shapes:
            return None
        return shape_of(shapes[0] if len(shapes) == 1 else _together(shapes))


def _geometries(read: object) -> list[dict[str, Any]]:
    """The geometries of GeoJSON of any kind (RFC 7946), or what cannot be read, to be refused."""
    if not isinstance(read, dict):
        return [{}]
    if read.get("type") == "FeatureCollection":
        features = read.get("features")
        return [one for part in features for one in _geometries(part)] if isinstance(features, list) else [{}]
    if read.get("type") == "Feature":
        inner = read.get("geometry")
        return [inner] if isinstance(inner, dict) else []
    return [read]


def _together(shapes: list[dict[str, Any]]) -> dict[str, Any]:
    """Several shapes of one kind as one geometry of many parts."""
    kinds = {shape.get("type") for shape in shapes}
    if len(kinds) > 1:
        raise ValidationError(
            _("A site is of one kind: points, lines or areas. Add the others as sites of their own.")
        )
    return {"type": f"Multi{kinds.pop()}", "coordinates": [shape.get("coordinates") for shape in shapes]}


def shape_of(read: object) -> Shape:
    try:
        return from_geojson(read)
    except BelvedereError as error:
        raise ValidationError(sentence(error)) from error


def point_at(x: Decimal, y: Decimal, area: Box | None) -> Shape:
    """A point from two coordinates, in degrees or in a national grid that falls into `area`."""
    east, north = float(x), float(y)
    if abs(east) <= 180 and abs(north) <= 90 and area is None:
        return shape_of({"type": "Point", "coordinates": [east, north]})
    if area is None:
        raise ValidationError(_("These coordinates are not degrees. Write the longitude, then the latitude."))
    wide = Box(area.west - 0.5, area.south - 0.5, area.east + 0.5, area.north + 0.5)
    system = guess_system(east, north, wide)
    if system is None:
        raise ValidationError(
            _("These coordinates do not lie in the territory. Write them in degrees or in the national grid.")
        )
    if system == "swapped":
        east, north = north, east
        system = "EPSG:4326"

    try:
        moved = reproject(shapely.Point(east, north), system)
    except BelvedereError as error:
        raise ValidationError(sentence(error)) from error
    return shape_of({"type": "Point", "coordinates": [moved.bounds[0], moved.bounds[1]]})
