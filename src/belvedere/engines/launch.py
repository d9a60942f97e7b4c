"""Become another program: as another user if asked, and never to outlive the one that started it.

Run as a file (`python -I -S launch.py [options] -- program words…`), with the standard library only,
because it is on the path of every start. It replaces itself with the program, so it costs no memory.

    --parent PID      leave if that process is no longer the parent
    --signal NUMBER   the kernel sends it to the program when the parent dies (Linux)
    --user NAME       from root, become that user

PostgreSQL refuses to run as root. As another user it could not enter a home or a clone that only root
may enter (/root is 0700), and opening those folders to everybody would be worse: the program keeps one
capability instead, to pass through folders.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
PR_CAPBSET_READ = 23
CAPABILITY_VERSION_3 = 0x20080522
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2


def become(name: str) -> None:
    """Drop root for the user `name`, keeping only the right to pass through folders."""
    user = pwd.getpwnam(name)
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    # Containers often leave out READ_SEARCH but keep OVERRIDE.
    kept = None
    if libc is not None:
        for capability in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE):
            if libc.prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1:
                kept = capability
                break
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
    os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
    if libc is not None:
        mask = 0 if kept is None else 1 << kept
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        data = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
        libc.capset(header, data)
        if kept is not None:
            libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, kept, 0, 0)
    os.environ["HOME"] = "/"


def die_with(parent: int, signal_number: int) -> None:
    """Ask the kernel for `signal_number` when the parent dies; leave if it is already dead."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(0)


def main(words: list[str]) -> None:
    """Read the options, then become the program."""
    split = words.index("--")
    options = dict(zip(words[:split:2], words[1:split:2], strict=True))
    program = words[split + 1 :]
    if "--user" in options:
        become(options["--user"])
    # After the change of user: the kernel forgets the wish when the user changes.
    if "--parent" in options:
        die_with(int(options["--parent"]), int(options["--signal"]))
    os.umask(0o077)
    os.execvp(program[0], program)  # noqa: S606 (becoming the program is what this file is for)


if __name__ == "__main__":
    main(sys.argv[1:])
