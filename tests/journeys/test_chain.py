"""The whole loop, from a signal to a proof: a rule is written and tried on the past, a cabinet is cut, one
alarm stands for its lamps, climbs while nobody answers, is dispatched, repaired without a network, closed
with the proof; the contract figures change and the log book prints."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import urllib.request
from datetime import datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, expect

from belvedere.kernel.clock import now
from tests.journeys.conftest import DESKTOP, PHONE, Platform
from tests.journeys.hands import Keys
from tests.journeys.test_field import AWAY, POINT, wait_until_kept
from tests.journeys.test_live import until

CABINET = "urn:ngsi-ld:StreetlightControlCabinet:essai"
LAMPS = [f"urn:ngsi-ld:Streetlight:essai-{n}" for n in (1, 2, 3)]
NAME, RULE, JOB = "Armoire de l’essai", "Armoire coupée", "Remettre l’essai sous tension"
LIGHTING = "https://smartdatamodels.org/dataModel.Streetlighting/"
CONTEXT = {
    "status": "https://uri.etsi.org/ngsi-ld/status",
    "name": "https://smartdatamodels.org/name",
    **{
        term: LIGHTING + term
        for term in (
            "Streetlight",
            "StreetlightControlCabinet",
            "refStreetlightControlCabinet",
            "totalActivePower",
        )
    },
}
LATER = """
from datetime import timedelta
from belvedere.domains.duty.public import climb_due
from belvedere.kernel.clock import now
climb_due(now() + timedelta(minutes=MINUTES))
"""


class Supervisor:
    """The contractor's own system: it tells what cabinet and lamps do, by the standard door."""

    def __init__(self, platform: Platform, token: str) -> None:
        self._url, self._token = f"{platform.url}/ngsi-ld/v1/", token

    def say(self, method: str, path: str, body: Any) -> None:
        headers = {
            "Authorization": f"Bearer {self._token}",
            "NGSILD-Tenant": "valais-central",
            "Content-Type": "application/ld+json",
        }
        asked = urllib.request.Request(
            self._url + path, json.dumps(_meant(body)).encode(), headers, method=method
        )
        with urllib.request.urlopen(asked, timeout=20) as answer:
            assert answer.status in (200, 201, 204)

    def installed(self, at: datetime) -> None:
        """A cabinet with three lamps in Sierre, and its power by the hour for six days: cut once, for two."""

        def place(n: int) -> dict[str, Any]:
            point = {"type": "Point", "coordinates": [7.5340 + n / 5000, 46.2925]}
            return {"type": "GeoProperty", "value": point}

        cabinet = {"id": CABINET, "type": "StreetlightControlCabinet", "location": place(0)}
        lamps = [
            {
                "id": urn,
                "type": "Streetlight",
                "name": f"Lampe de l’essai {n}",
                "location": place(n),
                "status": {"value": "ok", "observedAt": _iso(at)},
                "refStreetlightControlCabinet": {"type": "Relationship", "object": CABINET},
            }
            for n, urn in enumerate(LAMPS, 1)
        ]
        self.say("POST", "entityOperations/create", [{**cabinet, "name": NAME}, *lamps])
        past = [
            {
                "type": "Property",
                "value": 0.0 if 70 <= hours < 72 else 4.2,
                "unitCode": "KWT",
                "observedAt": _iso(at - timedelta(hours=hours)),
            }
            for hours in range(144, 0, -1)
        ]
        self.say("POST", f"temporal/entities/{CABINET}/attrs", {"totalActivePower": past})

    def tells(self, power: float, status: str) -> None:
        at = _iso(now())
        told = {"value": power, "unitCode": "KWT", "observedAt": at}
        lamps = [
            {"id": urn, "type": "Streetlight", "status": {"value": status, "observedAt": at}} for urn in LAMPS
        ]
        cabinet = {"id": CABINET, "type": "StreetlightControlCabinet", "totalActivePower": told}
        self.say("POST", "entityOperations/update", [*lamps, cabinet])


def _meant(body: Any) -> Any:
    """Each document with what its words mean."""
    return [*map(_meant, body)] if isinstance(body, list) else {**body, "@context": CONTEXT}


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def supervisor(one: Any) -> Supervisor:
    page = one.page
    page.goto(f"{one.platform.url}/account/tokens/")
    page.get_by_label("À quoi il sert").fill("Télégestion de l’éclairage")
    page.get_by_label("Modifier les mesures et les plans").check()
    page.get_by_role("button", name="Créer le jeton").click()
    return Supervisor(one.platform, page.locator("code.bv-code").first.inner_text())


