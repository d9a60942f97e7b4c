"""How the following of rules is doing, for Prometheus: from what its process says."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from belvedere.engines import pulse
from belvedere.engines.home import Home


class SupervisionMetrics(Collector):
    """Read when they are asked for; nothing of it names a rule or a thing."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def collect(self) -> Iterator[Metric]:
        """Whether rules are followed, on how many things; from storing a value to judging it; what became."""
        told = pulse.felt(self._home, "supervision")
        up = told is not None and told["state"] == "ready"
        yield GaugeMetricFamily("belvedere_supervision_up", "Whether rules are followed.", value=float(up))
        if told is None:
            return
        yield GaugeMetricFamily(
            "belvedere_supervision_watched", "Things that rules watch, by rule.", value=told["things"]
        )
        yield GaugeMetricFamily(
            "belvedere_supervision_lag_seconds",
            "From storing a value to judging it, of the last round.",
            value=told["lag_s"],
        )
        totals = CounterMetricFamily(
            "belvedere_supervision_done", "Readings judged, steps of alarms, faults.", labels=["what"]
        )
        for what, many in sorted(told["totals"].items()):
            totals.add_metric([what], many)
        yield totals
