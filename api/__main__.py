"""`python -m api`: serve until SIGTERM."""

import gc
import sys
from collections.abc import Callable
from socket import socket

import uvicorn
from fastapi import FastAPI

import wiring
from api.app import create_app
from api.context import Context
from api.http.observability import Metrics
from logs import set_up
from settings import Settings, load

LONGEST_GOODBYE = 10
"""Seconds for running requests at shutdown."""

NOT_STARTED = 3


class Server(uvicorn.Server):
    """uvicorn waits for running requests at shutdown, so the endless streams are ended first."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self.end_streams = end_streams

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self.end_streams()
        await super().shutdown(sockets)


def server_of(app: FastAPI, settings: Settings) -> Server:
    def end_streams() -> None:
        context: Context = app.state.context
        context.live.end()

    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_graceful_shutdown=LONGEST_GOODBYE,
    )
    return Server(config, end_streams)


def main() -> None:
    set_up()
    settings = load()
    wiring.authorities(settings)  # here a wrong file is told in words
    app = create_app(settings)
    server = server_of(app, settings)
    metrics: Metrics = app.state.metrics
    # Loaded modules are permanent, so the garbage collector can skip them.
    gc.freeze()
    try:
        with metrics.served(settings.host, settings.metrics_port):
            server.run()
    except KeyboardInterrupt:
        """Ctrl+C, after the server has shut down."""
    if not server.started:
        sys.exit(NOT_STARTED)


if __name__ == "__main__":
    main()