def registered(office: Any) -> None:
    """The cabinet in the register, under the contract of the town, linked to what it tells."""
    page = office.page
    page.goto(office.platform.cockpit("equipment/new/"))
    page.locator("[name=kind]").select_option("cabinet")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=number]").fill("ZZ-ESSAI")
    page.locator("[name=contract]").select_option(label="Entretien de l’éclairage public, Sierre")
    page.locator("[name=thing]").fill(CABINET)
    page.locator(".bv-form-actions .bv-btn.is-main").click()
    expect(page.locator("h1")).to_contain_text(NAME)


def rule_tried_on_the_past(office: Any) -> None:
    page = office.page
    keys = Keys(page)
    page.goto(office.platform.cockpit("rules/new/"))
    keys.write(page.get_by_label("Nom de la règle"), RULE)
    keys.choose(page.locator("#rl-kind"), "streetlight-cabinet")
    expect(page.locator("#rl-attribute-0")).to_have_value("totalActivePower")
    keys.choose(page.locator("#rl-asks-0"), "below")
    expect(page.locator("#rl-asks-0")).to_have_value("below")
    keys.write(page.locator("#rl-n-0"), "0,1")
    page.locator("#rl-severity").select_option("4")
    page.locator("summary", has_text="La fin, et le reste").click()
    page.locator("#rl-gathers").select_option("yes")
    # The sentence that is read anew moves what stands below it: the button is pressed by the keyboard.
    expect(page.locator("#rl-preview")).to_contain_text("déclencher une alarme\N{NO-BREAK SPACE}: critique")
    keys.press(page.get_by_role("button", name="L’essayer sur les 30 derniers jours"))
    expect(page.locator("#rl-tried")).to_contain_text(re.compile("Elle aurait déclenché 1 alarme"))
    page.get_by_role("button", name="Enregistrer la règle").click()
    page.get_by_role("button", name="Activer").click()
    expect(page.get_by_role("button", name="Désactiver")).to_be_visible()


def minutes_later(platform: Platform, minutes: int) -> None:
    """What the clock finds due by then. Nobody waits for it here."""
    code = LATER.replace("MINUTES", str(minutes))
    environment = {**os.environ, "BELVEDERE_HOME": str(platform.home)}
    words = [sys.executable, "-m", "belvedere.project.command", "django", "shell", "-c", code]
    subprocess.run(words, env=environment, check=True, capture_output=True, timeout=60)


def row(page: Any, name: str) -> Locator:
    found: Locator = page.locator(".al-r", has_text=name)
    return found


