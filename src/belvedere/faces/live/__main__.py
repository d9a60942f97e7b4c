"""`python -m belvedere.faces.live`: tell browsers of changes until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal


async def _run() -> None:
    from belvedere.engines.home import Home
    from belvedere.faces.live.process import Process

    process = Process(Home.from_environment())
    loop = asyncio.get_running_loop()
    gc.freeze()  # what was loaded stays: the collector need not look at it again
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    serving = asyncio.create_task(process.run())
    ending = asyncio.create_task(stopping.wait())
    await asyncio.wait((serving, ending), return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        serving.result()
        return
    # Nothing is kept here, and the server would wait for browsers that take nothing.
    process.forget()
    os._exit(0)


def main() -> None:
    """Work."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    asyncio.run(_run())


if __name__ == "__main__":
    main()
