"""`belvedere up`."""

from __future__ import annotations

from belvedere.engines import bus, postgres
from belvedere.engines.console import Console
from belvedere.engines.home import Home
from belvedere.engines.runfolder import RunFolder
from belvedere.engines.supervision import Supervisor
from belvedere.project.operations import platform
from belvedere.project.operations.language import _


def run() -> int:
    """Run the platform until it is stopped; the exit code."""
    home = Home.from_environment()
    address = platform.Address.from_environment()
    platform.make_folders(home)
    console = Console()

    def ready() -> None:
        console.say(_("ready: {address}").format(address=address.url))

    supervisor = Supervisor(platform.specs(home, address), RunFolder(home), console, ready)
    console.say(f"Belvédère {platform.version()} – {home.root}")
    for name, external, where in (
        ("PostgreSQL", postgres.is_external(), postgres.without_password(postgres.database_url(home))),
        ("NATS", bus.is_external(), bus.without_password(bus.bus_url(home))),
    ):
        if external:
            console.say(_("{name} is external: {address}").format(name=name, address=where))
    return supervisor.run()
