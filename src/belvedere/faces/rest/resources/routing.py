"""The one table of operations: those of an address stand together, whichever module holds them."""

from __future__ import annotations

from typing import Any

from ninja import Router

from belvedere.faces.rest.tokens import Token, TokenRequired

router = Router(auth=Token())
OPEN: dict[str, Any] = {"security": [{}]}  # a token is not needed
HOLDER = TokenRequired()
