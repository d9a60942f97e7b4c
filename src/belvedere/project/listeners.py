"""`python -m belvedere.project.listeners`: listen at the brokers of network servers and ask sources when they
are due, until told to stop."""

from __future__ import annotations

import os
import signal

import django


def main() -> None:
    """Load the models, then listen."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    django.setup()
    from belvedere.connectors.asking import Asking
    from belvedere.connectors.chirpstack import reading as chirpstack
    from belvedere.connectors.listening import Ears, Tongue
    from belvedere.connectors.things_stack import reading as things_stack
    from belvedere.domains.connections.public import System
    from belvedere.engines.home import Home

    ears = Ears(
        Home.from_environment(),
        {
            System.CHIRPSTACK: Tongue(chirpstack.TOPIC, chirpstack.read),
            System.THINGS_STACK: Tongue(things_stack.TOPIC, things_stack.read),
        },
    )
    asking = Asking()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ears.stop)
    asking.start()
    try:
        ears.run()
    finally:
        asking.stop()


if __name__ == "__main__":
    main()
