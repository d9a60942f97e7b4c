"""Listening at the brokers of network servers: one thread and one lasting session (MQTT 3.1.1) each.

An uplink is acknowledged to the broker only once it is on the disk of our bus; what is not acknowledged comes
again. Connections that are added, changed or removed are noticed within seconds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import paho.mqtt.client as mqtt
from django.db import DatabaseError, connection
from paho.mqtt.enums import CallbackAPIVersion

from belvedere.connectors.receiving import Read, receive, remember
from belvedere.domains.connections.errors import NotAnUplink
from belvedere.domains.connections.public import Listening, System, brokers, reachable
from belvedere.engines import pulse
from belvedere.engines.home import Home
from belvedere.engines.outgoing import certain_of
from belvedere.kernel.errors import N_, BelvedereError, Unavailable

NAME = "connections"
LOOK_S = 2.0
KEEP_ALIVE_S = 60
FIRST_DELAY_S, LAST_DELAY_S = 1.0, 60.0
NO_ANSWER = N_("The broker does not answer.")
NOT_LET_IN = N_("The broker does not let us in: look at the user and the password.")
NOT_HEARD = N_("The broker does not let us listen to uplinks.")
NOT_ALLOWED = N_("The address leads inside the network of the platform, or its name is not known.")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tongue:
    """How a kind of network server speaks at its broker."""

    topic: str
    read: Read


class Ear:
    """At one broker, until stopped."""

    def __init__(self, at: Listening, tongue: Tongue) -> None:
        self.at = at
        self._tongue = tongue
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
        try:
            while not self._stopping.is_set():
                if client.loop(1.0) != mqtt.MQTT_ERR_SUCCESS:
                    raise OSError("the line is cut")
        finally:
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
        client.subscribe(self._tongue.topic, qos=1)

    def _subscribed(self, client: mqtt.Client, _data: Any, _mid: int, codes: Any, _properties: Any) -> None:
        if any(code.is_failure for code in codes):
            self._problem = NOT_HEARD
            client.disconnect()
            return
        self.is_listening, self._delay, self._problem = True, FIRST_DELAY_S, ""
        remember(self.at.line, problem="")

    def _heard(self, client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        try:
            receive(self.at.line, self._tongue.read, bytes(message.payload))
        except NotAnUplink as error:
            log.info("%s: %s", self.at, error)
        except Unavailable:
            client.disconnect()  # not acknowledged: it comes again when we are back
            return
        client.ack(message.mid, message.qos)


class Ears:
    """At every broker that the connections name, until stopped."""

    def __init__(self, home: Home, tongues: Mapping[System, Tongue]) -> None:
        self._home = home
        self._tongues = tongues
        self._stopping = threading.Event()
        self._ears: dict[UUID, Ear] = {}
        self._state = "starting"

    def stop(self, *_signal: Any) -> None:
        """End soon."""
        self._stopping.set()

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
                self._ears[key] = Ear(one, self._tongues[one.line.system])
        self._state = "ready"
