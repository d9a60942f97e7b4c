"""The one folder where an instance keeps everything it must not lose.

Not for settings: those come from the environment. What is here is data, logs and secrets.
"""

from __future__ import annotations

import base64
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from belvedere.kernel.errors import N_, InvalidInput, Unavailable

#: Generated at the first start. Each value is 32 random bytes in URL-safe base64 (44 characters), which
#: is a password as well as a key for `cryptography.fernet`.
SECRETS = (
    "secret_key",
    "field_key",
    "index_key",
    "postgres",
    "postgres_admin",
    "nats_platform",
    "nats_doorkeeper",
    "nats_issuer",
    "metrics",
    "live",
    "push_key",
)


@dataclass(frozen=True, slots=True)
class Home:
    """One instance's folder. Folders are made 0700 and secrets 0600, for the account that runs it."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """The folder of BELVEDERE_HOME, else `belvedere` in the user's data folder (XDG)."""
        given = os.environ.get("BELVEDERE_HOME")
        if given:
            return cls(Path(given).expanduser().absolute())
        data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
        return cls((Path(data).expanduser() / "belvedere").absolute())

    def path(self, *parts: str) -> Path:
        """A path inside the home; nothing is created."""
        return self.root.joinpath(*parts)

    def folder(self, *parts: str) -> Path:
        """A folder inside the home, created 0700 with its parents when it is missing."""
        folder = self.path(*parts)
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            here = self.root
            for part in folder.relative_to(self.root).parts:
                here = here / part
                here.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise Unavailable(
                N_(
                    "The folder {folder} cannot be written ({reason}). Set BELVEDERE_HOME to a folder that "
                    "this account may write."
                ),
                permanent=True,
                code="home_not_writable",
                folder=str(folder),
                reason=error.strerror or str(error),
            ) from error
        return folder

    def secret(self, name: str) -> str:
        """The secret of that name, generated the first time it is asked for.

        Raises:
            InvalidInput: for a name that is not in `SECRETS`.
        """
        if name not in SECRETS:
            raise InvalidInput(
                N_("There is no secret named {name}. The names are: {names}."),
                code="unknown_secret",
                name=name,
                names=SECRETS,
            )
        file = self.path("secrets", name)
        with suppress(FileNotFoundError, NotADirectoryError):
            return file.read_text(encoding="ascii").strip()
        self.folder("secrets")
        # Two processes may start at once: each writes its own file and the first link wins.
        value = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")
        draft = file.with_name(f".{name}.{secrets.token_hex(4)}")
        write_private(draft, value + "\n")
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
        return file.read_text(encoding="ascii").strip()


def write_private(file: Path, text: str) -> None:
    """Write `text` to `file`, readable by its owner only (0600) from its first instant, then on disk."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        os.fchmod(stream.fileno(), 0o600)
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def replace_private(file: Path, text: str) -> None:
    """Like `write_private`, but a reader sees either the old text or the new one, never a half."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    write_private(draft, text)
    draft.replace(file)
