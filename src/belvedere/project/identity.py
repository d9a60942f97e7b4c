"""Signing in with the identity provider of the authority (OpenID Connect), where one is configured.

BELVEDERE_OIDC_URL      the issuer, e.g. https://login.example.org/realms/city
BELVEDERE_OIDC_CLIENT   the client identifier given by the provider
BELVEDERE_OIDC_SECRET   its secret
BELVEDERE_OIDC_NAME     what the button says; default: the host of the issuer

The provider only signs in people who are here already, found by an e-mail address it says it has verified.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from belvedere.kernel.errors import N_, InvalidInput

NAMES = ("BELVEDERE_OIDC_URL", "BELVEDERE_OIDC_CLIENT", "BELVEDERE_OIDC_SECRET")


def identity_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings of the sign-in library for `environment`; no provider when none is configured.

    Raises:
        InvalidInput: when the configuration is half there or the issuer is no https address.
    """
    settings: dict[str, Any] = {
        "SOCIALACCOUNT_ADAPTER": "belvedere.faces.web.pages.access.adapter.KnownPeopleOnly",
        # The address must be verified by the provider, and belong to someone here.
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": True,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
        "SOCIALACCOUNT_STORE_TOKENS": False,
        "SOCIALACCOUNT_PROVIDERS": {},
    }
    given = {name: environment.get(name, "").strip() for name in NAMES}
    if not any(given.values()):
        return settings
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise InvalidInput(
            N_("Signing in with an identity provider needs these settings too: {missing}."),
            field=missing[0],
            missing=missing,
        )
    issuer = urlsplit(given["BELVEDERE_OIDC_URL"])
    if issuer.scheme != "https" and issuer.hostname not in ("localhost", "127.0.0.1"):
        raise InvalidInput(
            N_("BELVEDERE_OIDC_URL must be the https address of the issuer."), field="BELVEDERE_OIDC_URL"
        )
    settings["SOCIALACCOUNT_PROVIDERS"] = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "authority",
                    "name": environment.get("BELVEDERE_OIDC_NAME", "").strip() or issuer.hostname,
                    "client_id": given["BELVEDERE_OIDC_CLIENT"],
                    "secret": given["BELVEDERE_OIDC_SECRET"],
                    "settings": {"server_url": given["BELVEDERE_OIDC_URL"]},
                }
            ],
        }
    }
    return settings
