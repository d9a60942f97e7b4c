"""How live updates are doing, for Prometheus: from what their process says."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from belvedere.engines import pulse
from belvedere.engines.home import Home


class LiveMetrics(Collector):
    """Read when they are asked for; nothing of it names a reader."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def collect(self) -> Iterator[Metric]:
        """Whether changes are told; open pages; seconds from the bus to them; what became of them."""
        told = pulse.felt(self._home, "live")
        up = told is not None and told["state"] == "ready"
        yield GaugeMetricFamily(
            "belvedere_live_up", "Whether open pages are told of changes.", value=float(up)
        )
        if told is None:
            return
        yield GaugeMetricFamily("belvedere_live_listeners", "Pages that listen.", value=told["listeners"])
        yield GaugeMetricFamily(
            "belvedere_live_lag_seconds",
            "From the bus to the pages, of the last change.",
            value=told["lag_s"],
        )
        counts = told["totals"]
        events = CounterMetricFamily("belvedere_live_events", "What happened to listeners.", labels=["what"])
        for what in ("entered", "resets", "cut"):
            events.add_metric([what], counts.get(what, 0))
        yield events
