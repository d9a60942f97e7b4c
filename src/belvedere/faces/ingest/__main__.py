"""`python -m belvedere.faces.ingest`: run the worker until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import os
import signal

import django


async def _run() -> None:
    from belvedere.engines.home import Home
    from belvedere.faces.ingest.worker import Worker

    worker = Worker(Home.from_environment())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop)
    await worker.run()


def main() -> None:
    """Load the models, then work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    django.setup()
    gc.freeze()  # what was loaded stays: the collector need not look at it again
    asyncio.run(_run())


if __name__ == "__main__":
    main()
