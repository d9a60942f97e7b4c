"""Text tables (CSV and its cousins): which encoding, which separator. No Django."""

from __future__ import annotations

import csv
import io
from collections import Counter

from belvedere.domains.plans.sheets.errors import UnreadableFile
from belvedere.kernel.errors import N_

SEPARATORS = (";", ",", "\t", "|")
_USUAL = frozenset("éèêëàâäîïôöûüùçñœæßÉÈÊÀÂÄÎÔÖÛÜÙÇŒÆ’‘“”«»–—…°€²³ ½¼©®·§&'")
csv.field_size_limit(16 * 1024 * 1024)


def decode(data: bytes) -> tuple[str, str]:
    """The text of `data` and the name of its encoding."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return _strict(data, name), name
    sample = data[:4096]
    if sample.count(0) * 3 > len(sample):
        name = "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        return _strict(data, name), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    name = max(("cp1252", "latin-1", "mac_roman"), key=lambda one: _plausible(data, one))
    return data.decode(name), name


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            N_(
                "The text of the file is damaged (it begins as {encoding}). Export it "
                "again, as UTF-8 if asked."
            ),
            encoding=name.replace("-sig", "").upper(),
        ) from error


def _plausible(data: bytes, name: str) -> int:
    """How many letters beyond ASCII look like French or German in encoding `name`."""
    try:
        text = data[: 512 * 1024].decode(name)
    except UnicodeDecodeError:
        return -(10**9)
    foreign = [c for c in text if ord(c) > 126]
    usual = sum(1 if c in _USUAL else -1 for c in foreign)
    control = sum(3 for c in foreign if 0x7F <= ord(c) < 0xA0)
    # An accented capital inside a word of small letters is the sign of a wrong guess.
    odd = sum(
        1
        for before, c, after in zip(text, text[1:], text[2:], strict=False)
        if ord(c) > 126 and before.islower() and after.islower() and not c.islower() and c not in "’'-–·"
    )
    return usual - control - 2 * odd


def separator_of(text: str) -> str:
    """The separator that cuts the first lines most evenly into most columns."""
    first = text[:64].splitlines()[0].lower() if text.strip() else ""
    if first.startswith("sep=") and first[4:5] in SEPARATORS:
        return first[4]
    sample = text[:65_536]

    def score(separator: str) -> tuple[float, int]:
        rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=separator))[:60]
        widths = Counter(len(row) for row in rows if len(row) > 1)
        if not widths:
            return (0.0, 0)
        width, times = widths.most_common(1)[0]
        return (times / max(len(rows), 1), width)

    return max(SEPARATORS, key=score)


def rows_of(text: str, separator: str) -> list[list[str]]:
    """The cells of `text`; a first line `sep=;` is dropped."""
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    if rows and rows[0] and rows[0][0].lower().startswith("sep="):
        rows[0] = []
    return rows
