"""Pages that the running demo cannot show without being changed: rendered by the same code on its database.

`python -m tests.journeys.aside LIVE.json` opens a transaction on the platform's database, makes what a page
needs (a second territory, an invitation, a second factor), asks for the page as its reader does, and takes
all of it back. Prints `{"pages": {name: {path, status, html}}, "templates": {template: name or address}}`;
the templates also of the addresses that journeys visit for real. The file names those and the demo's logins:
`{"logins": {who: [email, password]}, "live": {who, or "" for anyone: [path, …]}}`.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "belvedere.project.settings"
    django.setup()

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client, override_settings
from django.test.utils import setup_test_environment

from belvedere.domains.access.public import (
    Actor,
    Role,
    TerritoryRole,
    give_territory_role,
    invite_person,
    person_by_email,
)
from belvedere.domains.collaboration.public import (
    Part,
    SuggestionDraft,
    confirmation_token,
    make_suggestion,
)
from belvedere.domains.territory.public import open_territory, organisations, territories
from belvedere.duties.notifications.public import stop_token
from tests.journeys.failing import FAILURES

TOKEN = "journey" * 6
ADMINISTRATOR, FINANCE = "administration", "finances.sion"


class Reader:
    """A person's browser, as the test client; what it was given is kept."""

    def __init__(self, kept: Kept, login: tuple[str, str] | None = None) -> None:
        self.kept = kept
        self.client = Client(headers={"accept-language": "fr-CH"}, raise_request_exception=False)
        if login:
            email, password = login
            self.client.post("/account/login/", {"login": email, "password": password})

    def look(self, name: str, path: str, *, status: int = 200, end: str = "", keep: bool = True) -> None:
        """Get `path`; it must answer `status` at `path`, or at an address that matches `end`."""
        response: Any = self.client.get(path, follow=True)
        reached = response.request["PATH_INFO"]
        expected = end or re.escape(path.partition("?")[0])
        if response.status_code != status or not re.fullmatch(expected, reached):
            self.kept.wrong.append(f"{name}: {path} answers {response.status_code} at {reached}")
        for template in response.templates:
            self.kept.templates.setdefault(template.name or "", name)
        if keep:
            html = response.content.decode()
            self.kept.pages[name] = {"path": reached, "status": status, "html": html}


class Kept:
    def __init__(self) -> None:
        self.pages: dict[str, dict[str, Any]] = {}
        self.templates: dict[str, str] = {}
        self.wrong: list[str] = []


def entrance(kept: Kept, user: Any) -> None:
    """What someone who cannot sign in meets."""
    anyone = Reader(kept)
    anyone.look("reset", "/account/password/reset/")
    anyone.look("reset sent", "/account/password/reset/done/")
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    anyone.look("reset with key", f"/account/password/reset/key/{key}/", end=".*-set-password/")
    anyone.look("reset with a dead key", "/account/password/reset/key/1-dead/")
    anyone.look("reset done", "/account/password/reset/key/done/")
    anyone.look("sign-up closed", "/account/signup/")
    anyone.look("account closed", "/account/inactive/")
    anyone.look("address to confirm", "/account/confirm-email/")
    anyone.look("provider cancelled", "/account/3rdparty/login/cancelled/")
    anyone.look("provider failed", "/account/3rdparty/login/error/", status=401)
    anyone.look("invitation unknown", f"/account/invitation/{'x' * 43}/", status=404)


def own_account(kept: Kept, login: tuple[str, str], user: Any) -> None:
    """Password, second factor and keys, before and after they are set up."""
    me = Reader(kept, login)
    for name, path in (
        ("sign out", "logout/"),
        ("confirm it is you", "reauthenticate/"),
        ("change password", "password/change/"),
        ("second factor, none", "2fa/"),
        ("keys, none", "2fa/webauthn/"),
        ("connections", "3rdparty/"),
    ):
        me.look(name, f"/account/{path}")
    me.client.post("/account/reauthenticate/", {"password": login[1]})
    for name, path in (
        ("activate codes", "2fa/totp/activate/"),
        ("add a key", "2fa/webauthn/add/"),
    ):
        me.look(name, f"/account/{path}")
    TOTP.activate(user, generate_totp_secret())
    RecoveryCodes.activate(user)
    again = Reader(kept, login)
    again.look("code asked", "/account/2fa/authenticate/")
    key = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Clé bleue", "credential": {}}
    )
    for name, path in (
        ("second factor, active", "2fa/"),
        ("stop codes", "2fa/totp/deactivate/"),
        ("recovery codes", "2fa/recovery-codes/"),
        ("new recovery codes", "2fa/recovery-codes/generate/"),
        ("keys", "2fa/webauthn/"),
        ("rename a key", f"2fa/webauthn/keys/{key.pk}/edit/"),
        ("remove a key", f"2fa/webauthn/keys/{key.pk}/remove/"),
        ("confirm by code", "2fa/reauthenticate/"),
    ):
        me.look(name, f"/account/{path}")


def invitations(kept: Kept, login: tuple[str, str]) -> None:
    """An invitation as a newcomer, as someone with an account, and the page that sends it."""
    territory = territories()[0]
    system = Actor.system("Parcours")
    body = organisations(territory.id)[0]
    with mock.patch("secrets.token_urlsafe", return_value=TOKEN):
        invite_person(
            actor=system, email="anna.zen-ruffinen@example.ch", organisation_id=body.id, role=Role.READER
        )
    Reader(kept).look("invitation, newcomer", f"/account/invitation/{TOKEN}/")
    Reader(kept, login).look("invitation, signed in", f"/account/invitation/{TOKEN}/")
    reader = Reader(kept, login)
    reader.look("invite", f"/cockpit/{territory.slug}/access/invite/")
    reader.look("people, one invited", f"/cockpit/{territory.slug}/access/")


