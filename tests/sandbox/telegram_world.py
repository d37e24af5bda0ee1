"""What tests do in a group of the stand-in for Telegram."""

from collections.abc import Awaitable
from typing import Any

from aiogram.types import BufferedInputFile

from sandbox.telegram.kinds import sample_png
from tests.sandbox.conftest import Served

PNG = sample_png()


async def topic(sandbox: Served, chat_id: int, name: str = "Ольга · Велосипед") -> int:
    return (await sandbox.bot.create_forum_topic(chat_id, name)).message_thread_id


def write(sandbox: Served, chat_id: int, thread_id: int, **message: Any) -> Awaitable[Any]:
    return sandbox.post(f"/groups/{chat_id}/topics/{thread_id}/messages", **message)


async def shown(sandbox: Served, chat_id: int, thread_id: int) -> list[dict[str, Any]]:
    answer = await sandbox.http.get(f"/sandbox/groups/{chat_id}/topics/{thread_id}")
    messages: list[dict[str, Any]] = answer.json()["messages"]
    return [message for message in messages if message["kind"] != "service"]


def photo() -> BufferedInputFile:
    return BufferedInputFile(PNG, "photo.png")
