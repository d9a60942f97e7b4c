"""Another system is told: set up in the browser, a measure changed by a program, the message signed."""

from __future__ import annotations

import json
import re
import urllib.request
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import expect

from belvedere.engines import signing
from tests.domains.webhooks.receiver import Receiver, receiving
from tests.journeys.conftest import DESKTOP

WAIT_MS = 30_000


def until_received(page: Any, receiver: Receiver, count: int) -> None:
    """The worker sends in its own time: the page is asked again until the receiver has it."""
    for _ in range(60):
        if len(receiver.received) >= count:
            return
        page.reload()
    raise AssertionError(f"{len(receiver.received)} messages of {count}")


def test_another_system_learns_of_a_change(visit: Any) -> None:
    one = visit(DESKTOP)
    page = one.page
    one.sign_in("administration")
    page.goto(f"{one.platform.url}/account/tokens/")
    page.get_by_label("À quoi il sert").fill("SIG")
    page.get_by_label("Modifier les mesures et les plans").check()
    page.get_by_role("button", name="Créer le jeton").click()
    token = page.locator("code.bv-code").first.inner_text()
    with receiving() as receiver:
        receiver.status, receiver.body = 200, b"merci"
        page.goto(one.platform.cockpit("webhooks/"))
        page.get_by_label("Adresse", exact=True).fill(receiver.url)
        page.get_by_label("Une mesure est modifiée").check()
        page.get_by_role("button", name="Créer le webhook").click()
        secret = page.locator("code.bv-code").inner_text()
        assert secret.startswith("whsec_")
        assert one.axe() == []

        measure = change_by_program(one.platform.url, token)
        with page.expect_navigation():
            page.get_by_role("link", name=receiver.url).click()
        until_received(page, receiver, 1)
        headers, body = receiver.received[0]
        assert json.loads(body)["data"]["measure_id"] == measure
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        assert headers["webhook-signature"] == signing.sign(secret, headers["webhook-id"], at, body)

        page.reload()
        expect(page.get_by_role("row", name=re.compile("Une mesure est modifiée"))).to_contain_text("Reçu")
        with page.expect_navigation():
            page.get_by_role("button", name=re.compile("^Renvoyer")).click()
        until_received(page, receiver, 2)
        assert receiver.received[1][0]["webhook-id"] == headers["webhook-id"]
        assert one.axe() == []
        page.get_by_role("button", name="Retirer le webhook").click()
        expect(page.get_by_text("Aucun webhook pour l’instant")).to_be_visible(timeout=WAIT_MS)


def change_by_program(url: str, token: str) -> str:
    """What a program does: find a measure, read it, change it with the version it read."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(path: str, method: str = "GET", body: Any = None, **more: str) -> tuple[Any, str]:
        data = None if body is None else json.dumps(body).encode()
        asked = urllib.request.Request(f"{url}/api/v1/{path}", data, {**headers, **more}, method=method)
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return json.loads(answer.read()), answer.headers["ETag"]

    listed, _ = ask("territories/valais-central/measures?limit=1&sort=title")
    measure: str = listed["measures"][0]["id"]
    whole, tag = ask(f"measures/{measure}")
    title = {**whole["title"], "fr": f"{whole['title']['fr']} (revu)"}
    changed, _ = ask(f"measures/{measure}", "PATCH", {"title": title}, **{"If-Match": tag})
    assert changed["version"] == whole["version"] + 1
    return measure
