"""The command `belvedere`: the composition of everything a person types.

The sub-commands of the faces (`faces/cli/*.py`) need Django, which takes a second to load: they are
loaded when they are asked for, so that `status` answers at once. Each of those modules gives `app`, shown
under its own name (`belvedere plans …`), and where it has them `imports` and `exports`, shown together
under `belvedere import …` and `belvedere export …`.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from belvedere.demo.command import app as demo_app
from belvedere.kernel.errors import BelvedereError
from belvedere.project.operations.language import _, sentence

FACES = ("plans", "territory", "access", "privacy", "journal", "live")
GATHERED = {"import": "imports", "export": "exports"}


class Commands(TyperGroup):
    """Our own commands, and those of the faces when asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Every name; the modules of the faces are looked for, not loaded."""
        faces = [face for face in FACES if _exists(face)]
        return [*super().list_commands(ctx), *faces, *(GATHERED if faces else ())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        if cmd_name in GATHERED:
            return _gathered(cmd_name)
        if cmd_name in FACES and _exists(cmd_name):
            return _click(_face(cmd_name).app, cmd_name)
        return None


def _exists(name: str) -> bool:
    return importlib.util.find_spec(f"belvedere.faces.cli.{name}") is not None


def _face(name: str) -> Any:
    set_up_django()
    return importlib.import_module(f"belvedere.faces.cli.{name}")


def _click(made: typer.Typer, name: str) -> Any:
    # A group even where there is one command only: `belvedere import measures` must stay that.
    if made.registered_callback is None:
        made.callback()(lambda: None)
    command = typer.main.get_command(made)
    command.name = name
    return command


def _gathered(name: str) -> Any:
    together = typer.Typer(no_args_is_help=True, help=f"{name.capitalize()} data.")
    for face in filter(_exists, FACES):
        part = getattr(_face(face), GATHERED[name], None)
        if part is not None:
            together.registered_commands += part.registered_commands
            together.registered_groups += part.registered_groups
    return _click(together, name)


def set_up_django() -> None:
    """Load the settings and the models, once."""
    import django
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    if not apps.ready:
        django.setup()


app = typer.Typer(
    cls=Commands,
    name="belvedere",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Belvédère, the platform of a smart territory.",
)
app.add_typer(demo_app, name="demo")


@app.command()
def up(
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Fill the home with the demo territory, once, and print its logins."),
    ] = False,
) -> None:
    """Run the platform in the foreground, until Ctrl-C."""
    from belvedere.project.operations.up import run

    raise typer.Exit(run(demo=demo))


@app.command()
def status() -> None:
    """Show what runs on this home, and how it goes. Exit code 3 when nothing runs."""
    from belvedere.project.operations.status import show

    raise typer.Exit(show())


@app.command()
def doctor() -> None:
    """Check that this machine has what the platform needs. Exit code 1 when something is wrong."""
    from belvedere.project.operations.doctor import show

    raise typer.Exit(show())


@app.command()
def ingest() -> None:
    """Take what devices send, in the foreground, beside external engines; “up” runs it by itself."""
    from belvedere.faces.ingest.__main__ import main as run

    run()


@app.command("bus-accounts")
def bus_accounts(
    file: Annotated[Path, typer.Argument(help="Where to write it, for its owner only: it holds passwords.")],
) -> None:
    """Write what each node of an external NATS must be told to let the platform and devices in."""
    from belvedere.engines.accounts import accounts
    from belvedere.engines.home import Home, replace_private

    replace_private(file, accounts(Home.from_environment()))


@app.command("demo-devices")
def demo_devices() -> None:
    """Send what the devices of the demo measure, in the foreground; “up --demo” runs it by itself."""
    from belvedere.demo.simulator import main as run

    run()


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The archive to write; it must not exist.")],
) -> None:
    """Save everything into one archive, while the platform runs or not."""
    from belvedere.engines.home import Home
    from belvedere.project.operations.backup import back_up

    typer.echo(back_up(Home.from_environment(), file))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="The archive that “backup” wrote.")],
) -> None:
    """Bring everything back from an archive, into an empty home."""
    from belvedere.engines.home import Home
    from belvedere.project.operations.restore import bring_back

    typer.echo(bring_back(Home.from_environment(), file))


@app.command()
def migrate() -> None:
    """Bring the database to this version; “up” does it at each start."""
    from belvedere.engines.home import Home
    from belvedere.project.operations.migrations import migrate as run

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    run(Home.from_environment(), quiet=not sys.stdout.isatty())


@app.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
)
def django(ctx: typer.Context) -> None:
    """Run one of Django's management commands."""
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belvedere.project.settings")
    execute_from_command_line(["belvedere django", *ctx.args])


@app.command()
def version() -> None:
    """Show the version."""
    from belvedere.project.operations.platform import version as told

    typer.echo(told())


def main() -> None:
    """Run a command; an expected error is one sentence and exit code 1."""
    try:
        app()
    except BelvedereError as error:
        typer.secho(_("Error:") + " " + sentence(error), err=True, fg=typer.colors.RED)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
