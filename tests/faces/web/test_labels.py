"""The codes of labels, read back from what is drawn: module by module, as a telephone reads them."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.test import Client
from qrcode.base import rs_blocks
from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.util import mask_func, pattern_position

from belvedere.domains.equipment import public as equipment
from belvedere.faces.web.pages.equipment.labels import code_svg, short_address
from tests.faces.web.plans_examples import english
from tests.lighting import Lighting
from tests.people import People

BORDER = 2
#: By the two bits of ISO/IEC 18004, table 12.
LEVELS = (ERROR_CORRECT_M, ERROR_CORRECT_L, ERROR_CORRECT_H, ERROR_CORRECT_Q)


def drawn(svg: str) -> list[list[bool]]:
    """The modules of the picture without its border, rows of dark or not."""
    size = int(re.findall(r'viewBox="0 0 (\d+)', svg)[0]) - 2 * BORDER
    dark = {(int(y), int(x)) for x, y in re.findall(r"M(\d+),(\d+)h1v1h-1z", svg)}
    return [[(row + BORDER, column + BORDER) in dark for column in range(size)] for row in range(size)]


def is_pattern(row: int, column: int, size: int) -> bool:
    """Whether the module belongs to the figure of the code and carries no data."""
    version = (size - 17) // 4
    if (
        6 in (row, column)
        or (row < 9 and (column < 9 or column >= size - 8))
        or (row >= size - 8 and column < 9)
    ):
        return True
    if version >= 7 and ((row < 6 and column >= size - 11) or (column < 6 and row >= size - 11)):
        return True
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    return any(
        abs(row - y) <= 2 and abs(column - x) <= 2
        for y, x in product(pattern_position(version), repeat=2)
        if (y, x) not in corners
    )


def decoded(svg: str) -> str:
    """The text of a code without damage: its bytes in one segment (ISO/IEC 18004, 7)."""
    modules = drawn(svg)
    size = len(modules)
    version = (size - 17) // 4
    head = int("".join(str(int(modules[8][column])) for column in range(5)), 2) ^ 0b10101
    masked = mask_func(head & 7)
    bits: list[int] = []
    for turn, right in enumerate([*range(size - 1, 6, -2), 5, 3, 1]):
        for step in range(size):
            row = step if turn % 2 else size - 1 - step
            bits += [
                modules[row][column] ^ masked(row, column)
                for column in (right, right - 1)
                if not is_pattern(row, column, size)
            ]
    words = [int("".join(map(str, map(int, bits[at : at + 8]))), 2) for at in range(0, len(bits) - 7, 8)]
    counts = [block.data_count for block in rs_blocks(version, LEVELS[head >> 3])]
    blocks: list[list[int]] = [[] for _ in counts]
    taken = iter(words)
    for at in range(max(counts)):
        for block, count in zip(blocks, counts, strict=True):
            if at < count:
                block.append(next(taken))
    stream = "".join(f"{word:08b}" for block in blocks for word in block)
    assert stream[:4] == "0100", "bytes"
    wide = 8 if version < 10 else 16
    length, begin = int(stream[4 : 4 + wide], 2), 4 + wide
    return bytes(int(stream[begin + 8 * n : begin + 8 * n + 8], 2) for n in range(length)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "https://a.ch/e/x/",
        "https://belvedere.example.org/e/k7w2mq/",
        "https://supervision.une-commune-au-nom-bien-long.example.org/belvedere/e/k7w2mq9dz4/" + "p" * 60,
    ],
)
def test_what_is_drawn_says_what_was_meant(text: str) -> None:
    assert decoded(code_svg(text)) == text
    assert decoded(code_svg(text + "x")) != text


@pytest.mark.django_db
def test_who_holds_a_telephone_over_a_label_comes_to_the_page_of_that_equipment(
    lighting: Lighting, people: People
) -> None:
    rows = equipment.listed(lighting.lead, lighting.territory.id, equipment.Wanted()).rows
    assert len(rows) > 1
    client: Client = english()
    client.force_login(people.lead)
    for row in rows:
        address = decoded(code_svg(short_address(row.code)))
        path = "/" + address.partition("://")[2].partition("/")[2]
        answer = client.get(path, follow=True)
        assert answer.status_code == 200
        assert answer.request["PATH_INFO"].endswith(f"/equipment/{row.id}/")
