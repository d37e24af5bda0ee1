"""Serves the sandbox with uvicorn; its connections can be cut from inside an answer, its waiting calls end at once."""

import socket

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.dropped import HANG_UP
from sandbox.world import World


class CuttableProtocol(HttpToolsProtocol):
    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {HANG_UP: {"abort": self.transport.abort}}


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, world: World) -> None:
        super().__init__(config)
        self._world = world

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._world.stop_waiting()
        await super().shutdown(sockets)


def server(app: FastAPI, host: str, port: int) -> Server:
    """Of an application of `create_app`. Port 0: any free one; `servers[0].sockets[0]` of the running one tells it."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=CuttableProtocol,
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=75,  # longer than clients keep theirs: nobody sends into a connection just closed
    )
    return Server(config, app.state.world)
