"""How the telling of other systems is doing, for Prometheus: from what its process says."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from belvedere.engines import pulse
from belvedere.engines.home import Home


class ExchangeMetrics(Collector):
    """Read when they are asked for; nothing of it names a receiver."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def collect(self) -> Iterator[Metric]:
        """Whether notifications are delivered; what waits for receivers that answer, and for how long."""
        told = pulse.felt(self._home, "exchange")
        up = told is not None and told["state"] == "ready"
        yield GaugeMetricFamily(
            "belvedere_exchange_up", "Whether other systems are told of changes.", value=float(up)
        )
        if told is None:
            return
        yield GaugeMetricFamily(
            "belvedere_exchange_waiting",
            "Notices that wait for receivers that answer.",
            value=told["waiting"],
        )
        yield GaugeMetricFamily(
            "belvedere_exchange_lag_seconds",
            "How long the oldest of them has been waiting.",
            value=told["lag_s"],
        )
        posts = CounterMetricFamily("belvedere_exchange_posts", "Notifications sent.", labels=["what"])
        counts = told["totals"]
        failures = counts.get("failures", 0)
        posts.add_metric(["taken"], max(0, counts.get("posts", 0) - failures))
        posts.add_metric(["failed"], failures)
        yield posts
