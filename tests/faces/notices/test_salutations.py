"""Every mail greets alike in a language: German as the Swiss write it, without a comma."""

from __future__ import annotations

import pytest
from babel.messages.pofile import read_po

from belvedere.project.i18n import PACKAGE


@pytest.mark.parametrize(("language", "ends"), [("de", ""), ("fr", ",")])
def test_mails_greet_alike(language: str, ends: str) -> None:
    found = {}
    for path in sorted((PACKAGE / "locale").glob(f"*/{language}/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if isinstance(message.id, str) and message.id.startswith("Good day"):
                    found[message.id] = str(message.string).splitlines()[0].replace(" %(name)s", "")
    assert len(found) >= 8
    assert set(found.values()) == {{"de": "Guten Tag", "fr": "Bonjour"}[language] + ends}
