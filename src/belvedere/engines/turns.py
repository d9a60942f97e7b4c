"""Whose turn it is: of several processes that could do the same work, the one that does it now.

A lock of PostgreSQL that lives as long as a connection: who dies loses it at once, and another one goes on.
Not for keeping things right, only for keeping them in order: for an instant two may believe it is theirs.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from belvedere.engines.postgres import without_password
from belvedere.kernel.errors import N_, Unavailable

if TYPE_CHECKING:
    import psycopg

SURE_S = 1.0
PATIENCE_S = 5.0
# A machine that lost its power says no good-bye: the server asks, and forgets it after some seconds.
_ASKED = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3"
_TRY = "SELECT pg_try_advisory_lock(hashtextextended(%s, 5206006))"


class Turn:
    """The turn at some work, named the same by all who could do it, in the database at `url`."""

    def __init__(self, url: str, work: str) -> None:
        self._url, self._work = url, work
        self._line: psycopg.AsyncConnection[Any] | None = None
        self._held = False
        self._sure_at = float("-inf")

    async def mine(self) -> bool:
        """Whether it is ours; asked at most once a second.

        Raises:
            Unavailable: PostgreSQL does not answer; the turn is lost then.
        """
        import psycopg

        now = asyncio.get_running_loop().time()
        if self._line is not None and now - self._sure_at < SURE_S:
            return self._held
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._ask()
        except (psycopg.Error, TimeoutError) as error:
            await self.give_up()
            raise Unavailable(
                N_("PostgreSQL at {address} does not answer: {reason}."),
                code="database_unreachable",
                address=without_password(self._url),
                reason=str(error).strip().splitlines()[-1] if str(error) else "time is over",
            ) from error
        self._sure_at = now
        return self._held

    async def give_up(self) -> None:
        """Let another one have it."""
        line, self._line, self._held = self._line, None, False
        if line is not None:
            with suppress(Exception):
                await line.close()

    async def _ask(self) -> None:
        import psycopg

        if self._line is None:
            self._line = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
            await self._line.execute(_ASKED)
        if self._held:
            await self._line.execute("SELECT 1")
        else:
            row = await (await self._line.execute(_TRY, [self._work])).fetchone()
            self._held = bool(row and row[0])
