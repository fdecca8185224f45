"""What operators' machines ask: is the process alive, can it work, what does it count."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from outreach.store import overview
from outreach.store.engine import reading
from outreach.store.migrate import current, head
from outreach.web.services import Services, WebServices

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def healthz() -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def readyz(services: Services) -> JSONResponse:
    """The database answers and has the schema of this version; 503 while not. `broker` is what it is set to."""
    database, schema = "ok", "unknown"
    try:
        with reading(services.engine) as connection:
            schema = "ok" if current(connection) == head() else "behind: run `outreach migrate`"
    except (DBAPIError, PoolTimeout):
        database = "away"
    broker = urlsplit(services.settings.broker_url).scheme or "in process"
    report = {"database": database, "schema": schema, "broker": broker}
    return JSONResponse(report, 200 if database == schema == "ok" else 503)


@router.get("/metrics")
def metrics(request: Request, services: Services) -> Response:
    """Counts in Prometheus' text format; no debtor's data. For this machine, or for who knows the metrics token."""
    _allow(request, services)
    registry = CollectorRegistry()
    registry.register(_Counts(services.engine))
    return Response(generate_latest(REGISTRY) + generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _allow(request: Request, services: WebServices) -> None:
    token = services.settings.metrics_token.get_secret_value()
    if token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), token.encode()):
            raise HTTPException(401, "the metrics token is missing or wrong")
    elif request.client is None or not _is_loopback(request.client.host):
        raise HTTPException(403, "set OUTREACH_METRICS_TOKEN to read metrics from another machine")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class _Counts(Collector):
    """How many rows are in which state, read at the scrape."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with reading(self._engine) as connection:
            for name, help_text, labels, rows in overview.gauges(connection):
                family = GaugeMetricFamily(name, help_text, labels=labels)
                for *values, count in rows:
                    family.add_metric([str(value) for value in values], count)
                yield family
