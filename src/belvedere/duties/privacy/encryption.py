"""Contact data at rest: encrypted with a key that is outside the database, found again by a keyed hash.

The home's secret `field_key` holds one key a line, the newest first: new values use the first, old values
are read with any. Each value begins with the version of the scheme, so that another can follow.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from belvedere.engines.home import Home
from belvedere.kernel.errors import N_, Unavailable

_VERSION: Final = b"1:"


def encrypt(text: str) -> bytes:
    """`text` for a BinaryField; the same text gives other bytes each time."""
    return _VERSION + _cipher(Home.from_environment()).encrypt(text.encode("utf-8"))


def decrypt(value: bytes | memoryview) -> str:
    """The text of a value made by `encrypt`.

    Raises:
        Unavailable: when no key of this home opens it.
    """
    try:
        return _cipher(Home.from_environment()).decrypt(_token(bytes(value))).decode("utf-8")
    except InvalidToken as error:
        raise _unreadable() from error


def rotate(value: bytes | memoryview) -> bytes:
    """The same value, encrypted with the newest key."""
    try:
        return _VERSION + _cipher(Home.from_environment()).rotate(_token(bytes(value)))
    except InvalidToken as error:
        raise _unreadable() from error


def blind_index(text: str, *, what: str = "email") -> str:
    """A keyed hash (64 hexadecimal digits) by which an encrypted value is found; case does not count."""
    key = Home.from_environment().secret("index_key").encode("ascii")
    return hmac.new(key, f"{what}\x00{text.strip().casefold()}".encode(), hashlib.sha256).hexdigest()


def _token(value: bytes) -> bytes:
    if not value.startswith(_VERSION):
        raise _unreadable()
    return value.removeprefix(_VERSION)


def _unreadable() -> Unavailable:
    return Unavailable(
        N_(
            "A protected value cannot be read with the keys of this home. Put back the file "
            "secrets/field_key that belongs to this database; nothing was changed."
        ),
        permanent=True,
        code="field_key_does_not_fit",
    )


def _cipher(home: Home) -> MultiFernet:
    return _cipher_of(home.secret("field_key"))


@lru_cache(maxsize=4)
def _cipher_of(keys: str) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys.split()])
