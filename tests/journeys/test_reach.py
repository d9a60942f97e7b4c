"""How people are reached: a gateway is written and tested, a number proved on a phone, quiet hours kept."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import expect

from tests.domains.reach.listening import listening
from tests.journeys.conftest import DESKTOP, PHONE


def test_a_gateway_is_tested_and_a_number_proved_on_a_phone(visit: Any) -> None:
    one = visit(DESKTOP)
    one.sign_in("administration")
    page = one.page
    with listening() as box:
        page.goto(one.platform.cockpit("reach/"))
        assert one.faults() == []
        page.get_by_role("link", name="Nouvelle passerelle").click()
        expect(page.get_by_role("heading", name="Un boîtier à vous")).to_be_visible()
        assert one.faults() == []
        page.get_by_role("link", name="Gammu REST (SMS)").click()
        expect(page.locator("[name=user]")).to_be_visible()
        page.locator("[name=user]").fill("mairie")
        page.locator("[name=secret]").fill("clé très secrète")
        page.locator("[name=url]").fill("nulle part")
        page.get_by_role("button", name="Enregistrer la passerelle").click()
        expect(page.locator(".bv-error").first).to_be_visible()
        assert one.faults() == [] and [told for told in one.errors if "422" not in told] == []
        one.errors.clear()
        page.locator("[name=url]").fill(f"{box.url}/sms")
        page.locator("[name=secret]").fill("clé très secrète")
        page.get_by_role("button", name="Enregistrer la passerelle").click()
        expect(page.get_by_role("button", name="M’envoyer un essai")).to_be_visible()
        assert one.faults() == []
        page.get_by_role("button", name="M’envoyer un essai").click()
        expect(page.get_by_text("indiquez d’abord son numéro")).to_be_visible()
        gateway = page.url

        phone = visit(PHONE)
        phone.sign_in("administration")
        own = phone.page
        own.goto(f"{one.platform.url}/account/reach/")
        assert phone.faults() == []
        own.locator("[name=phone]").fill("+41 79 123 45 67")
        own.get_by_role("button", name="Enregistrer le numéro").click()
        own.get_by_role("button", name="M’envoyer un code").click()
        expect(own.locator("[name=code]")).to_be_visible()
        assert phone.faults() == []
        code = json.loads(box.last.body)["text"].split(": ")[1][:6]
        own.locator("[name=code]").fill(code)
        own.get_by_role("button", name="Vérifier le numéro").click()
        expect(own.get_by_text("Votre numéro est vérifié")).to_be_visible()
        own.locator("[name=is_quiet]").check()
        own.locator("[name=quiet_from]").fill("21:30")
        own.get_by_role("button", name="Enregistrer", exact=True).click()
        expect(own.get_by_text("Votre façon d’être joint est enregistrée.")).to_be_visible()
        expect(own.locator("[name=quiet_from]")).to_have_value("21:30")
        assert phone.faults() == []

        page.goto(gateway)
        page.get_by_role("button", name="M’envoyer un essai").click()
        refused = page.get_by_text("Attendez dix secondes")
        taken = page.get_by_text("La passerelle a pris le message")
        expect(refused.or_(taken).first).to_be_visible()
        assert json.loads(box.last.body)["number"] == "+41791234567"
        page.get_by_role("button", name="Supprimer la passerelle").click()
        expect(page.get_by_text("Aucune passerelle").first).to_be_visible()
