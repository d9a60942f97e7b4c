"""Models of devices that one can buy, read once from `catalogue/*.toml`: how their bytes are read, and what
kind of thing they usually tell of. The tables are our own, after the makers' manuals."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from belvedere.domains.connections.tables import Table, table_of
from belvedere.domains.twin.public import FieldDraft, descriptions

FOLDER = Path(__file__).with_name("catalogue")
#: What a model may need to be told of its place, and the field whose reading it changes.
ASKS = ("", "depth", "pulse")


@dataclass(frozen=True, slots=True)
class DeviceModel:
    """A model. `kind`: slug of the thing it tells of; `fields`: decoded field → attribute.

    `asks`: "depth" when a distance becomes a filling level, "pulse" when pulses become litres; `asked` is the
    field that it changes. `expected_s`: how often it speaks as it is delivered.
    """

    slug: str
    maker: str
    name: str
    kind: str
    table: Table
    fields: Mapping[str, FieldDraft]
    asks: str
    asked: str
    expected_s: int

    @property
    def label(self) -> str:
        return f"{self.maker} {self.name}"

    def mapping(self, amount: float | None = None) -> dict[str, FieldDraft]:
        """How its fields are read; `amount`: millimetres from the sensor to the ground of an empty container,
        or litres a pulse, for a model that asks for it."""
        found = dict(self.fields)
        if self.asks and amount:
            plain = found[self.asked]
            factor, offset = (-1 / amount, 1.0) if self.asks == "depth" else (amount, 0.0)
            found[self.asked] = FieldDraft(plain.term, plain.unit, factor, offset, plain.kind)
        return found


@cache
def catalogue() -> Mapping[str, DeviceModel]:
    """Every model by slug, by maker and name."""
    read = [_model(file) for file in sorted(FOLDER.glob("*.toml"))]
    return MappingProxyType({one.slug: one for one in sorted(read, key=lambda one: one.label.casefold())})


def _model(file: Path) -> DeviceModel:
    raw = tomllib.loads(file.read_text(encoding="utf-8"))
    kind, asks = raw["kind"], raw.get("asks", "")
    fields = {name: _field(one) for name, one in raw["fields"].items()}
    unknown = {one.term for one in fields.values()} - set(descriptions()[kind].attributes)
    if unknown or asks not in ASKS or (asks and raw["asked"] not in fields):
        raise ValueError(f"{file.name}: {sorted(unknown)} {asks}")
    return DeviceModel(
        slug=file.stem,
        maker=raw["maker"],
        name=raw["name"],
        kind=kind,
        table=table_of(raw["table"]),
        fields=MappingProxyType(fields),
        asks=asks,
        asked=raw.get("asked", ""),
        expected_s=raw["expected_s"],
    )


def _field(raw: Any) -> FieldDraft:
    return FieldDraft(raw) if isinstance(raw, str) else FieldDraft(**raw)
