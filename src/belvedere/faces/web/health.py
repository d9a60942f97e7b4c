"""Is it alive, is it ready, how is it doing: for supervisors, load balancers and Prometheus, not people.

`/healthz` and `/readyz` say nothing that an attacker could use, so they are open. `/metrics` counts what
people do: it answers only to the token of the home (`secrets/metrics`), and is a 404 to everybody else.
A token rather than a second listener: the counts live in the web processes, and a port that is only
bound to loopback is public again as soon as a proxy on the same machine forwards to it.
"""

from __future__ import annotations

import hmac
import os
import time
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)

from belvedere.engines import bus, pulse
from belvedere.faces.web.exchange_metrics import ExchangeMetrics
from belvedere.faces.web.intake_metrics import IntakeMetrics
from belvedere.faces.web.live_metrics import LiveMetrics
from belvedere.faces.web.supervision_metrics import SupervisionMetrics

REQUESTS = Counter("belvedere_requests_total", "Requests answered.", ["view", "method", "status"])
LATENCY = Histogram(
    "belvedere_request_seconds",
    "Time to answer, in seconds.",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10),
)
OTHERS = (
    "ingest",
    "live",
    "exchange",
    "connections",
    "supervision",
    "commands",
    "duty",
    "scenes",
)  # they say themselves how they are
NOT_RUNNING = "not running"
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
# Once up to date, a running version stays so: asked again only while it is not.
_migrated = False


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive and answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether requests can be served: database, migrations, bus; 503 with the ones that fail.

    `ingest` says how messages of devices are doing, `live` whether pages hear what changes, `exchange`
    whether other systems are told, `supervision` whether rules are followed, `commands`
    whether devices are told, `duty` whether alarms climb, `scenes` whether the calendar is
    followed: pages are served without them.
    """
    database = _database_answers()
    checks = {
        "database": database,
        "migrations": database and _is_migrated(),
        "bus": bus.is_ready(settings.HOME),
    }
    ready = all(checks.values())
    others = {name: _state_of(name) for name in OTHERS}
    told = {"ready": ready, "checks": checks, **others}
    return JsonResponse(told, status=200 if ready else 503)


@require_safe
@never_cache
def door_readyz(request: HttpRequest) -> JsonResponse:
    """Whether devices are let in and what they say is stored at once; 503 while the worker is not ready.

    Until then the bus keeps what those say that are inside; those outside are refused and knock again.
    """
    state = _state_of("ingest")
    ready = state in ("ready", "standing by")  # another worker takes while this one stands by
    return JsonResponse({"ready": ready, "ingest": state}, status=200 if ready else 503)


def _state_of(name: str) -> str:
    """What a process says of itself."""
    return str((pulse.felt(settings.HOME, name) or {}).get("state", NOT_RUNNING))


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format; `Authorization: Bearer` with the token of the home."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    expected = settings.HOME.secret("metrics")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), expected.encode()):
        raise Http404
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    intake = CollectorRegistry()
    intake.register(IntakeMetrics(settings.HOME))
    intake.register(LiveMetrics(settings.HOME))
    intake.register(ExchangeMetrics(settings.HOME))
    intake.register(SupervisionMetrics(settings.HOME))
    text = generate_latest(registry) + generate_latest(intake)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def measured(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: count requests and their time, by the name of the view (never by the path: it may hold
    a person's identifier, and there is no end of paths)."""

    def answer(request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        view = match.view_name or "unnamed" if match else "none"
        method = request.method if request.method in METHODS else "other"
        count(view, method, response.status_code, time.perf_counter() - start)
        return response

    return answer


def count(view: str, method: str, status: int, seconds: float) -> None:
    """Count an answered request; `view` is one of few names."""
    requests, latency = _meters(view, method, status)
    requests.inc()
    latency.observe(seconds)


@lru_cache(1000)
def _meters(view: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """Finding them by their labels takes longer than counting."""
    return REQUESTS.labels(view, method, status), LATENCY.labels(view)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        # A connection that broke is of no use to the next request of this thread.
        connection.close()
        return False


def _is_migrated() -> bool:
    global _migrated
    if not _migrated:
        try:
            executor = MigrationExecutor(connection)
            _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except DatabaseError:
            return False
    return _migrated
