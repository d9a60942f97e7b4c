"""A page that is open: it listens to changes as a browser does, over a plain connection."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.operations.running import Platform

Event = tuple[str, Any]


@dataclass
class Page:
    """Listens with a ticket of the public pages of a territory. `last` is the id of the last event."""

    platform: Platform
    territory: str
    things: list[int]
    last: str = ""
    _line: http.client.HTTPConnection | None = None
    _answer: http.client.HTTPResponse | None = None

    def open(self, **more: str) -> None:
        """Listen, after the last event heard."""
        self.close()
        status, body = self.platform.get(f"/{self.territory}/live/ticket.json")
        assert status == 200, body
        told = json.loads(body)
        url = urlsplit(told["url"])
        asked = {
            "ticket": told["ticket"],
            "things": ",".join(map(str, self.things)),
            "after": self.last,
            **more,
        }
        assert url.hostname is not None
        self._line = http.client.HTTPConnection(url.hostname, url.port, timeout=20)
        self._line.request("GET", f"{url.path}?{urlencode(asked)}")
        self._answer = self._line.getresponse()
        assert self._answer.status == 200, self._answer.read()

    def next(self) -> Event | None:
        """The next event, its name and data; None when the line is cut."""
        assert self._answer is not None
        told: dict[str, str] = {}
        try:
            while line := self._answer.readline():
                words = line.decode().rstrip("\n")
                if words:
                    name, _, value = words.partition(": ")
                    told[name] = value
                elif "event" in told:
                    self.last = told.get("id", self.last)
                    return told["event"], json.loads(told["data"])
                else:
                    told = {}
        except (OSError, http.client.HTTPException):
            pass
        return None

    def until(self, name: str) -> tuple[Any, list[str]]:
        """The data of the next event of that name, and the names of those before it."""
        before: list[str] = []
        while (event := self.next()) is not None:
            if event[0] == name:
                return event[1], before
            before.append(event[0])
        raise AssertionError(f"cut before {name}, after {before}")

    def close(self) -> None:
        for one in (self._answer, self._line):
            if one is not None:
                one.close()
        self._answer = self._line = None
