"""The ways by which a notification travels: HTTP (ETSI GS CIM 009, clause 6) or MQTT (clause 7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import msgspec

from belvedere.domains.exchange.endpoints import is_topic, quality_of, version_of, with_login
from belvedere.domains.exchange.rendering import Addressee, Message
from belvedere.domains.exchange.states import UNWANTED, Fate
from belvedere.engines.outgoing import AddressRefused, Line, Unreachable
from belvedere.engines.publishing import Publisher, Unwanted, checked_topic


@dataclass(frozen=True, slots=True)
class Said:
    """What became of one message: the receiver's answer, or why there was none."""

    fate: Fate
    status: int | None = None
    answer: str = ""


class Way(Protocol):
    """Kept open for the messages of one turn."""

    def send(self, told: Message) -> Said:
        """Have it there."""

    def cut(self) -> None:
        """From another thread: send nothing more, and wait for no answer."""

    def close(self) -> None:
        """Let it go."""


def way_to(to: Addressee) -> Way:
    """Raises AddressRefused where nobody may send."""
    return ByTopic(to) if is_topic(to.uri) else ByRequest(to)


class ByRequest:
    """Each message is a POST; any 2xx says that it is taken."""

    def __init__(self, to: Addressee) -> None:
        self._line = Line(to.uri, whole_s=to.whole_s)

    def send(self, told: Message) -> Said:
        try:
            answered = self._line.post(told.body, told.headers)
        except (Unreachable, AddressRefused) as error:
            return Said(Fate.FAILED, None, error.sentence())
        if answered.taken:
            return Said(Fate.TAKEN, answered.status)
        fate = Fate.REFUSED if answered.status in UNWANTED else Fate.FAILED
        return Said(fate, answered.status, answered.body)

    def cut(self) -> None:
        self._line.cut()

    def close(self) -> None:
        self._line.close()


class ByTopic:
    """Each message is one of the topic, with what HTTP says in headers as `metadata` (clause 7.2)."""

    def __init__(self, to: Addressee) -> None:
        topic = checked_topic(with_login(to.uri, to.login))
        self._publisher = Publisher(
            topic, version=version_of(to.endpoint), qos=quality_of(to.endpoint), whole_s=to.whole_s
        )

    def send(self, told: Message) -> Said:
        body = {"metadata": told.headers, "body": msgspec.Raw(told.body)}
        try:
            self._publisher.publish(msgspec.json.encode(body))
        except (Unreachable, AddressRefused) as error:
            return Said(Fate.FAILED, None, error.sentence())
        except Unwanted as error:
            return Said(Fate.REFUSED, None, error.sentence())
        return Said(Fate.TAKEN)

    def cut(self) -> None:
        self._publisher.cut()

    def close(self) -> None:
        self._publisher.close()
