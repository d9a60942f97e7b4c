"""The door of this room for faces: bring a sheet, decide, take it, undo it; write measures out.

Words: draft (a file with its mapping and decisions), row, verdict, mapping, trace.
Not for: changing one measure (the verbs of plans).
"""

from belvedere.domains.plans.sheets.deciding import Act, apply, columns, create_all, name_payers, settle
from belvedere.domains.plans.sheets.decisions import Decisions
from belvedere.domains.plans.sheets.drafts import (
    bring,
    discard,
    file_of,
    find,
    recheck,
    remember,
    require_importer,
    save_mapping,
    take,
    take_at_once,
    territory_of,
)
from belvedere.domains.plans.sheets.errors import FileTooLarge, ImportMoved, Undecided, UnreadableFile
from belvedere.domains.plans.sheets.fields import FIELDS, Field
from belvedere.domains.plans.sheets.horizon import When
from belvedere.domains.plans.sheets.mapping import Mapping
from belvedere.domains.plans.sheets.reading import column_name
from belvedere.domains.plans.sheets.reads import (
    DraftView,
    ImportView,
    RowView,
    blocking_rows,
    draft_view,
    imports_of,
    mapping_names,
    plan_codes,
    rows_window,
    waiting_cells,
)
from belvedere.domains.plans.sheets.safety import LARGEST_FILE, refuse_size
from belvedere.domains.plans.sheets.taking import Taken
from belvedere.domains.plans.sheets.tasks import progress_of, release, take_or_queue, worker_is_there
from belvedere.domains.plans.sheets.undoing import UNDO_DAYS, Undone, undo
from belvedere.domains.plans.sheets.writing import FORMATS, export, write_rows_to_fix

__all__ = [
    "FIELDS",
    "FORMATS",
    "LARGEST_FILE",
    "UNDO_DAYS",
    "Act",
    "Decisions",
    "DraftView",
    "Field",
    "FileTooLarge",
    "ImportMoved",
    "ImportView",
    "Mapping",
    "RowView",
    "Taken",
    "Undecided",
    "Undone",
    "UnreadableFile",
    "When",
    "apply",
    "blocking_rows",
    "bring",
    "column_name",
    "columns",
    "create_all",
    "discard",
    "draft_view",
    "export",
    "file_of",
    "find",
    "imports_of",
    "mapping_names",
    "name_payers",
    "plan_codes",
    "progress_of",
    "recheck",
    "refuse_size",
    "release",
    "remember",
    "require_importer",
    "rows_window",
    "save_mapping",
    "settle",
    "take",
    "take_at_once",
    "take_or_queue",
    "territory_of",
    "undo",
    "waiting_cells",
    "worker_is_there",
    "write_rows_to_fix",
]
