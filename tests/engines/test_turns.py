"""Whose turn it is: one at a time; who dies or is cut off loses it, and another one has it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from belvedere.engines import postgres, turns
from belvedere.engines.home import Home
from belvedere.engines.postgres import EmbeddedPostgres
from belvedere.engines.turns import Turn
from belvedere.kernel.errors import Unavailable

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with EmbeddedPostgres(Home(tmp_path_factory.mktemp("turns") / "home"), durable=False) as engine:
        yield engine.url


@pytest.fixture(autouse=True)
def _asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "SURE_S", 0.0)


def test_one_at_a_time_and_another_after_it(url: str) -> None:
    async def play() -> None:
        one, other, elsewhere = Turn(url, "a"), Turn(url, "a"), Turn(url, "b")
        assert [await turn.mine() for turn in (one, other, elsewhere)] == [True, False, True]
        assert [await turn.mine() for turn in (one, other)] == [True, False]
        await one.give_up()
        while not await other.mine():  # the server hears of it in its own time
            await asyncio.sleep(0)
        assert not await one.mine()
        for turn in (one, other, elsewhere):
            await turn.give_up()

    asyncio.run(asyncio.wait_for(play(), 60))


def test_who_is_cut_off_has_lost_it(url: str) -> None:
    async def play() -> None:
        one, other = Turn(url, "c"), Turn(url, "c")
        assert await one.mine() and not await other.mine()
        with postgres.connect(url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            )
        assert await other.mine()
        with pytest.raises(Unavailable):
            await one.mine()
        assert not await one.mine()
        await one.give_up()
        await other.give_up()

    asyncio.run(play())


def test_a_postgresql_that_is_away_is_named_without_its_password() -> None:
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1:9/nowhere") as caught:
        asyncio.run(Turn("postgresql://one:secret@127.0.0.1:9/nowhere", "d").mine())
    assert "secret" not in str(caught.value)
