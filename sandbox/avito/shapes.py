"""How chats and messages look on the wire, in answers and in webhooks."""

from datetime import UTC, datetime
from typing import Any

from sandbox.avito.records import Account, Chat, Item, Json, Kind, Message

MEDIA = "/media/avito"
"""Where images and voices are, on the origin of the API."""
CONTENT_KEYS = ("call", "flow_id", "image", "item", "link", "location", "text", "voice")
ACTIVE_ITEM = 10
WEBHOOK_VERSION = "v1.1"


def with_origin(value: Any, origin: str) -> Any:
    """Our own paths become addresses; everything else stays as it is."""
    if isinstance(value, str):
        return origin + value if value.startswith(MEDIA) else value
    if isinstance(value, dict):
        return {key: with_origin(inner, origin) for key, inner in value.items()}
    return value


def content_json(message: Message, origin: str) -> Json:
    if message.type in ("image", "item", "link"):
        return {key: with_origin(value, origin) for key, value in message.content.items()}
    return message.content


def last_message_json(message: Message, origin: str) -> Json:
    return {
        "id": message.id,
        "author_id": message.author_id,
        "created": message.created,
        "content": content_json(message, origin),
        "type": message.type,
        "direction": message.direction,
    }


def message_json(chat: Chat, message: Message, origin: str) -> Json:
    shown = last_message_json(message, origin) | {"is_read": message.is_read, "read": message.read}
    if not chat.wrapped and message.content:
        # Every key of the content is nullable: one half of the chats shows all of them.
        shown["content"] = dict.fromkeys(CONTENT_KEYS) | shown["content"]
    if quoted := chat.messages.get(message.quote_id or ""):
        shown["quote"] = {
            "id": quoted.id,
            "author_id": quoted.author_id,
            "created": quoted.created,
            "type": quoted.type,
            "content": content_json(quoted, origin),
        }
    return shown


def sent_json(message: Message, text: str) -> Json:
    """The answer to a text that was sent; no author in it."""
    return {
        "id": message.id,
        "created": message.created,
        "direction": message.direction,
        "type": "text",
        "content": {"text": text},
    }


def sent_image_json(message: Message, origin: str) -> Json:
    return last_message_json(message, origin)


def chat_json(account: Account, chat: Chat, last: Message | None, origin: str) -> Json:
    shown: Json = {
        "id": chat.id,
        "created": chat.created,
        "updated": chat.updated,
        "users": [
            user_json(chat.buyer_id, chat.buyer_name, chat.item),
            user_json(account.user_id, account.name, chat.item),
        ],
    }
    if chat.item is not None:
        shown["context"] = {"type": "item", "value": item_json(account, chat.item)}
    if last is not None:
        shown["last_message"] = last_message_json(last, origin)
    return shown


def item_json(account: Account, item: Item) -> Json:
    shown: Json = {
        "id": item.id,
        "title": item.title,
        "price_string": item.price_string,
        "url": item.url,
        "status_id": ACTIVE_ITEM,
        "user_id": account.user_id,
        "images": {"count": 1, "main": {"140x105": f"https://00.img.avito.st/image/1/{item.id}_140x105.jpg"}},
    }
    if item.city is not None:
        # Not in the schema we have, though the real one tells it.
        shown["location"] = {"title": item.city}
    return shown


def user_json(user_id: int, name: str, item: Item | None) -> Json:
    picture = "https://www.avito.st/stub_avatars/_/14_{0}x{0}.png"
    return {
        "id": user_id,
        "name": name,
        "public_user_profile": {
            "user_id": user_id,
            "item_id": item.id if item else 0,
            "url": f"https://avito.ru/user/{user_id:032x}/profile",
            "avatar": {
                "default": picture.format(256),
                "images": {f"{side}x{side}": picture.format(side) for side in (24, 64, 128, 256)},
            },
        },
    }


def hook_json(account: Account, chat: Chat, message: Message, delivery_id: str, sent_at: int, origin: str) -> Json:
    """The webhook of version 3; it tells no direction and no names."""
    return {
        "id": delivery_id,
        "version": WEBHOOK_VERSION,
        "timestamp": sent_at,
        "payload": {
            "type": "message",
            "value": {
                "id": message.id,
                "chat_id": chat.id,
                "user_id": account.user_id,
                "author_id": message.author_id,
                "created": message.created,
                "published_at": datetime.fromtimestamp(message.created, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "type": message.type,
                "chat_type": chat.kind.value,
                "content": content_json(message, origin),
                "item_id": chat.item.id if chat.item and chat.kind is Kind.U2I else None,
                "read": message.read,
            },
        },
    }
