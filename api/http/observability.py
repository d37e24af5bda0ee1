"""Request ids, one log line per request, and metrics, without personal data."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http import problems
from api.http.edge import OfHttp
from logs import FIELDS

REQUEST_ID: Final = "x-request-id"
STREAM: Final = "text/event-stream"
UNMATCHED: Final = "(no such route)"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS: Final = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_CALL: Final = "privet.call"
_UUID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)

requests_log = logging.getLogger("privet.requests")
errors_log = logging.getLogger("privet.errors")


@dataclass
class Call:
    """Data of one request for the log."""

    id: str
    began: float
    caller: str | None = None
    caller_id: UUID | None = None
    status: int | None = None
    streams_since: float | None = None
    """Start of an endless answer."""


class Metrics:
    """Metrics of one process, in a separate registry; labels are route templates, methods and statuses only."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.duration = Histogram(
            "privet_http_request_duration_seconds",
            "Time until the whole answer was sent; of a stream of events, until it began.",
            ("method", "route", "status"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.in_flight = Gauge(
            "privet_http_requests_in_flight", "Requests that are being answered.", registry=self.registry
        )
        self.streams = Gauge(
            "privet_http_event_streams", "Answers without an end that are open.", registry=self.registry
        )
        self.crashes = Counter(
            "privet_http_crashes_total",
            "Requests that ended in an unknown exception.",
            ("route",),
            registry=self.registry,
        )

    @contextmanager
    def served(self, host: str, port: int) -> Iterator[None]:
        """Serves them on a port of their own, in a thread; port 0: nowhere. Raises OSError for a port in use."""
        if not port:
            yield
            return
        server, _ = start_http_server(port, host, self.registry)
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()


def install(app: FastAPI) -> Metrics:
    """Add the middleware after all others, so that it is the outermost."""
    metrics = Metrics()
    app.state.metrics = metrics
    app.add_middleware(Observe, metrics=metrics)
    return metrics


def note_caller(request: HTTPConnection, kind: str, caller_id: UUID) -> None:
    """Adds the caller to the log line: «manager» or «client» and the id."""
    call = request.scope.get(_CALL)
    if isinstance(call, Call):
        call.caller, call.caller_id = kind, caller_id


class Observe(OfHttp):
    """Pure ASGI, so that streams pass through unchanged; turns unknown exceptions into a 500."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        super().__init__(app)
        self.metrics = metrics

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = scope[_CALL] = Call(_id_of(scope), time.perf_counter())
        Request(scope).state.request_id = call.id
        self.metrics.in_flight.inc()
        try:
            await self.answer(scope, receive, _Noting(send, call, self.metrics))
        finally:
            (self.metrics.in_flight if call.streams_since is None else self.metrics.streams).dec()
            self.note(scope, call)

    async def answer(self, scope: Scope, receive: Receive, send: "_Noting") -> None:
        try:
            await self.app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - the edge of the process: an unknown error becomes a 500 with its trace id
            errors_log.error("unexpected", exc_info=error, extra={FIELDS: {"request_id": send.call.id}})
            self.metrics.crashes.labels(template_of(scope)).inc()
            if send.call.status is None:
                await problems.unknown(Request(scope))(scope, receive, send)

    def note(self, scope: Scope, call: Call) -> None:
        elapsed = (call.streams_since or time.perf_counter()) - call.began
        route = template_of(scope)
        method = scope["method"] if scope["method"] in METHODS else "other"
        # The caller disconnected before the answer.
        status = call.status if call.status is not None else 499
        self.metrics.duration.labels(method, route, str(status)).observe(elapsed)
        line = {
            "request_id": call.id,
            "method": method,
            "route": route,
            "status": status,
            "ms": round(elapsed * 1000, 1),
            "caller": call.caller or "none",
            "caller_id": str(call.caller_id) if call.caller_id else None,
        }
        requests_log.info("request", extra={FIELDS: line})


class _Noting:
    """`send` that records the status and adds the request's id."""

    def __init__(self, send: Send, call: Call, metrics: Metrics) -> None:
        self.send, self.call, self.metrics = send, call, metrics

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.call.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[REQUEST_ID] = self.call.id
            if headers.get("content-type", "").startswith(STREAM):
                # The duration of a stream depends on its reader, so it is measured up to here.
                self.call.streams_since = time.perf_counter()
                self.metrics.in_flight.dec()
                self.metrics.streams.inc()
        await self.send(message)


def template_of(scope: Scope) -> str:
    """`/api/v1/contracts/{id}`: the route's template with its prefixes, never the request's path."""
    context: Any = scope.get("fastapi", {}).get("effective_route_context")
    found = getattr(context, "path_format", None) or getattr(scope.get("route"), "path_format", None)
    return found if isinstance(found, str) else UNMATCHED


def _id_of(scope: Scope) -> str:
    """The request id of the caller if it is a UUID, else a new one: other texts could be personal data."""
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given.lower() if _UUID.fullmatch(given) else str(uuid4())