def several_territories(kept: Kept, login: tuple[str, str]) -> None:
    """The front and the chooser once there is a second territory; the second is empty."""
    system = Actor.system("Parcours")
    second = open_territory(
        actor=system,
        slug="haut-lac",
        names={"fr": "Haut-Lac", "de": "Oberer See"},
        country="CH",
        currency="CHF",
    )
    person = person_by_email(login[0])
    assert person is not None
    give_territory_role(actor=system, person_id=person, territory_id=second, role=TerritoryRole.ADMINISTRATOR)
    Reader(kept).look("front", "/")
    me = Reader(kept, login)
    me.look("chooser", "/cockpit/")
    for name, path in (
        ("nothing yet: measures", "plans/measures/"),
        ("nothing yet: money", "plans/money/"),
        ("nothing yet: imports", "plans/import/"),
        ("nothing yet: places", "territory/"),
        ("nothing yet: journal", "journal/"),
    ):
        me.look(name, f"/cockpit/haut-lac/{path}")


def letters(kept: Kept, login: tuple[str, str]) -> None:
    """What the links of mails open: stop them, confirm a suggestion; comments alone on a page."""
    person = person_by_email(login[0])
    assert person is not None
    slug = territories()[0].slug
    me = Reader(kept, login)
    me.look("comments alone", named(me, f"/cockpit/{slug}/collaboration/measures/{{measure}}/comments/"))
    measure = UUID(named(me, "{measure}"))
    draft = SuggestionDraft(Part.OTHER, "fr", message="Bonjour", email="rose@example.org")
    made = make_suggestion(actor=Actor.public(), measure_id=measure, draft=draft)
    anyone = Reader(kept)
    anyone.look("confirm a suggestion", f"/{slug}/collaboration/confirm/{confirmation_token(made)}/")
    anyone.look("stop mails", f"/account/messages/stop/{stop_token(person, 'mention')}/")


def told_systems(kept: Kept, login: tuple[str, str]) -> None:
    """Webhooks: none yet, one with a message that waits; the operations of the interface."""
    page = f"/cockpit/{territories()[0].slug}/webhooks/"
    me = Reader(kept, login)
    me.look("webhooks, none", page)
    me.client.post(page, {"url": "https://sig.example.org/hook", "kinds": ["measure.changed"]})
    me.look("webhooks", page)
    one = re.search(rf"{page}[0-9a-f-]{{36}}/", me.client.get(page).content.decode())
    assert one is not None
    me.client.post(f"{one[0]}test/")
    me.look("a webhook", one[0])
    Reader(kept).look("operations", "/api/v1/")


def failures(kept: Kept, login: tuple[str, str]) -> None:
    """Every status, by the error that gives it, as anyone and as someone signed in."""
    with override_settings(ROOT_URLCONF="tests.journeys.failing"):
        for who, reader in (("anyone", Reader(kept)), ("signed in", Reader(kept, login))):
            for name, (status, _error) in FAILURES.items():
                if (who == "anyone") != (name in ("refused", "forbidden")):  # anyone is sent to sign in
                    reader.look(f"{status} {name}, {who}", f"/failing/{name}/", status=status)


def live(kept: Kept, logins: dict[str, list[str]], asked: dict[str, list[str]]) -> None:
    """The templates of what journeys visit for real; for what stands in braces, see `named`."""
    for who, paths in asked.items():
        reader = Reader(kept, (logins[who][0], logins[who][1]) if who else None)
        for path in paths:
            reader.look(path, named(reader, path), keep=False)


def named(reader: Reader, path: str) -> str:
    """The address: `{measure}` is any published measure, `{owner}` the reader's own, `{vote}` its latest."""
    slug = territories()[0].slug
    if "{measure}" in path:
        points = Client().get(f"/{slug}/plans/measures/points.json").json()
        path = path.replace("{measure}", str(points["ids"][0]))
    if "{owner}" in path:
        answer: Any = reader.client.get(f"/cockpit/{slug}/plans/outlook/", follow=True)
        own = answer.request["PATH_INFO"]
        path = path.replace("{owner}", own.rstrip("/").rpartition("/")[2])
        votes = reader.client.get(f"{own}votes/").content.decode()
        vote = re.search(rf"{re.escape(own)}votes/([0-9a-f-]{{36}})/", votes)
        path = path.replace("{vote}", vote[1] if vote else "no-vote")
    return path


def everything(logins: dict[str, list[str]], asked: dict[str, list[str]]) -> Kept:
    kept = Kept()
    login = (logins[ADMINISTRATOR][0], logins[ADMINISTRATOR][1])
    live(kept, logins, asked)
    user = get_user_model().objects.get(pk=person_by_email(login[0]))  # after signing in, which changes it
    entrance(kept, user)
    invitations(kept, login)
    letters(kept, login)
    told_systems(kept, login)
    failures(kept, login)
    several_territories(kept, login)
    own_account(kept, login, user)
    return kept


def main() -> None:
    logging.disable(logging.CRITICAL)  # the failures are on purpose
    setup_test_environment()
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with transaction.atomic():
        kept = everything(asked["logins"], asked["live"])
        transaction.set_rollback(True)
    if kept.wrong:
        raise SystemExit("\n".join(kept.wrong))
    print(json.dumps({"pages": kept.pages, "templates": kept.templates}))


if __name__ == "__main__":
    main()
