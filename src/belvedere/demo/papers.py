"""The demo's small documents, made here: a page of PDF, a table, a text."""

from __future__ import annotations

import textwrap

WIDTH, HEIGHT, LEFT, TOP = 595, 842, 64, 770  # A4, in points


def page(title: str, text: str) -> bytes:
    """One page of PDF 1.4 with a heading, a paragraph and a mark that it is an example."""
    lines = [
        f"BT /F1 17 Tf {LEFT} {TOP} Td ({_escaped(title)}) Tj ET",
        *(
            f"BT /F2 11 Tf {LEFT} {TOP - 40 - 17 * at} Td ({_escaped(line)}) Tj ET"
            for at, line in enumerate(textwrap.wrap(text, 78))
        ),
        f"BT /F2 9 Tf {LEFT} 60 Td ({_escaped('Valais central, exemple : contenu inventé')}) Tj ET",
    ]
    stream = "\n".join(lines).encode("cp1252")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>" % (WIDTH, HEIGHT),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        font % b"Helvetica-Bold",
        font % b"Helvetica",
    ]
    return _file(objects)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").replace("\u202f", "\u00a0")


def _file(objects: list[bytes]) -> bytes:
    """The objects in order with their table of places (ISO 32000-1, 7.5)."""
    made, places = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (count, table, count, len(made))
    )