def repaired_without_a_network(fitter: Any) -> None:
    page = fitter.page
    page.goto(fitter.platform.cockpit("interventions/field/"))
    page.get_by_role("button", name=re.compile(JOB)).click()
    wait_until_kept(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("Offline.")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Annehmen")).click()
    page.get_by_role("button", name=re.compile("^Ich bin vor Ort")).click()
    points = page.get_by_role("checkbox").all()  # where the town has a list of them
    for point in points:
        point.check()
    expect(page.locator("#fd-net")).to_contain_text(str(2 + len(points)))
    page.get_by_label("Was das Foto zeigt").fill("Sicherung ersetzt")
    page.get_by_label("Foto machen").set_input_files(
        {"name": "photo.png", "mimeType": "image/png", "buffer": POINT}
    )
    expect(page.get_by_role("img", name="Sicherung ersetzt")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Abschliessen")).click()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("Alles ist gesendet.")).to_be_visible()
    fitter.errors[:] = [one for one in fitter.errors if not AWAY.search(one)]


def asked_of_the_contract(page: Any, platform: Platform) -> int:
    """How many interventions the contractor was asked to take up this month."""
    page.goto(platform.cockpit("interventions/contracts/"))
    return int(page.get_by_role("row", name=re.compile("^Prise en compte")).locator("td").first.inner_text())


def sent_to_the_contractor(office: Any, alarm: str) -> str:
    """From the alarm to the board, and from there to the team; the address of the job."""
    page = office.page
    page.goto(alarm)
    page.get_by_role("link", name="Prévoir une intervention").click()
    expect(page.locator("[name=equipment]")).to_have_value("ZZ-ESSAI")
    page.get_by_label("Ce qui est à faire").fill(JOB)
    page.locator("[name=team]").select_option(label="Dépannage Bas-Valais (Lumens du Coteau SA)")
    page.get_by_role("button", name="Prévoir").click()
    expect(page.locator("h1")).to_contain_text(JOB)
    job = str(page.url)
    page.goto(office.platform.cockpit("interventions/board/?q=essai"))
    page.locator(".ib-card").filter(has_text=JOB).get_by_role("button", name=re.compile("^Envoyer")).click()
    expect(page.get_by_text("est envoyée à Dépannage")).to_be_visible()
    return job


def test_from_a_cut_cabinet_to_a_proof(visit: Any) -> None:
    office = visit(DESKTOP)
    office.sign_in("projet.sierre")
    page, platform = office.page, office.platform
    system = supervisor(office)
    system.installed(now())
    registered(office)
    rule_tried_on_the_past(office)
    asked = asked_of_the_contract(page, platform)

    # Cut: the lamps go with their cabinet, and the desk shows one alarm.
    page.goto(platform.cockpit("alarms/desk/"))
    expect(page.locator("[data-status].is-live")).to_be_visible()
    system.tells(0.0, "defectiveLamp")
    expect(row(page, NAME)).to_contain_text("3 alarmes groupées avec elle")
    expect(row(page, "Lampe de l’essai")).to_have_count(0)
    expect(row(page, NAME)).to_contain_text("Personne")

    # Nobody answers: after who is on duty those who look after it are told, then those above them.
    alarm = str(row(page, NAME).locator("a").first.evaluate("a => a.href"))
    told = platform.cockpit(f"duty/alarms/{alarm.rstrip('/').rpartition('/')[2]}/")
    page.goto(told)
    calls = page.locator("ol.bv-log li")
    until(page, page.locator("h1", has_text="niveau 2"))
    on_duty = calls.count()
    assert on_duty > 0
    minutes_later(platform, 11)
    page.reload()
    expect(page.locator("h1")).to_contain_text("niveau 3")
    assert calls.count() > on_duty
    expect(page.locator("ol.bv-log")).not_to_contain_text("Laurent Kalbfuss")
    minutes_later(platform, 40)
    page.reload()
    expect(page.locator("ol.bv-log")).to_contain_text("Laurent Kalbfuss")

    job = sent_to_the_contractor(office, alarm)
    page.goto(platform.cockpit("alarms/desk/"))
    expect(page.locator("[data-fresh=running]")).to_contain_text(NAME)
    page.goto(told)
    expect(page.locator("h1")).not_to_contain_text("niveau")  # taken up: it climbs no further

    fitter = visit(PHONE, locale="de-CH")
    fitter.sign_in("depannage")
    repaired_without_a_network(fitter)

    # It shines again: the alarm is over, and closes with the proof, those of the lamps with it.
    page.goto(platform.cockpit("alarms/desk/"))
    expect(page.locator("[data-status].is-live")).to_be_visible()
    system.tells(4.1, "ok")
    expect(row(page, NAME)).to_have_class(re.compile("is-cleared"))
    page.goto(job)
    expect(page.get_by_role("img", name="Sicherung ersetzt")).to_be_visible()
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_text("Vérifiée").first).to_be_visible()
    page.goto(alarm)
    expect(page.locator(".al-states")).to_contain_text("close")
    expect(page.locator("#beneath li small")).to_have_text(["close", "close", "close"])
    expect(page.locator("ol.bv-log")).to_contain_text("est vérifiée par Damien Antonin")
    assert office.faults() == []

    # Both parties read what the contract was worth, and the log book has it all on paper.
    assert asked_of_the_contract(page, platform) == asked + 1
    expect(page.get_by_role("row", name=re.compile(JOB))).to_contain_text("Vérifiée")
    fitter.page.goto(platform.cockpit("interventions/contracts/"))
    expect(fitter.page.get_by_role("row", name=re.compile(JOB))).to_contain_text("Geprüft")
    page.goto(platform.cockpit("logbook/print/?q=essai"))
    page.emulate_media(media="print")
    for line in (
        f"déclenchée (Critique) · {RULE}",
        "Intervention · Envoyée à l’équipe",
        f"close (Critique) · {RULE}",
    ):
        expect(page.locator("ol.lg")).to_contain_text(line)
    assert page.pdf(format="A4").startswith(b"%PDF")
