"""`python -m bench.relay.hook CONFIG`: a rival's webhook endpoint in FastAPI; it queues and answers."""

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
"""Seconds for which a message that was taken is not taken again."""

Take: TypeAlias = Callable[[str, str], Awaitable[object]]
"""Chat and text."""


def create_app(config: RivalConfig) -> FastAPI:
    """`POST /hook`; Avito's probe is answered as well."""
    app = FastAPI()
    known, take = _known(config), _take(config)

    @app.post("/hook")
    async def hook(request: Request) -> dict[str, bool]:
        said = _said(await request.body())
        if said is not None and await known(said["id"]):
            await take(said["chat_id"], said["content"]["text"])
        return {"ok": True}

    return app


def _said(raw: bytes) -> dict[str, Any] | None:
    payload = json.loads(raw).get("payload")
    return payload["value"] if payload else None


def _known(config: RivalConfig) -> Callable[[str], Awaitable[bool]]:
    """Whether the message is new; without Redis nobody asks."""
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
                # `delay` in the route, as its users write it: a millisecond of the loop.
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
