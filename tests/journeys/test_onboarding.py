"""A technician with a phone: connect a network server, put a container into service, see its value arrive."""

from __future__ import annotations

import base64
import json
import re
import time
import urllib.request
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import expect

from tests.domains.connections.answering import answering
from tests.journeys.conftest import PHONE
from tests.journeys.hands import Finger

EUI = "24E124136A0E55A1"
LABEL = f"LW:D0:24E124C0002A0001:{EUI}:00010001"
#: Battery 92 %, 25.7 degrees, 500 mm to the rubbish, upright.
BYTES = bytes.fromhex("01755c0367010104 82f401050000".replace(" ", ""))
FEW_S = 10.0


def uplink(address: str, secret: str) -> int:
    """The network server calls; its answer."""
    told = {
        "deduplicationId": "journey-1",
        "time": datetime.now(UTC).isoformat(),
        "deviceInfo": {"devEui": EUI.lower()},
        "devAddr": "00112233",
        "fPort": 85,
        "data": base64.b64encode(BYTES).decode(),
        "rxInfo": [{"rssi": -97, "snr": 7.5}],
    }
    request = urllib.request.Request(
        address,
        json.dumps(told).encode(),
        {"Authorization": secret, "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return int(answer.status)


def test_a_device_is_put_into_service_on_a_phone(visit: Any) -> None:
    one = visit(PHONE, scheme="dark")
    page, hand = one.page, Finger(one.page)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": 7.36, "latitude": 46.233})
    one.sign_in("administration")

    page.goto(one.platform.cockpit("live/connections/"))
    assert (found := one.axe()) == [], found
    hand.choose(page.get_by_label("Serveur de réseau", exact=True), "chirpstack")
    hand.write(page.get_by_label("Nom", exact=True), "Travaux publics")
    # A finger that trembles sends it once.
    page.get_by_role("button", name="Connecter", exact=True).dblclick()
    secret = page.locator("#cn-secret").inner_text()
    address = page.locator("#cn-address").inner_text()
    assert (found := one.axe()) == [], found
    assert one.overflow() <= 0

    page.goto(one.platform.cockpit("live/connections/"))
    expect(page.get_by_role("link", name="Travaux publics")).to_have_count(1)
    page.goto(one.platform.cockpit("live/onboard/"))
    hand.choose(page.get_by_label("Modèle", exact=True), "milesight-em400-mud")
    expect(page.get_by_label("Type d’objet")).to_be_hidden()
    hand.write(page.get_by_label("Du capteur au fond"), "200")
    hand.write(page.get_by_label("Identifiant", exact=True), LABEL)
    hand.press(page.get_by_role("button", name="Là où je suis"))
    expect(page.locator("#ob-geometry")).to_have_value(re.compile("46.233"))
    hand.write(page.get_by_label("Nom", exact=True), "Conteneur du technicien")
    assert (found := one.axe()) == [], found
    assert one.overflow() <= 0
    # The session ends just now: what was typed and tapped comes back after signing in.
    page.context.clear_cookies(name="belvedere_session")
    hand.press(page.get_by_role("button", name="Mettre en service", exact=True))
    one.sign_in_here("administration")
    expect(page.get_by_text("Ce que vous aviez saisi est revenu.")).to_be_visible()
    expect(page.locator("#ob-geometry")).to_have_value(re.compile("46.233"))
    hand.press(page.get_by_role("button", name="Mettre en service", exact=True))
    expect(page.get_by_role("heading", name="En attente de sa première valeur")).to_be_visible()
    expect(page.locator("#ob-values[data-heard]")).to_be_visible()  # it listens

    began = time.monotonic()
    assert uplink(re.sub(r"^https?://[^/]+", one.platform.url, address), secret) == 204
    expect(page.locator("#ob-values")).to_contain_text("75 %")
    assert time.monotonic() - began < FEW_S
    expect(page.locator("#ob-values")).to_contain_text("25,7 °C")
    assert (found := one.axe()) == [], found
    assert one.overflow() <= 0

    # How it is decoded, from its page; and a decoder of one's own, tried before it is kept.
    hand.press(page.get_by_role("link", name="Ses réglages"))
    hand.press(page.get_by_role("link", name="Comment il est décodé"))
    expect(page.get_by_label("Ses octets sont lus")).to_have_value("model:milesight-em400-mud")
    assert (found := one.axe()) == [], found
    page.goto(one.platform.cockpit("live/connections/decoders/new/"))
    hand.write(page.get_by_label("Nom", exact=True), "Essai")
    source = "function decodeUplink(input) { return { data: { octets: input.bytes.length } } }"
    hand.write(page.get_by_label("JavaScript"), source)
    hand.write(page.get_by_label("Octets de l’essai"), BYTES.hex(" "))
    hand.press(page.get_by_role("button", name="Essayer", exact=True))
    expect(page.locator("pre.lv-command")).to_contain_text(f'"octets": {len(BYTES)}')
    assert (found := one.axe()) == [], found
    assert one.overflow() <= 0

    # A list of somebody else's car parks, explained and looked at before it is asked.
    with answering() as server:
        parks = [{"id": "gare", "libres": 12}, {"id": "lac", "libres": "fermé"}]
        page.goto(one.platform.cockpit("live/connections/sources/new/"))
        assert (found := one.axe()) == [], found
        hand.write(page.get_by_label("Nom", exact=True), "Parkings voisins")
        hand.write(page.get_by_label("Adresse", exact=True), server.put("/parks", json.dumps(parks)))
        hand.choose(page.get_by_label("Type d’objets dont elle parle"), "off-street-parking")
        hand.press(page.get_by_role("button", name="Connecter", exact=True))
        hand.press(page.get_by_role("button", name="La lire maintenant"))
        hand.choose(page.get_by_label("Champ de la liste, ligne 1"), "libres")
        hand.choose(page.get_by_label("Ce qu’il dit, ligne 1"), "availableSpotNumber")
        hand.press(page.get_by_role("button", name="Garder et lire ainsi"))
        expect(page.locator("#told-title")).to_contain_text("2 lignes")
        assert (found := one.axe()) == [], found
        assert one.overflow() <= 0
        hand.press(page.get_by_role("button", name="L’interroger dès maintenant"))
        expect(page.get_by_role("button", name="Ne plus l’interroger")).to_be_visible()
        hand.press(page.get_by_role("button", name="Supprimer la source"))
        expect(page.locator("#sources-title")).to_be_visible()

    # What its device measured before, from a file: looked at, taken, and what was refused told.
    page.goto(one.platform.cockpit("live/connections/files/"))
    assert (found := one.axe()) == [], found
    body = f"objet;heure;niveau\n{EUI.lower()};20.11.2025 08:00;40\nlac;20.11.2025 08:00;50\n"
    told = {"name": "niveaux.csv", "mimeType": "text/csv", "buffer": body.encode()}
    page.locator("input[name=file]").set_input_files(told)
    hand.choose(page.get_by_label("Type d’objets dont parle le fichier"), "waste-container")
    hand.press(page.get_by_role("button", name="Regarder le fichier"))
    hand.choose(page.locator("#id_id"), "objet")
    hand.choose(page.locator("#id_time"), "heure")
    hand.choose(page.get_by_label("Champ de la liste, ligne 1"), "niveau")
    hand.choose(page.get_by_label("Ce qu’il dit, ligne 1"), "fillingLevel")
    hand.choose(page.get_by_label("Arrive en, ligne 1"), "P1")
    assert one.overflow() <= 0
    hand.press(page.get_by_role("button", name="Garder et lire ainsi"))
    expect(page.locator("#told-title")).to_contain_text("2 lignes")
    assert (found := one.axe()) == [], found
    assert one.overflow() <= 0
    hand.press(page.get_by_role("button", name="Le prendre"))
    expect(page.get_by_role("link", name="Les lignes refusées (CSV)")).to_be_visible()
    expect(page.locator(".bv-dl")).to_contain_text("Enregistré1")
    assert (found := one.axe()) == [], found
    assert one.overflow() <= 0
