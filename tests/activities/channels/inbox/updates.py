"""Updates as Telegram sends them to the bot of a group, and what is stored of them."""

from itertools import count
from typing import Any

from activities.conversations.core.wake import Woken, WokenBot
from models import Bot, Message
from models.conversations.message import BODY
from models.kernel.columns import unseal
from tests.activities.channels_setup import ChannelsSetup
from tests.database_content import dump

GROUP, TOPIC = -1001000000001, 7
SENT_AT = 1_790_000_000
_ids = count(500_000)


def update(
    chat_id: int = GROUP, thread_id: int | None = TOPIC, kind: str = "message", **content: Any
) -> dict[str, Any]:
    message: dict[str, Any] = {
        "message_id": 40,
        "date": SENT_AT,
        "chat": {"id": chat_id, "type": "supergroup", "title": "Продажи", "is_forum": True},
        "from": {"id": 501, "is_bot": False, "first_name": "Анна"},
    }
    if thread_id is not None:
        message |= {"message_thread_id": thread_id, "is_topic_message": True}
    return {"update_id": next(_ids), kind: message | (content or {"text": "Да, продаётся"})}


def command(text: str, **more: Any) -> dict[str, Any]:
    return update(text=text, entities=[{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}], **more)


async def take(channels: ChannelsSetup, bot: Bot, raw: dict[str, Any]) -> list[Woken | WokenBot]:
    """Twice, as Telegram repeats what it heard no answer to: the second time changes nothing and wakes nobody."""
    woken = await channels.inbox.store_update(bot, raw)
    before = await dump(channels.sessions)
    assert await channels.inbox.store_update(bot, raw) == []
    assert await dump(channels.sessions) == before
    return woken


async def only_message(channels: ChannelsSetup) -> tuple[Message, dict[str, Any]]:
    [message] = await channels.rows(Message)
    return message, unseal(channels.keyring, BODY, message.body_sealed)


def sticker(**more: bool) -> dict[str, Any]:
    flat = {"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 512, "height": 512, "emoji": "👍"}
    return {"sticker": flat | {"is_animated": False, "is_video": False} | more}
