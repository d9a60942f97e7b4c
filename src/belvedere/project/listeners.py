"""`python -m belvedere.project.listeners`: listen at the brokers of network servers, ask sources when they
are due, judge by the rules what things tell, send commands, follow scenes, pass commands on
to network servers, until told to stop. In one
process, to spare memory."""

from __future__ import annotations

import os
import signal
from typing import Any

import django


def main() -> None:
    """Load the models, then listen."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    django.setup()
    from belvedere.connectors.asking import Asking
    from belvedere.connectors.chirpstack import reading as chirpstack
    from belvedere.connectors.chirpstack import telling as chirpstack_down
    from belvedere.connectors.listening import Ears, Tongue
    from belvedere.connectors.telling import Telling
    from belvedere.connectors.things_stack import reading as things_stack
    from belvedere.connectors.things_stack import telling as things_stack_down
    from belvedere.domains.connections.public import System
    from belvedere.engines.home import Home
    from belvedere.faces.jobs.commanding import Commanding
    from belvedere.faces.jobs.judging import Supervision
    from belvedere.faces.jobs.scenes import SceneClock
    from belvedere.faces.notices.climbing import Climbing

    home = Home.from_environment()

    def tongue(up: Any, down: Any) -> Tongue:
        return Tongue(up.TOPIC, up.read, down.TOPICS, down.heard, down.UP, down.QOS)

    telling = Telling(
        home,
        {System.CHIRPSTACK: chirpstack_down.downlink, System.THINGS_STACK: things_stack_down.downlink},
        lambda connection_id, topic, payload: ears.publish(connection_id, topic, payload),
    )
    ears = Ears(
        home,
        {
            System.CHIRPSTACK: tongue(chirpstack, chirpstack_down),
            System.THINGS_STACK: tongue(things_stack, things_stack_down),
        },
        telling.said,
    )
    asking = Asking()
    supervision = Supervision(home)
    climbing = Climbing(home)
    commanding = Commanding(home)
    scene_clock = SceneClock(home)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ears.stop)
    asking.start()
    supervision.start()
    climbing.start()
    commanding.start()
    scene_clock.start()
    telling.start()
    try:
        ears.run()
    finally:
        asking.stop()
        supervision.stop()
        climbing.stop()
        commanding.stop()
        scene_clock.stop()
        telling.stop()


if __name__ == "__main__":
    main()
