"""Contact data at rest: unreadable without the key, found by a keyed hash, re-encrypted when keys change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from belvedere.duties.privacy.public import blind_index, decrypt, encrypt, rotate
from belvedere.engines.home import Home
from belvedere.kernel.errors import Unavailable


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_text_comes_back(text: str) -> None:
    assert decrypt(encrypt(text)) == text
    assert decrypt(memoryview(encrypt(text))) == text


def test_the_same_text_gives_other_bytes_each_time() -> None:
    assert encrypt("anna@example.org") != encrypt("anna@example.org")
    assert b"anna" not in encrypt("anna@example.org")


def test_the_index_is_keyed_and_does_not_mind_case(tmp_path: Path, monkeypatch: Any) -> None:
    here = blind_index("Anna@Example.org ")
    assert here == blind_index("anna@example.org")
    assert here != blind_index("anna@example.com")
    assert here != blind_index("anna@example.org", what="phone")
    monkeypatch.setenv("BELVEDERE_HOME", str(tmp_path))
    assert blind_index("anna@example.org") != here


@pytest.mark.parametrize(
    "value", [b"", b"rubbish", b"1:", b"2:abc", b"1:" + Fernet(Fernet.generate_key()).encrypt(b"x")]
)
def test_a_value_that_no_key_opens_says_what_to_do(value: bytes) -> None:
    for act in (decrypt, rotate):
        with pytest.raises(Unavailable, match="secrets/field_key"):
            act(value)


def test_a_changed_bit_is_noticed() -> None:
    value = bytearray(encrypt("anna"))
    value[20] = ord("A") if value[20] != ord("A") else ord("B")
    with pytest.raises(Unavailable):
        decrypt(bytes(value))


def test_keys_are_rotated_without_losing_a_value(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("BELVEDERE_HOME", str(tmp_path))
    old = encrypt("anna@example.org")
    file = Home(tmp_path).path("secrets", "field_key")
    old_key = file.read_text().strip()
    new_key = Fernet.generate_key().decode()
    file.write_text(f"{new_key}\n{old_key}\n")
    assert decrypt(old) == "anna@example.org"
    fresh = rotate(old)
    file.write_text(f"{new_key}\n")
    assert decrypt(fresh) == "anna@example.org"
    with pytest.raises(Unavailable):
        decrypt(old)
