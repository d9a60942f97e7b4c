"""The one place where a message is made and leaves: plain text, in the reader's language.

A message that the mail server does not take is logged and `send` says so: whoever keeps the notice sends it
again later. Not for deciding whom to tell, nor when (that is the duty of notifications).
"""

from __future__ import annotations

import hashlib
import logging
import re
import smtplib
import textwrap
from email.utils import formataddr, make_msgid, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext

from belvedere.kernel.errors import N_

log = logging.getLogger(__name__)
WIDTH = 78
LONGEST_LINE = 900  # RFC 5322 allows 998
PLATFORM = "Belvédère"
_UNSUBSCRIBE = N_("To receive no more of these messages, open this link:")


class _Unfolded(EmailMessage):
    """A message whose long headers stay on one line: not every reader of List-Unsubscribe unfolds it."""

    def message(self, **more: Any) -> Any:
        made = super().message(**more)
        made.policy = made.policy.clone(max_line_length=LONGEST_LINE)
        return made


def send(
    to: str,
    language: str,
    subject: str,
    body: str,
    *,
    unsubscribe: str | None = None,
    sender: str = "",
    key: str = "",
) -> bool:
    """Send one message; False when the mail server did not take it, which is logged.

    `subject` and `body` are already in `language`. `unsubscribe`: an absolute address that a GET shows and a
    POST without sign-in obeys (RFC 8058). `sender`: the name of the territory. `key`: what the message is,
    so that the same one sent again bears the same Message-ID and a mailbox shows it once.
    """
    message = compose(to, language, subject, body, unsubscribe=unsubscribe, sender=sender, key=key)
    try:
        return message.send() == 1
    except (OSError, smtplib.SMTPException, ValueError) as error:  # ValueError: an address nobody can write
        # The address is personal: the log says what failed, not for whom.
        log.warning("a message was not taken by the mail server: %s", type(error).__name__)
        return False


def compose(
    to: str,
    language: str,
    subject: str,
    body: str,
    *,
    unsubscribe: str | None = None,
    sender: str = "",
    key: str = "",
) -> EmailMessage:
    """The message that `send` sends."""
    headers = {
        "Message-ID": _message_id(key and f"{to}\n{key}"),
        "Auto-Submitted": "auto-generated",
        "Content-Language": language,
    }
    text = wrapped(body)
    if unsubscribe:
        headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        with translation.override(language):
            text += f"\n-- \n{wrapped(gettext(_UNSUBSCRIBE))}{unsubscribe}\n"
    return _Unfolded(" ".join(subject.split()), text, _from(sender), [to], headers=headers)


def wrapped(body: str) -> str:
    """`body` at 78 columns, links whole, items of a list hanging; it ends with a line end."""
    lines = []
    for line in body.strip("\n").splitlines():
        indent = re.match(r"\s*(?:[-–•] )?", line)
        hang = " " * len(indent.group()) if indent else ""
        lines += textwrap.wrap(
            line, WIDTH, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False
        ) or [""]
    return "\n".join(lines) + "\n"


def _from(sender: str) -> str:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    name = f"{sender} · {PLATFORM}" if sender else name or PLATFORM
    return formataddr((" ".join(name.split()), address))


def _message_id(key: str) -> str:
    domain = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    if not key:
        return make_msgid(domain=domain)
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


__all__ = ["compose", "send", "wrapped"]
