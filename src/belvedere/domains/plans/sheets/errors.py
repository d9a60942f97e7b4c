"""What can be wrong with a file, an import or an export."""

from __future__ import annotations

from belvedere.kernel.errors import Conflict, InvalidInput, NotFound, TooLarge


class UnreadableFile(InvalidInput):
    """The file is not a spreadsheet we can read; the sentence says what it is and what to do."""

    default_code = "unreadable_file"


class FileTooLarge(TooLarge):
    """More bytes, rows or columns than one import takes."""

    default_code = "file_too_large"


class Undecided(Conflict):
    """Something about the sheet is not decided yet; `data["questions"]` names what."""

    default_code = "undecided"


class NoSuchImport(NotFound):
    default_code = "no_such_import"


class ImportMoved(Conflict):
    """The import is no longer in the state the act needs."""

    default_code = "import_moved"


class PaymentsRemain(Conflict):
    """A funding line that received money cannot go."""

    default_code = "payments_remain"
