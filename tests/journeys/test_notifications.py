"""Notifications on a phone: switched on, tried, shown, removed. The push service is of the test."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import expect

from tests.browsers import Browser
from tests.domains.reach.listening import listening
from tests.journeys.conftest import PHONE

# A browser without a window shows no notifications and has no push service: what one with a window gives is
# given in its place.
SUBSCRIBES = """given => {
  const read = text => atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = text => Uint8Array.from(read(text), one => one.charCodeAt(0)).buffer;
  const one = {
    endpoint: given.endpoint,
    getKey: name => bytes(name === 'auth' ? given.auth : given.key),
    unsubscribe: async () => delete sessionStorage.subscribed,
  };
  Object.defineProperty(Notification, 'permission', { get: () => localStorage.allowed ?? 'default' });
  Notification.requestPermission = async () => (localStorage.allowed = 'granted');
  PushManager.prototype.getSubscription = async () => sessionStorage.subscribed ? one : null;
  PushManager.prototype.subscribe = async options => {
    sessionStorage.subscribed = options.userVisibleOnly && options.applicationServerKey.length;
    return one;
  };
}"""
KEEPS = """() => {
  self.shown = [];
  self.registration.showNotification = async (...what) => { self.shown.push(what); };
}"""


def test_notifications_are_switched_on_tried_and_removed_on_a_phone(visit: Any) -> None:
    one = visit(PHONE)
    one.sign_in("terrain.sierre")
    page, home = one.page, one.platform.url
    with listening() as service:
        service.status = 201
        browser = Browser(f"{service.url}/push/telephone")
        page.add_init_script(f"({SUBSCRIBES})({json.dumps(browser.given)})")
        page.goto(f"{home}/account/reach/")
        expect(page.get_by_text("Aucune notification n’arrive encore sur cet appareil.")).to_be_visible()
        assert one.faults() == []
        page.get_by_role("button", name="Activer les notifications ici").click()
        expect(page.get_by_text("Les notifications arrivent désormais sur cet appareil")).to_be_visible()
        expect(page.locator(".re-devices li")).to_contain_text("cet appareil")
        assert page.evaluate("sessionStorage.subscribed") == "65", "under the key of this platform"
        assert one.faults() == []
        page.get_by_role("button", name=re.compile("^Essayer ")).click()
        expect(page.get_by_text("La notification est partie.")).to_be_visible()
        content = browser.opened(service.last.body).decode("utf-8")

        # The service worker shows what the push service hands on; the same message has the same tag.
        worker = page.context.service_workers[0]
        worker.evaluate(KEEPS)
        worker.evaluate("text => { self.dispatchEvent(new PushEvent('push', { data: text })); }", content)
        told = json.loads(content)
        [[title, how]] = worker.evaluate("() => self.shown")
        assert (title, how["body"], how["tag"], how["lang"]) == ("Belvédère", told["text"], told["key"], "fr")
        assert how["data"] == {"link": "/account/reach/"}
        assert "Il n’y a rien à faire" in told["text"]

        page.get_by_role("button", name=re.compile("^Retirer ")).click()
        expect(page.get_by_text("Plus aucune notification ne va à cet appareil.")).to_be_visible()
        expect(page.locator(".re-devices")).to_have_count(0)
        expect(page.get_by_role("button", name="Activer les notifications ici")).to_be_visible()
        assert page.evaluate("sessionStorage.subscribed ?? 'none'") == "none", "the browser let it go too"
