"""The file that `backup` writes and `restore` reads: one tar, each member with its SHA-256.

manifest.json            versions, counts, and the size and hash of each other member; the last one
postgres.dump            pg_dump's custom format, the catalogue of the lake included
streams/NAME.json|.data  a JetStream stream
lake/… media/… secrets/…
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import time
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any

from belvedere.kernel.errors import N_, Conflict, InvalidInput, Unavailable

FORMAT = "belvedere-backup-1"
MANIFEST = "manifest.json"
PART_BYTES = 1024 * 1024


class Writer:
    """Writes an archive beside its final name (0600) and gives it that name when it is whole."""

    def __init__(self, file: Path) -> None:
        if file.exists():
            raise Conflict(
                N_("{file} exists already and was left as it is. Give another name."),
                code="archive_exists",
                file=str(file),
            )
        self._file = file
        self._draft = file.with_name(f".{file.name}.{os.getpid()}.partial")
        self._members: dict[str, dict[str, Any]] = {}
        try:
            descriptor = os.open(self._draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise Unavailable(
                N_("{file} cannot be written ({reason}). Give a folder where this account may write."),
                permanent=True,
                code="archive_not_writable",
                file=str(file),
                reason=error.strerror or str(error),
            ) from error
        self._stream: IO[bytes] = os.fdopen(descriptor, "wb")
        self._tar = tarfile.open(fileobj=self._stream, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def add(self, name: str, source: Path) -> None:
        """Add a file; as much of it as it holds now."""
        with source.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            self._add(name, stream, size)

    def add_folder(self, name: str, folder: Path) -> int:
        """Add every regular file below `folder`; how many."""
        count = 0
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            # Names that start with a dot are drafts of files being written.
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                self.add(str(PurePosixPath(name) / path.relative_to(folder).as_posix()), path)
                count += 1
        return count

    def finish(self, manifest: dict[str, Any]) -> int:
        """Write the manifest, put the archive under its name; its size in bytes."""
        text = json.dumps({"format": FORMAT, **manifest, "members": self._members}, indent=1).encode()
        self._add(MANIFEST, io.BytesIO(text), len(text))
        self._tar.close()
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._stream.close()
        # link, not rename: it refuses to replace a file that came meanwhile.
        os.link(self._draft, self._file)
        return self._file.stat().st_size

    def _add(self, name: str, stream: IO[bytes], size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(time.time())
        hashing = _Hashing(stream)
        self._tar.addfile(member, hashing)
        self._members[name] = {"bytes": size, "sha256": hashing.hexdigest()}

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stream.close()
        self._draft.unlink(missing_ok=True)


class Reader:
    """Reads an archive; `check` first: nothing is to be written before it passed."""

    def __init__(self, file: Path) -> None:
        self._name = str(file)
        try:
            self._stream = file.open("rb")
        except OSError as error:
            raise InvalidInput(
                N_("{file} cannot be read ({reason}). Check the name."),
                code="no_archive",
                file=self._name,
                reason=error.strerror or str(error),
            ) from error
        try:
            self._tar = tarfile.open(fileobj=self._stream, mode="r:")  # noqa: SIM115 (closed by __exit__)
            self._members = {member.name: member for member in self._tar.getmembers()}
            source = self._tar.extractfile(MANIFEST)
            assert source is not None
            self.manifest: dict[str, Any] = json.load(source)
            told = self.manifest.get("format")
        except (OSError, tarfile.TarError, KeyError, ValueError, AttributeError, AssertionError) as error:
            self._stream.close()
            raise self._bad("it is not one, or it is cut off") from error
        if told != FORMAT:
            self._stream.close()
            raise self._bad(f"its format is {told!r}, not {FORMAT!r}")

    @property
    def names(self) -> list[str]:
        """The members, without the manifest."""
        return list(self.manifest["members"])

    @property
    def total_bytes(self) -> int:
        """How much the members take on disk."""
        return sum(int(told["bytes"]) for told in self.manifest["members"].values())

    def check(self) -> None:
        """Every member is there, whole, unchanged, and would be written inside the home.

        Raises:
            InvalidInput: otherwise; the message names the first fault.
        """
        if len(self._members) != len(self._tar.getmembers()):
            raise self._bad("it holds a name twice")
        told = self.manifest["members"]
        for name in sorted(set(told) ^ (set(self._members) - {MANIFEST})):
            raise self._bad(f"{name} is missing or too much")
        for name, facts in told.items():
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or not self._members[name].isreg():
                raise self._bad(f"{name!r} is not a plain file of a home")
            digest = hashlib.sha256()
            for part in self.parts(name):
                digest.update(part)
            if digest.hexdigest() != facts["sha256"]:
                raise self._bad(f"{name} was changed or damaged")

    def parts(self, name: str) -> Any:
        """The bytes of a member, part by part."""
        source = self._tar.extractfile(self._members[name])
        assert source is not None
        try:
            while part := source.read(PART_BYTES):
                yield part
        except (OSError, tarfile.TarError) as error:
            raise self._bad(f"{name} is cut off") from error

    def write(self, name: str, file: Path) -> None:
        """Write a member to `file`, 0600, its folders 0700."""
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as output:
            for part in self.parts(name):
                output.write(part)
            output.flush()
            os.fsync(output.fileno())

    def _bad(self, reason: str) -> InvalidInput:
        return InvalidInput(
            N_("{file} is not a whole backup: {reason}. Nothing was written. Take another backup."),
            code="bad_archive",
            file=self._name,
            reason=reason,
        )

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._tar.close()
        self._stream.close()


class _Hashing(io.RawIOBase):
    """Passes a stream on and hashes what went by."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self._stream.read(size)
        self._digest.update(part)
        return part

    def hexdigest(self) -> str:
        return self._digest.hexdigest()
