"""`belvedere status`: from the state that the supervisor writes, so that it answers at once."""

from __future__ import annotations

import time
from typing import Any

from belvedere.engines import identity
from belvedere.engines.home import Home
from belvedere.engines.runfolder import RunFolder
from belvedere.project.operations.language import _

NOTHING_RUNS = 3


def read(home: Home) -> dict[str, Any]:
    """What runs on a home: `supervisor` (process id or None) and `processes`, with memory in kB."""
    folder = RunFolder(home)
    holder = folder.holder()
    state = folder.read_state() if holder is not None else {}
    processes = [dict(process) for process in state.get("processes", [])]
    for process in processes:
        pid = process.get("pid")
        process["memory_kb"] = identity.memory_kb(pid) if pid else 0
    return {"supervisor": holder, "processes": processes}


def show() -> int:
    """Print the state; 0 when everything is well, 1 when something is not, 3 when nothing runs."""
    from rich.console import Console
    from rich.table import Table

    home = Home.from_environment()
    told = read(home)
    console = Console(highlight=False)
    if told["supervisor"] is None:
        console.print(
            _("Nothing runs on {home}. Start it with “belvedere up”.").format(home=home.root), soft_wrap=True
        )
        return NOTHING_RUNS
    own_kb = identity.memory_kb_alone(told["supervisor"])
    table = Table(box=None, pad_edge=False)
    for title in (_("process"), _("state"), "pid", _("since"), _("restarts"), _("memory"), _("address")):
        table.add_column(title)
    table.add_row("up", "", str(told["supervisor"]), "", "", _megabytes(own_kb), str(home.root))
    well = True
    for process in told["processes"]:
        good = process["state"] in ("ready", "done")
        well = well and good
        colour = "green" if good else "red"
        since = process["since"] if process["pid"] else None
        table.add_row(
            process["name"],
            f"[{colour}]{process['state']}[/]",
            str(process["pid"] or ""),
            _duration(time.time() - since) if since else "",
            str(process["restarts"]),
            _megabytes(process["memory_kb"]) if process["pid"] else "",
            process["address"],
        )
    console.print(table)
    total = own_kb + sum(process["memory_kb"] for process in told["processes"])
    console.print(_("Memory in all: {memory}").format(memory=_megabytes(total)))
    return 0 if well else 1


def _megabytes(kb: int) -> str:
    return f"{kb / 1024:.0f} MB"


def _duration(seconds: float) -> str:
    whole = max(0, int(seconds))
    days, rest = divmod(whole, 86400)
    clock = f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days} d {clock}" if days else clock
