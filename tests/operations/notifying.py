"""Systems that subscribe to things of a running platform, and a program that changes these things through
every kill.

`python -m tests.operations.notifying` makes a person who governs the territory of the drill, in the home of
the environment, and says a token of theirs.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import sys
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.engines.waiting import until
from tests.operations.fleet import SLUG, open_territory
from tests.operations.running import READY_S, Platform, free_port

THINGS, UPDATES = 100, 5
KILLED = ("exchange", "web", "postgres", "bus")
#: After so many updates the next of `KILLED` is killed: while others are being sent.
EVERY = THINGS * UPDATES // (len(KILLED) + 1)


class Hearer:
    """A receiver that keeps, of each thing, the values it was told, in the order of their arrival."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self.values: dict[str, list[int]] = defaultdict(list)
        self._server: ThreadingHTTPServer | None = None
        self._one = threading.Lock()

    def open(self) -> None:
        """Listen: until now nobody did at this address."""
        hearer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with hearer._one:
                    for thing in told["data"]:
                        hearer.values[thing["id"]].append(thing["level"]["value"])
                self.send_response(204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    @property
    def heard(self) -> int:
        """How many different notifications arrived."""
        with self._one:
            return sum(len(set(values)) for values in self.values.values())

    @property
    def in_order(self) -> bool:
        """Whether each thing's values came in their order; what came twice came twice together."""
        with self._one:
            return all(values == sorted(values) for values in self.values.values())


class Client:
    """A program that speaks NGSI-LD, and says everything again until it is answered."""

    def __init__(self, platform: Platform, token: str) -> None:
        self._platform = platform
        self._headers = {
            "Authorization": f"Bearer {token}",
            "NGSILD-Tenant": SLUG,
            "Content-Type": "application/json",
        }

    def say(self, method: str, path: str, body: Any) -> int:
        """The status of the answer, once there is one that is not a fault of the moment."""
        return until(lambda: self._once(method, path, body), f"{method} {path} is answered", READY_S)

    def _once(self, method: str, path: str, body: Any) -> int:
        line = http.client.HTTPConnection("127.0.0.1", self._platform.port, timeout=20)
        try:
            line.request(method, f"/ngsi-ld/v1/{path}", json.dumps(body), self._headers)
            answer = line.getresponse()
            answer.read()
            return answer.status if answer.status < 500 else 0
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()

    def subscribe(self, uri: str) -> None:
        told = {"endpoint": {"uri": uri}}
        given = {"type": "Subscription", "entities": [{"type": "Gauge"}], "notification": told}
        assert self.say("POST", "subscriptions", given) == 201

    def make(self) -> None:
        things = [
            {"id": urn(number), "type": "Gauge", "level": {"type": "Property", "value": 0}}
            for number in range(THINGS)
        ]
        assert self.say("POST", "entityOperations/create", things) == 201

    def change_all(self) -> None:
        """Five updates of each thing, one by one, and a process killed now and then."""
        done = 0
        for value in range(1, UPDATES + 1):
            for number in range(THINGS):
                if done % EVERY == 0 and done:
                    self._kill(KILLED[done // EVERY - 1])
                body = {"level": {"type": "Property", "value": value}}
                assert self.say("PATCH", f"entities/{urn(number)}/attrs", body) == 204
                done += 1

    def _kill(self, name: str) -> None:
        os.kill(self._platform.state(name)["pid"], signal.SIGKILL)


def urn(number: int) -> str:
    return f"urn:ngsi-ld:Gauge:{number}"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    import django

    django.setup()
    from belvedere.domains.access.models import Membership, Person, TerritoryMembership
    from belvedere.domains.access.public import Role, TerritoryRole, actor_of, create_token
    from belvedere.domains.territory.models import Organisation, Territory

    open_territory(SLUG)
    territory = Territory.objects.get(slug=SLUG)
    person = Person.objects.create(email="drill@example.org", display_name="Drill", language="fr")
    body = Organisation.objects.create(
        territory=territory, kind="commune", names={"fr": "Exercice"}, search="exercice"
    )
    Membership.objects.create(person=person, organisation=body, role=Role.ADMINISTRATOR)
    TerritoryMembership.objects.create(person=person, territory=territory, role=TerritoryRole.ADMINISTRATOR)
    made = create_token(actor=actor_of(person), name="drill", scopes=["read", "write"], days=1)
    sys.stdout.write(made.plain)


if __name__ == "__main__":
    main()
