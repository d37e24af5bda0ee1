"""`python -m bench.relay.hook CONFIG`: the webhook endpoint of a rival, in FastAPI."""

import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

import httpx
import uvicorn
from fastapi import FastAPI, Request

from bench.relay import celery_relay
from bench.relay.config import RivalConfig

QUEUE = "relay"
KNOWN_FOR = 3600
"""Seconds for which a repeated message is recognised."""

Take: TypeAlias = Callable[[str, str], Awaitable[object]]
"""Chat and text."""


def create_app(config: RivalConfig) -> FastAPI:
    """`POST /hook` queues a message; answers Avito's probe too."""
    app = FastAPI()
    known, take = _known(config), _take(config)

    @app.post("/hook")
    async def hook(request: Request) -> dict[str, bool]:
        message = _message(await request.body())
        if message is not None and await known(message["id"]):
            await take(message["chat_id"], message["content"]["text"])
        return {"ok": True}

    return app


def _message(raw: bytes) -> dict[str, Any] | None:
    payload = json.loads(raw).get("payload")
    return payload["value"] if payload else None


def _known(config: RivalConfig) -> Callable[[str], Awaitable[bool]]:
    """A check whether a message is new; without Redis every message is."""
    if config.kind == "bare":

        async def anything(_message: str) -> bool:
            return True

        return anything
    from redis import asyncio as redis

    client = redis.Redis.from_url(config.redis)

    async def is_new(message: str) -> bool:
        return bool(await client.set(f"seen:{message}", 1, nx=True, ex=KNOWN_FOR))

    return is_new


def _take(config: RivalConfig) -> Take:
    match config.kind:
        case "celery":
            app = celery_relay.build(config)

            async def call(chat: str, text: str) -> None:
                # Blocks the event loop for a millisecond, as `delay` in a route usually does.
                app.send_task(celery_relay.TASK, args=[chat, text])

            return call
        case "list":
            from redis import asyncio as redis

            client = redis.Redis.from_url(config.redis)

            async def push(chat: str, text: str) -> None:
                await client.rpush(QUEUE, json.dumps([chat, text]))

            return push
        case _:
            http = httpx.AsyncClient()

            async def post(chat: str, text: str) -> None:
                await http.post(config.send_message, json=config.message(chat, text))

            return post


def main() -> None:
    config = RivalConfig.read(sys.argv[1])
    uvicorn.run(
        create_app(config), port=config.port, loop="uvloop", http="httptools", access_log=False, log_level="error"
    )


if __name__ == "__main__":
    main()
