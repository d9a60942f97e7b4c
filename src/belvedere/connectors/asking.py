"""Asking sources when they are due: a few at once, each in a thread of its own and by one process only.

What comes is put on the disk of the bus like any message before the source is marked as heard. Whatever goes
wrong with one is written on its page and stops no other.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from django.db import DatabaseError, connection

from belvedere.domains.connections.public import (
    FAULT,
    Due,
    admit_rows,
    answered,
    ask,
    claim,
    failed,
    write_frame,
)
from belvedere.engines import deposits
from belvedere.kernel.errors import BelvedereError, Unavailable

AT_ONCE = 4
LOOK_S = 2.0
log = logging.getLogger(__name__)


class Asking:
    """The clock of sources, until stopped."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="asking", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask nobody any more; what is under way ends by itself."""
        self._stopping.set()
        self._thread.join(10)

    def _run(self) -> None:
        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="asks")
        under_way: set[Future[None]] = set()
        while not self._stopping.wait(LOOK_S):
            under_way = {one for one in under_way if not one.done()}
            try:
                under_way |= {pool.submit(_ask_one, due) for due in claim(AT_ONCE - len(under_way))}
            except (DatabaseError, Unavailable) as error:
                connection.close()
                log.warning("sources could not be read: %s", error)
            except Exception:
                log.exception("sources could not be asked")
        pool.shutdown(wait=False, cancel_futures=True)
        connection.close()


def _ask_one(due: Due) -> None:
    try:
        ask_one(due)
    finally:
        connection.close()


def ask_one(due: Due) -> None:
    """Ask a source that was claimed; raises nothing."""
    try:
        _ask_and_keep(due)
    except DatabaseError as error:
        # It is due again when its lease is over.
        log.warning("source %s: the database is away: %s", due.id, error)
    except Exception as error:
        if not isinstance(error, BelvedereError):
            log.exception("source %s could not be read", due.id)
        try:
            failed(due, error if isinstance(error, BelvedereError) else BelvedereError(FAULT))
        except DatabaseError as worse:
            log.warning("source %s: %s could not be noted: %s", due.id, error, worse)


def _ask_and_keep(due: Due) -> None:
    answer = ask(due.way)
    if answer.rows is None:
        answered(due, answer, None)
        return
    admitted = admit_rows(due, answer.rows)
    deposits.put_all([(due.subject(key), write_frame(frame)) for key, frame in admitted.frames])
    answered(due, answer, admitted)
