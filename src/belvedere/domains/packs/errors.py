"""What can go wrong with packs."""

from __future__ import annotations

from belvedere.kernel.errors import InvalidInput, NotFound


class NoSuchPack(NotFound):
    default_code = "no_such_pack"


class NoSuchNotice(NotFound):
    default_code = "no_such_notice"


class BadNotice(InvalidInput):
    default_code = "bad_notice"
