"""What a person sees of `up`: each line with the name of the process that said it.

Colours on a terminal, plain text elsewhere (a file, systemd's journal) or when NO_COLOR is set.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TextIO

COLOURS = (36, 33, 35, 32, 34, 96, 93, 95)
OURS = "belvedere"


class Console:
    """Writes prefixed lines to a stream; a stream that went away (closed terminal) is not an error."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._coloured = self._stream.isatty() and not os.environ.get("NO_COLOR")
        self._names: list[str] = []
        self._gone = False

    def know(self, names: list[str]) -> None:
        """Tell the names that will speak, so that their columns align."""
        self._names = names

    def line(self, name: str, text: str) -> None:
        """One line said by the process `name`."""
        width = max([len(OURS), *map(len, self._names)])
        moment = time.strftime("%H:%M:%S")
        if self._coloured:
            colour = COLOURS[self._names.index(name) % len(COLOURS)] if name in self._names else 1
            self._write(f"\x1b[2m{moment}\x1b[0m \x1b[{colour}m{name:<{width}} │\x1b[0m {text}")
        else:
            self._write(f"{moment} {name:<{width}} | {text}")

    def say(self, text: str) -> None:
        """One line of the supervisor itself."""
        self.line(OURS, text)

    def plain(self, text: str) -> None:
        """A line without prefix, for what a person must find again (the address)."""
        self._write(text)

    def _write(self, text: str) -> None:
        if self._gone:
            return
        try:
            self._stream.write(text + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            self._gone = True
