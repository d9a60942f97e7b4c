"""A vote as it was frozen, in the shape of the page: the same figures, whatever the measures say today."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from belvedere.domains.plans.public import outlook
from belvedere.faces.web.pages.plans.outlook.cells import Head
from belvedere.faces.web.pages.plans.outlook.figures import ZERO, Figures, Limit, payers_shown
from belvedere.faces.web.pages.plans.outlook.units import Unit, unit_of
from belvedere.kernel.money import Kind, Vat
from belvedere.kernel.texts import text_in

Row = tuple[Decimal, ...]


def kind_of(said: Mapping[str, str]) -> Kind:
    return Kind(said["currency"], Vat(said["vat"]), said["price_base"])


class Frozen:
    """The content of a vote; `columns` are those in which anything stands, and all years."""

    def __init__(self, found: outlook.SnapshotView, language: str) -> None:
        self.head, self.content, self.lines = found.head, found.content, found.lines
        self.language = language
        self.owner: str = self.content["organisation"]["name"]
        self.kind = kind_of(self.content["kind"])
        self.current_year: int = self.content["current_year"]
        rows = self.content["rows"].values()
        keys = self.content["columns"]
        self.at = tuple(
            at for at, key in enumerate(keys) if key.isdigit() or any(Decimal(row[at]) for row in rows)
        )
        self.columns = tuple(keys[at] for at in self.at)

    def row(self, texts: list[str]) -> Row:
        """The amounts of a frozen row in the columns that are shown."""
        return tuple(Decimal(texts[at]) for at in self.at)

    def by_column(self, said: Mapping[str, str]) -> Row:
        """The amounts of a measure in the columns that are shown."""
        return tuple(Decimal(said.get(key, "0.00")) for key in self.columns)

    @cached_property
    def limits(self) -> tuple[Limit, ...]:
        """The ceilings of that day; votes of before natures were told apart hold what was to be paid."""
        rows = self.content["rows"]
        charge = [
            str(Decimal(n) + Decimal(c)) for n, c in zip(rows["net"], rows["contributions"], strict=True)
        ]
        return tuple(
            Limit(
                "margin",
                one["nature"],
                tuple(None if (most := one["limits"][at]) is None else Decimal(most) for at in self.at),
                self.row(one.get("spent", charge)),
            )
            for one in outlook.frozen_ceilings(self.content)
        )

    @cached_property
    def figures(self) -> Figures:
        rows = self.content["rows"]
        over = {
            key
            for limit in self.limits
            for key, margin in zip(self.columns, limit.margins, strict=True)
            if key.isdigit() and margin is not None and margin < 0
        }
        payers = [(f"aid:{one['id']}", one["name"], self.row(one["aid"])) for one in self.content["payers"]]
        return Figures(
            kind=self.kind,
            heads=tuple(self._head(key, is_over=key in over) for key in self.columns),
            years=tuple(int(key) if key.isdigit() else None for key in self.columns),
            gross=self.row(rows["gross"]),
            payers=payers_shown(payers, gettext("Other payers")),
            net=self.row(rows["net"]),
            contributions=self.row(rows["contributions"]),
            cash=self.row(rows["need"]),
            limits=self.limits,
            earlier=None,
        )

    def _head(self, key: str, *, is_over: bool) -> Head:
        names = {"before": gettext("before"), "after": gettext("after"), "undated": gettext("no year")}
        past = key == "before" or (key.isdigit() and int(key) < self.current_year)
        css = "p" if past else "now" if key == str(self.current_year) else ""
        return Head(key, names.get(key, key), css, is_over=is_over)

    @cached_property
    def unit(self) -> Unit:
        return unit_of(self.kind, self.figures.largest)

    @cached_property
    def measures(self) -> list[Mapping[str, Any]]:
        """The measures, the largest first."""
        return sorted(self.lines, key=lambda line: (-abs(Decimal(line["net_total"])), line["measure_id"]))

    def title(self, line: Mapping[str, Any]) -> str:
        return text_in(line["title"], self.language)

    def foreign(self, line: Mapping[str, Any]) -> str:
        """The language of a title that is not in the reader's, "" where it is."""
        titles = line["title"]
        return "" if titles.get(self.language) else next((code for code in titles if titles[code]), "")

    @staticmethod
    def works(line: Mapping[str, Any]) -> str:
        return " – ".join(day[:4] for day in (line["works_start"], line["works_end"]) if day)

    @staticmethod
    def gross(line: Mapping[str, Any]) -> Decimal:
        return sum((Decimal(amount) for amount in line["gross"].values()), ZERO)


__all__ = ["Frozen", "kind_of"]
