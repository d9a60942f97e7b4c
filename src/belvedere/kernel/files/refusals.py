"""The files that are not kept, each with the sentence that says why and what to do. Private."""

from __future__ import annotations

from belvedere.kernel.errors import N_, InvalidInput

# What a form may offer to choose from: the endings of the files that are taken.
ALLOWED = (
    ".pdf", ".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".docx", ".xlsx", ".odt", ".ods", ".geojson",
    ".json", ".csv", ".txt", ".md",
)  # fmt: skip


class RefusedFile(InvalidInput):
    """A file that is not what it says, or that is not kept here."""

    default_code = "refused_file"


def program() -> RefusedFile:
    return RefusedFile(
        N_("This is a program. Documents are texts, tables, plans and pictures; nothing was kept."),
        code="program",
        field="file",
    )


def web_page(picture: bool) -> RefusedFile:
    """`picture`: the markup is a drawing, which has a better way here."""
    if picture:
        return RefusedFile(
            N_("This is an SVG drawing, which may carry programs. Save it as PDF or PNG, then add it."),
            code="svg",
            field="file",
        )
    return RefusedFile(
        N_("This is a web page, which may carry programs. Print it to PDF, then add it."),
        code="web_page",
        field="file",
    )


def not_taken() -> RefusedFile:
    return RefusedFile(
        N_(
            "This kind of file is not taken. Use PDF, PNG, JPEG, WebP, TIFF, DOCX, XLSX, ODT, ODS, GeoJSON, "
            "JSON, CSV or plain text."
        ),
        code="unknown_kind",
        field="file",
    )


def damaged() -> RefusedFile:
    return RefusedFile(
        N_("The file is damaged and cannot be opened. Open it in your office program and save it again."),
        code="damaged",
        field="file",
    )


def locked() -> RefusedFile:
    return RefusedFile(
        N_("The file has a password: nobody else could open it. Save it without a password, then add it."),
        code="encrypted",
        field="file",
    )


def macros() -> RefusedFile:
    return RefusedFile(
        N_(
            "The file carries macros, which are programs. "
            "Save it as DOCX, XLSX, ODT, ODS or PDF without them."
        ),
        code="macros",
        field="file",
    )


def swollen(unpacked: int) -> RefusedFile:
    """`unpacked` in bytes."""
    return RefusedFile(
        N_("The file unpacks to {unpacked} MB, which no document needs: it was not opened and not kept."),
        unpacked=round(unpacked / 1_000_000),
        code="zip_bomb",
        field="file",
    )


def lies(ending: str, found: str) -> RefusedFile:
    """`found`: what it is, in the letters of its usual ending."""
    return RefusedFile(
        N_("The file is called .{ending}, but its content is {found}. Give it the name of what it is."),
        ending=ending,
        found=found,
        code="name_lies",
        field="file",
    )


def compressed() -> RefusedFile:
    return RefusedFile(
        N_("This is a compressed file. Take the documents out of it and add them one by one."),
        code="compressed",
        field="file",
    )
