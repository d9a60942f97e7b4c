"""The home: permissions, secrets."""

from __future__ import annotations

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from belvedere.engines.home import SECRETS, Home, replace_private
from belvedere.kernel.errors import InvalidInput, Unavailable


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_private_and_stay(tmp_path: Path) -> None:
    home = Home(tmp_path / "a" / "home")
    values = {name: home.secret(name) for name in SECRETS}
    assert len(set(values.values())) == len(SECRETS)
    assert mode(home.root) == 0o700
    assert mode(home.path("secrets")) == 0o700
    for name, value in values.items():
        assert mode(home.path("secrets", name)) == 0o600
        assert len(base64.urlsafe_b64decode(value)) == 32
        assert Home(home.root).secret(name) == value
    assert {file.name for file in home.path("secrets").iterdir()} == set(SECRETS)


def test_two_homes_have_other_secrets(tmp_path: Path) -> None:
    assert Home(tmp_path / "a").secret("field_key") != Home(tmp_path / "b").secret("field_key")


def test_those_who_ask_at_once_get_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: Home(tmp_path / "h").secret("secret_key"), range(32)))
    assert len(answers) == 1


def test_an_unknown_secret_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="nats_devise"):
        Home(tmp_path).secret("nats_devise")
    assert not (tmp_path / "secrets").exists()


def test_a_home_that_cannot_be_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unavailable, match="Set BELVEDERE_HOME"):
        Home(tmp_path / "file" / "home").secret("secret_key")


def test_replace_is_private_even_over_an_open_file(tmp_path: Path) -> None:
    file = tmp_path / "conf"
    file.write_text("old")
    file.chmod(0o644)
    replace_private(file, "new")
    assert file.read_text() == "new"
    assert mode(file) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["conf"]


def test_the_home_follows_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BELVEDERE_HOME", str(tmp_path / "x"))
    assert Home.from_environment().root == tmp_path / "x"
    monkeypatch.delenv("BELVEDERE_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert Home.from_environment().root == tmp_path / "belvedere"
