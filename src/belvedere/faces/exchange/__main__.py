"""`python -m belvedere.faces.exchange`: deliver until it is told to stop."""

from __future__ import annotations

import gc
import logging
import os
import signal


def main() -> None:
    """Work."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    import django

    django.setup()
    from belvedere.engines.home import Home
    from belvedere.faces.exchange.process import Process

    process = Process(Home.from_environment())
    gc.freeze()  # what was loaded stays: the collector need not look at it again
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: process.stop())
    process.run()
    os._exit(0)  # a receiver that hangs is not waited for: what it was sent is sent again


if __name__ == "__main__":
    main()
