"""`python -m belvedere.faces.ingest`: run the worker until it is told to stop; its name, if it has one."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys

import django


async def _run(name: str) -> None:
    from belvedere.engines.home import Home
    from belvedere.faces.ingest.worker import Worker

    worker = Worker(Home.from_environment(), name)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)
    await worker.run()


def main(name: str = "ingest") -> None:
    """Load the models, then work. Of several on one home, each has a name of its own: `ingest-2`…"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    django.setup()
    gc.freeze()  # what was loaded stays: the collector need not look at it again
    asyncio.run(_run(name))


if __name__ == "__main__":
    main(*sys.argv[1:2])
