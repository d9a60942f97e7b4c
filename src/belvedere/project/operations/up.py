"""`belvedere up`."""

from __future__ import annotations

from belvedere.engines import bus, postgres
from belvedere.engines.console import Console
from belvedere.engines.home import Home
from belvedere.engines.runfolder import RunFolder
from belvedere.engines.supervision import Supervisor
from belvedere.project.operations import platform
from belvedere.project.operations.language import _

#: Written by the demo when it fills an empty home.
DEMO_LOGINS = "demo-logins.txt"


def run(*, demo: bool = False) -> int:
    """Run the platform until it is stopped, with the demo territory if asked; the exit code."""
    home = Home.from_environment()
    address = platform.Address.from_environment()
    platform.make_folders(home)
    console = Console()

    def ready() -> None:
        console.say(_("ready: {address}").format(address=address.url))
        logins = home.path(DEMO_LOGINS)
        if demo and logins.exists():
            for line in logins.read_text(encoding="utf-8").splitlines():
                console.say(line)

    supervisor = Supervisor(platform.specs(home, address, demo=demo), RunFolder(home), console, ready)
    console.say(f"Belvédère {platform.version()} – {home.root}")
    for name, external, where in (
        ("PostgreSQL", postgres.is_external(), postgres.without_password(postgres.database_url(home))),
        ("NATS", bus.is_external(), bus.without_password(bus.bus_url(home))),
    ):
        if external:
            console.say(_("{name} is external: {address}").format(name=name, address=where))
    return supervisor.run()
