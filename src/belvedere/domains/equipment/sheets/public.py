"""What the door of equipment offers of its spreadsheets."""

from belvedere.domains.equipment.sheets.actions import (
    SheetView,
    bring_sheet,
    judged,
    map_columns,
    refused_rows,
    remove_sheet,
    sheet,
    sheets,
    take_sheet,
)
from belvedere.domains.equipment.sheets.columns import FIELDS
from belvedere.domains.equipment.sheets.judging import Judged
from belvedere.domains.equipment.sheets.reading import LARGEST, MOST_ROWS

__all__ = [
    "FIELDS",
    "LARGEST",
    "MOST_ROWS",
    "Judged",
    "SheetView",
    "bring_sheet",
    "judged",
    "map_columns",
    "refused_rows",
    "remove_sheet",
    "sheet",
    "sheets",
    "take_sheet",
]
