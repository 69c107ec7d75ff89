"""Whether this process lives, whether it can serve, and how the work stands. Nothing about anybody."""

from __future__ import annotations

import hmac
import ipaddress

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from config import broker
from integrations.figures import Figures, figures

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")

_has_all_migrations = False


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and has the tables of this version; 503 otherwise.

    No broker and no vendor: without them calls still connect, so they are figures and alarms.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        missing = missing_migrations()
    except Error:
        return HttpResponse("database: no answer\n", status=503, content_type="text/plain")
    if missing:
        return HttpResponse(f"database: {missing} migrations to run\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text, for this machine itself or with `Authorization: Bearer METRICS_TOKEN`."""
    if not (_is_from_here(request) or _has_token(request)):
        return HttpResponseForbidden("forbidden", content_type="text/plain")
    return HttpResponse(exposition(figures(), broker.is_reachable()), content_type=CONTENT_TYPE_LATEST)


def missing_migrations() -> int:
    """How many migrations of this version the database has not had. Asked again until it is none, then remembered."""
    global _has_all_migrations
    if _has_all_migrations:
        return 0
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _has_all_migrations = missing == 0
    return missing


def exposition(now: Figures, broker_reachable: bool | None) -> bytes:
    registry = CollectorRegistry()

    def gauge(name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"piketlijn_{name}", text, labels, registry=registry)

    waiting = gauge("outbox_waiting", "Outgoing messages whose moment has come", "kind")
    oldest = gauge("outbox_oldest_seconds", "How long the oldest of them waits", "kind")
    failed = gauge("outbox_failed_24h", "Outgoing messages given up in the last 24 hours", "kind")
    unknown = gauge("outbox_unknown_24h", "Requests of the last 24 hours whose answer never came", "kind")
    for row in now.outbox:
        waiting.labels(row.kind).set(row.waiting)
        oldest.labels(row.kind).set(row.oldest_s)
        failed.labels(row.kind).set(row.failed)
        unknown.labels(row.kind).set(row.unknown)
    gauge("due_overdue", "Due work whose moment has come").set(now.due_overdue)
    gauge("due_oldest_seconds", "How long the oldest of it waits").set(now.due_oldest_s)
    gauge("due_failed_24h", "Due work given up in the last 24 hours").set(now.due_failed)
    if now.since_sweep_s is not None:
        gauge("sweep_age_seconds", "Time since the last sweep, in whatever process").set(now.since_sweep_s)
    if broker_reachable is not None:
        gauge("broker_reachable", "Whether the broker answered this process lately").set(broker_reachable)
    return generate_latest(registry)


def _is_from_here(request: HttpRequest) -> bool:
    """From a program on this machine. Behind a proxy everybody seems to be, so a forwarded request is not."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _has_token(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
