"""Listening at the brokers of network servers: one thread and one lasting session (MQTT 3.1.1) each.

An uplink is acknowledged to the broker only once it is on the disk of our bus; what is not acknowledged comes
again. Connections that are added, changed or removed are noticed within seconds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import paho.mqtt.client as mqtt
from django.db import DatabaseError, connection
from paho.mqtt.enums import CallbackAPIVersion

from belvedere.connectors.receiving import Read, receive, remember
from belvedere.connectors.telling import Said
from belvedere.domains.connections.errors import NotAnUplink
from belvedere.domains.connections.public import Listening, System, brokers, reachable
from belvedere.engines import pulse
from belvedere.engines.home import Home
from belvedere.engines.outgoing import certain_of
from belvedere.kernel.errors import N_, BelvedereError, Unavailable

NAME = "connections"
LOOK_S = 2.0
KEEP_ALIVE_S = 60
PUBLISH_S = 3.0
FIRST_DELAY_S, LAST_DELAY_S = 1.0, 60.0
NO_ANSWER = N_("The broker does not answer.")
NOT_LET_IN = N_("The broker does not let us in: look at the user and the password.")
NOT_HEARD = N_("The broker does not let us listen to uplinks.")
NOT_ALLOWED = N_("The address leads inside the network of the platform, or its name is not known.")
#: Whose territory (slug), and what a network server told of a command.
Told = Callable[[str, Said], None]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tongue:
    """How a kind of network server speaks at its broker. `heard` reads what it tells on `topics` of commands
    that it was given; `up`: what the topics of uplinks end with."""

    topic: str
    read: Read
    topics: tuple[str, ...] = ()
    heard: Callable[[str, bytes], Said | None] = lambda _topic, _payload: None
    up: str = ""
    qos: int = 1


class Ear:
    """At one broker, until stopped."""

    def __init__(self, at: Listening, tongue: Tongue, told: Told | None = None) -> None:
        self.at = at
        self._tongue = tongue
        self._told = told
        self._line: mqtt.Client | None = None
        self._stopping = threading.Event()
        self._delay = FIRST_DELAY_S
        self._problem = ""  # what the broker itself objected to
        self.is_listening = False
        self._thread = threading.Thread(target=self._run, name=f"ear-{at.host}", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Leave; the broker keeps what comes meanwhile."""
        self._stopping.set()

    def join(self) -> None:
        self._thread.join(10)

    def publish(self, topic: str, payload: bytes) -> bool:
        """Whether the broker has it; where it gives no receipts, whether it was sent. From any thread."""
        client = self._line
        if client is None or not self.is_listening:
            return False
        try:
            sent = client.publish(topic, payload, qos=self._tongue.qos)
            sent.wait_for_publish(PUBLISH_S)
        except (OSError, ValueError, RuntimeError):
            return False
        return sent.is_published()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen()
            except BelvedereError as error:
                log.info("%s: %s", self.at, error)
                remember(self.at.line, problem=NOT_ALLOWED)
            except (OSError, ValueError) as error:
                log.info("%s: %s", self.at, error)
                remember(self.at.line, problem=self._problem or NO_ANSWER)
            except Exception:
                log.exception("%s: listening failed", self.at)
            self.is_listening = False
            self._stopping.wait(self._delay)
            self._delay = min(self._delay * 2, LAST_DELAY_S)
        connection.close()

    def _listen(self) -> None:
        client = self._client()
        client.connect(reachable(self.at.host, self.at.port), self.at.port, KEEP_ALIVE_S)
        self._line = client
        try:
            while not self._stopping.is_set():
                if client.loop(1.0) != mqtt.MQTT_ERR_SUCCESS:
                    raise OSError("the line is cut")
        finally:
            self._line = None
            client.disconnect()

    def _client(self) -> mqtt.Client:
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"belvedere-{self.at.line.id}",
            clean_session=False,  # the broker keeps what comes while we are away
            manual_ack=True,
        )
        if self.at.user:
            client.username_pw_set(self.at.user, self.at.password)
        if self.at.tls:
            client.tls_set_context(certain_of(self.at.host))
        client.on_connect = self._connected
        client.on_subscribe = self._subscribed
        client.on_message = self._heard
        return client

    def _connected(self, client: mqtt.Client, _data: Any, _flags: Any, code: Any, _properties: Any) -> None:
        if code.is_failure:
            self._problem = NOT_LET_IN
            return
        client.subscribe([(one, 1) for one in (self._tongue.topic, *self._tongue.topics)])

    def _subscribed(self, client: mqtt.Client, _data: Any, _mid: int, codes: Any, _properties: Any) -> None:
        if codes[0].is_failure:  # of uplinks; of commands a server may tell nothing
            self._problem = NOT_HEARD
            client.disconnect()
            return
        self.is_listening, self._delay, self._problem = True, FIRST_DELAY_S, ""
        remember(self.at.line, problem="")

    def _heard(self, client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        payload = bytes(message.payload)
        try:
            if (said := self._tongue.heard(message.topic, payload)) is not None:
                self._tell(said)
            else:
                base = message.topic.removesuffix(self._tongue.up) if self._tongue.up else ""
                receive(self.at.line, self._tongue.read, payload, base)
        except NotAnUplink as error:
            log.info("%s: %s", self.at, error)
        except Unavailable:
            client.disconnect()  # not acknowledged: it comes again when we are back
            return
        client.ack(message.mid, message.qos)

    def _tell(self, said: Said) -> None:
        if self._told is not None:
            try:
                self._told(self.at.line.territory_slug, said)
            except DatabaseError as error:
                connection.close()
                raise Unavailable(NO_ANSWER) from error  # it comes again


class Ears:
    """At every broker that the connections name, until stopped."""

    def __init__(self, home: Home, tongues: Mapping[System, Tongue], told: Told | None = None) -> None:
        self._home = home
        self._tongues = tongues
        self._told = told
        self._stopping = threading.Event()
        self._ears: dict[UUID, Ear] = {}
        self._state = "starting"

    def stop(self, *_signal: Any) -> None:
        """End soon."""
        self._stopping.set()

    def publish(self, connection_id: UUID, topic: str, payload: bytes) -> bool:
        """At the broker of a connection; whether it was taken."""
        ear = self._ears.get(connection_id)
        return ear is not None and ear.publish(topic, payload)

    def run(self) -> None:
        """Listen until stopped."""
        try:
            while not self._stopping.is_set():
                self._look()
                listening = sum(ear.is_listening for ear in self._ears.values())
                told = {"state": self._state, "brokers": len(self._ears), "listening": listening}
                pulse.beat(self._home, NAME, told)
                self._stopping.wait(LOOK_S)
        finally:
            for ear in self._ears.values():
                ear.stop()
            for ear in self._ears.values():
                ear.join()
            with suppress(DatabaseError):
                connection.close()
            pulse.forget(self._home, NAME)

    def _look(self) -> None:
        try:
            wanted = {one.line.id: one for one in brokers() if one.line.system in self._tongues}
        except (DatabaseError, Unavailable) as error:
            connection.close()
            log.warning("connections could not be read: %s", error)
            self._state = "waiting for PostgreSQL"
            return
        for key, ear in list(self._ears.items()):
            if key not in wanted or wanted[key] != ear.at:
                ear.stop()
                ear.join()
                del self._ears[key]
        for key, one in wanted.items():
            if key not in self._ears:
                self._ears[key] = Ear(one, self._tongues[one.line.system], self._told)
        self._state = "ready"
