"""Messages over MQTT to a broker somebody typed: outside the house only, in little time, and acknowledged.

The guard of addresses is that of `outgoing`: the name is looked up once a connection, every address it has is
checked, and the connection goes to the one checked. (OASIS MQTT 3.1.1 and 5.0.)
"""

from __future__ import annotations

import contextlib
import ipaddress
import secrets
import socket
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from belvedere.engines.outgoing import (
    LONGEST_URL,
    WAIT_S,
    WHOLE_S,
    AddressRefused,
    Unreachable,
    certain_of,
    is_outside,
    private_allowed,
    resolved,
)
from belvedere.kernel.errors import N_, BelvedereError

SCHEMES = {"mqtt": 1883, "mqtts": 8883}
_MOST_HEARD = 65_536  # bytes of a broker that has only acknowledgements to say
_OTHER_VERSION = 132
#: What a broker answers that will never take this message: topic, format or size.
_UNWANTED = frozenset({0x90, 0x95, 0x99})


class Version(StrEnum):
    """Of the protocol."""

    V3 = "mqtt3.1.1"
    V5 = "mqtt5.0"


class Unwanted(BelvedereError):
    """The broker lives and does not take this message."""

    default_code = "unwanted"


@dataclass(frozen=True, slots=True)
class Topic:
    """Where messages go: a topic at a broker, and who signs in there ("" for nobody)."""

    host: str
    port: int
    tls: bool
    name: str
    user: str = ""
    password: str = ""


def checked_topic(url: str) -> Topic:
    """`mqtts://user:password@host:port/some/topic`, taken apart; AddressRefused says why not. Looks up no
    name."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or SCHEMES.get(parts.scheme, 0)
        name = unquote(parts.path[1:], errors="strict")
        user, password = (unquote(one or "", errors="strict") for one in (parts.username, parts.password))
    except ValueError:
        raise _no_topic() from None
    plain = url.isascii() and url.isprintable() and " " not in url
    named = name and not set("+#\0") & set(name) and not set("?#") & set(url)
    if not plain or len(url) > LONGEST_URL or not host or not port or not named:
        raise _no_topic()
    if parts.scheme != "mqtts" and not (parts.scheme == "mqtt" and private_allowed()):
        raise AddressRefused(N_("The address begins with https:// or mqtts://."), field="url")
    with contextlib.suppress(ValueError):
        if not is_outside(ipaddress.ip_address(host)):
            raise AddressRefused(
                N_("This address leads inside the network of the platform. Only servers outside are told."),
                field="url",
            )
    return Topic(host, port, parts.scheme == "mqtts", name, user, password)


def _no_topic() -> AddressRefused:
    return AddressRefused(
        N_("This is not a topic at a broker. Write it whole, as in mqtts://example.org/some/topic."),
        field="url",
    )


class _Client(mqtt.Client):
    """Hears no more than a broker has to say to one who only sends."""

    heard = 0

    def _sock_recv(self, bufsize: int) -> bytes:
        found: bytes = super()._sock_recv(bufsize)
        self.heard += len(found)
        if self.heard > _MOST_HEARD:
            raise ConnectionAbortedError("the broker says too much")
        return found


class Publisher:
    """The way to one topic, kept open for several messages in a row. For one thread at a time.

    Args:
        version: None for 5.0, or 3.1.1 with a broker that knows no other.
        qos: 0 (sent is taken), 1 or 2 (taken is what the broker acknowledged).
        whole_s: the seconds that signing in may take, and each message.
    """

    def __init__(
        self, topic: Topic, *, version: Version | None = None, qos: int = 0, whole_s: float | None = None
    ) -> None:
        self._topic = topic
        self._versions = [version] if version is not None else [Version.V5, Version.V3]
        self._qos = qos
        self._whole_s = WHOLE_S if whole_s is None else whole_s
        self._client: _Client | None = None
        self._is_cut = False
        self._answer: ReasonCode | None = None  # to what was asked last
        self._ended: ReasonCode | None = None  # why the broker let go

    def publish(self, body: bytes) -> None:
        """Send `body`, until the broker has it.

        Raises:
            AddressRefused: the address leads inside the house.
            Unreachable: no answer, or not in time, or the broker does not let us.
            Unwanted: it does not take this message, now or later.
        """
        try:
            client = self._client or self._open()
            self._answer = None
            client.heard = 0
            until = time.monotonic() + self._whole_s
            client.publish(self._topic.name, body, qos=self._qos)
            self._wait(client, until)
        except BelvedereError:
            self.close()
            raise
        except Exception as error:  # what a broker says may be anything
            self.close()
            raise Unreachable(N_("No answer: {why}."), why=str(error) or type(error).__name__) from error
        if self._answer is not None and self._answer.is_failure:
            self.close()
            raise _refusal(self._answer)

    def cut(self) -> None:
        """From another thread: send nothing more, and wait for no answer."""
        self._is_cut = True
        sock: Any = self._client.socket() if self._client is not None else None
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Leave; the next message signs in again."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):
                client.disconnect()

    def _open(self) -> _Client:
        """Sign in, with the first version that the broker knows."""
        address = resolved(self._topic.host, self._topic.port)
        while True:
            client = self._client = self._made(self._versions[0])
            self._answer = self._ended = None
            until = time.monotonic() + self._whole_s
            client.connect(address, self._topic.port, keepalive=60)
            try:
                self._wait(client, until)
            except Unreachable:
                if self._answer is None and len(self._versions) < 2:
                    raise
            answer = self._answer
            if answer is not None and not answer.is_failure:
                return client
            self.close()
            if len(self._versions) > 1 and (answer is None or answer.value == _OTHER_VERSION):
                del self._versions[0]  # some let go of whom they do not understand without a word
                continue
            raise Unreachable(N_("The broker does not let us in: {why}."), why=str(answer))

    def _made(self, version: Version) -> _Client:
        client = _Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"belvedere-{secrets.token_hex(6)}",
            protocol=MQTTProtocolVersion.MQTTv5 if version is Version.V5 else MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = min(WAIT_S, self._whole_s)
        if self._topic.user:
            client.username_pw_set(self._topic.user, self._topic.password or None)
        if self._topic.tls:
            client.tls_set_context(certain_of(self._topic.host))
        client.on_connect = lambda _c, _d, _flags, code, _p: self._hear(code)
        client.on_publish = lambda _c, _d, _mid, code, _p: self._hear(code)
        client.on_disconnect = self._let_go
        return client

    def _hear(self, code: ReasonCode) -> None:
        self._answer = code

    def _let_go(self, _client: Any, _data: Any, _flags: Any, code: ReasonCode, _properties: Any) -> None:
        self._ended = code

    def _wait(self, client: _Client, until: float) -> None:
        """Until the broker answered what was asked."""
        while self._answer is None:
            left = until - time.monotonic()
            if self._is_cut:
                raise ConnectionAbortedError("the line was cut")
            if left <= 0:
                raise Unreachable(N_("The broker does not answer in time."))
            if client.loop(min(1.0, left)) != mqtt.MQTT_ERR_SUCCESS and self._answer is None:
                if self._ended is not None and self._ended.value in _UNWANTED:
                    raise _refusal(self._ended)
                raise Unreachable(N_("The broker cut the line: {why}."), why=str(self._ended or ""))


def _refusal(code: ReasonCode) -> BelvedereError:
    if code.value in _UNWANTED:
        return Unwanted(N_("The broker does not take it: {why}."), why=str(code))
    return Unreachable(N_("The broker does not take it: {why}."), why=str(code))
