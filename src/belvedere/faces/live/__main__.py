"""`python -m belvedere.faces.live`: tell browsers of changes until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal


async def _run() -> None:
    from belvedere.engines.home import Home
    from belvedere.faces.live.process import Process

    process = Process(Home.from_environment())
    loop = asyncio.get_running_loop()
    gc.freeze()  # what was loaded stays: the collector need not look at it again
    serving = asyncio.create_task(process.run())
    # After the server has begun: it sets its own handlers.
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, process.stop)
    await serving


def main() -> None:
    """Work."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    asyncio.run(_run())


if __name__ == "__main__":
    main()
