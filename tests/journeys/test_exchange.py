"""An integrator subscribes a system with a token, breaks its receiver, sees lag and error, sends again; who
answers for the data sees on the same page what the program with that token reads."""

from __future__ import annotations

import json
import re
import urllib.request
from typing import Any

from playwright.sync_api import expect

from tests.domains.webhooks.receiver import receiving
from tests.engines.waiting import until
from tests.journeys.conftest import DESKTOP

WAIT_MS = 30_000


def test_an_integrator_subscribes_breaks_the_receiver_and_replays(visit: Any) -> None:
    one = visit(DESKTOP)
    page = one.page
    one.sign_in("administration")
    page.goto(f"{one.platform.url}/account/tokens/")
    page.get_by_label("À quoi il sert").fill("Éclairage")
    page.get_by_label("Modifier les mesures et les plans").check()
    page.get_by_role("button", name="Créer le jeton").click()
    token = page.locator("code.bv-code").first.inner_text()

    def say(method: str, path: str, body: Any = None) -> None:
        headers = {
            "Authorization": f"Bearer {token}",
            "NGSILD-Tenant": "valais-central",
            "Content-Type": "application/json",
        }
        url = f"{one.platform.url}/ngsi-ld/v1/{path}"
        sent = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(url, sent, headers, method=method)
        with urllib.request.urlopen(asked, timeout=20) as answer:
            assert answer.status in (200, 201, 204)

    with receiving() as receiver:
        receiver.status, receiver.body = 503, b"en panne"
        say(
            "POST",
            "subscriptions",
            {
                "type": "Subscription",
                "subscriptionName": "Jumeau du canton",
                "entities": [{"type": "Bench"}],
                "notification": {"endpoint": {"uri": receiver.url}, "format": "keyValues"},
            },
        )
        say("POST", "entities", {"id": "urn:ngsi-ld:Bench:1", "type": "Bench", "slats": {"value": 7}})
        until(lambda: receiver.received, "the receiver is called")

        say("GET", "entities?type=Bench&attrs=slats")

        page.goto(one.platform.cockpit("live/exchange/"))
        line = page.get_by_role("row", name=re.compile("Jumeau du canton"))
        expect(line).to_contain_text("Ne reçoit plus depuis")
        line.get_by_text("Dernière erreur").click()
        expect(line).to_contain_text("en panne")
        expect(line).to_contain_text("Bench : tous les attributs".replace(" :", "\u00a0:"))
        assert (found := one.axe()) == [], found

        receiver.status, receiver.received = 204, []
        with page.expect_navigation():  # it is led back to the page
            page.get_by_role("button", name=re.compile("^Envoyer maintenant")).click()
        until(lambda: receiver.received, "it is sent again")
        (bench,) = json.loads(receiver.received[0][1])["data"]
        assert (bench["id"], bench["slats"]) == ("urn:ngsi-ld:Bench:1", 7)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_contain_text("apprend chaque changement")
        program = page.get_by_role("row", name=re.compile("^Éclairage"))
        expect(program).to_contain_text("tout le territoire")
        for _ in range(60):  # what is read is written every few seconds
            if "slats" in program.inner_text():
                break
            page.reload()
        expect(program).to_contain_text("Bench : slats".replace(" :", "\u00a0:"))
        expect(program).to_contain_text("1 fois depuis")
        page.get_by_role("button", name=re.compile("^Retirer")).click()
        expect(page.get_by_text("Aucun abonnement pour l’instant")).to_be_visible(timeout=WAIT_MS)
        assert (found := one.axe()) == [], found
