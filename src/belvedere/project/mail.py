"""How mail leaves: by SMTP where an address is given, else as files in the home folder."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from belvedere.engines.home import Home
from belvedere.kernel.errors import N_, InvalidInput


def mail_settings(url: str, home: Home) -> dict[str, Any]:
    """Django's mail settings for `smtp[s]://user:password@host:port?from=address`, or "" for files."""
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(home.path("mail")),
            "DEFAULT_FROM_EMAIL": "Belvédère <belvedere@localhost>",
        }
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise InvalidInput(
            N_("BELVEDERE_EMAIL_URL must look like smtp://user:password@host:587?from=address."),
            field="BELVEDERE_EMAIL_URL",
        )
    sender = parse_qs(parts.query).get("from", [f"belvedere@{parts.hostname}"])[0]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "EMAIL_TIMEOUT": 20,
        "DEFAULT_FROM_EMAIL": sender,
    }
