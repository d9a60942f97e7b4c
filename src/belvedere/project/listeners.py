"""`python -m belvedere.project.listeners`: listen at the brokers of network servers, ask sources when they
are due, judge by the rules what things tell, send commands, follow scenes, until told to stop. In one
process, to spare memory."""

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
    from belvedere.faces.jobs.commanding import Commanding
    from belvedere.faces.jobs.judging import Supervision
    from belvedere.faces.jobs.scenes import SceneClock
    from belvedere.faces.notices.climbing import Climbing

    ears = Ears(
        Home.from_environment(),
        {
            System.CHIRPSTACK: Tongue(chirpstack.TOPIC, chirpstack.read),
            System.THINGS_STACK: Tongue(things_stack.TOPIC, things_stack.read),
        },
    )
    asking = Asking()
    supervision = Supervision(Home.from_environment())
    climbing = Climbing(Home.from_environment())
    commanding = Commanding(Home.from_environment())
    scene_clock = SceneClock(Home.from_environment())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ears.stop)
    asking.start()
    supervision.start()
    climbing.start()
    commanding.start()
    scene_clock.start()
    try:
        ears.run()
    finally:
        asking.stop()
        supervision.stop()
        climbing.stop()
        commanding.stop()
        scene_clock.stop()


if __name__ == "__main__":
    main()
