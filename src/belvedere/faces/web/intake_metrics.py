"""How the messages of devices are doing, for Prometheus: from the books, and from what the worker says."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import DatabaseError
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from belvedere.domains.intake.public import totals
from belvedere.engines import pulse
from belvedere.engines.home import Home


class IntakeMetrics(Collector):
    """Read when they are asked for; nothing of it names a device."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def collect(self) -> Iterator[Metric]:
        """Sets by outcome and reason; messages that wait; seconds from arrival to store; whether it works."""
        sets = CounterMetricFamily(
            "belvedere_intake_sets", "Reading sets, by what became of them.", labels=["outcome", "reason"]
        )
        try:
            for (outcome, reason), many in totals().items():
                sets.add_metric([outcome, reason], many)
        except DatabaseError:
            pass  # the rest can be told
        yield sets
        told = pulse.felt(self._home, "ingest")
        up = told is not None and told["state"] == "ready"
        yield GaugeMetricFamily("belvedere_ingest_up", "Whether messages are being taken.", value=float(up))
        if told is None:
            return
        lag = GaugeMetricFamily("belvedere_ingest_lag_seconds", "From arrival to store, of the last message.")
        lag.add_metric([], told["lag_s"])
        yield lag
        if told["waiting"] is not None:
            waiting = GaugeMetricFamily("belvedere_ingest_waiting", "Messages that nobody has taken yet.")
            waiting.add_metric([], told["waiting"])
            yield waiting
