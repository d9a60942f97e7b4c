"""Run the benchmarks: all of them, or those named (`script/bench platform sheets pages work plans …`)."""

from __future__ import annotations

import subprocess
import sys

from bench import figures

NAMES = ("platform", "sheets", "pages", "work", "plans", "live", "ngsi_ld", "supervision")
ALSO = {
    "plans": ("plans", "outlook_pages"),
    "live": ("ingest", "twin", "history", "live"),
}  # what a name stands for, when it is more than one


def main() -> int:
    wanted = sys.argv[1:] or list(NAMES)
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        sys.stderr.write(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(NAMES)}.\n")
        return 2
    # Each in a process of its own: a process knows one home and one database.
    with figures.gathered():
        return max(
            subprocess.run([sys.executable, "-m", f"bench.{module}"], check=False).returncode
            for name in wanted
            for module in ALSO.get(name, (name,))
        )


if __name__ == "__main__":
    sys.exit(main())
