"""Updates of one group and of the people in it, as Telegram writes them, and the hearing of them."""

from gateways.telegram.events import Event, Said
from gateways.telegram.shapes import Place
from gateways.telegram.updates import Updates

BOT_ID, USERNAME = 1000000001, "privet_demo_bot"
GROUP = {"id": -1001000000001, "type": "supergroup", "title": "Магазин", "is_forum": True}
ANNA = {"id": 501, "is_bot": False, "first_name": "Анна", "last_name": "Ким"}
ROBOT = {"id": BOT_ID, "is_bot": True, "first_name": "Privet"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
TOPIC = Place(-1001000000001, 7)
FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 10}
STICKER = {**FILE, "type": "regular", "width": 512, "height": 512, "emoji": "👍"}

Raw = dict[str, object]


def message(**parts: object) -> Raw:
    """In topic 7, whose every message Telegram shows as an answer to its first one."""
    first = {
        "message_id": 7,
        "date": 1,
        "chat": GROUP,
        "from": ROBOT,
        "forum_topic_created": {"name": "n", "icon_color": 1},
    }
    return {
        "message_id": 10,
        "date": 1700000000,
        "chat": GROUP,
        "from": ANNA,
        "message_thread_id": 7,
        "is_topic_message": True,
        "reply_to_message": first,
        **parts,
    }


async def hear(updates: Updates, message: Raw, kind: str = "message") -> Event:
    return await updates.read_update({"update_id": 1, kind: message}, BOT_ID, USERNAME)


async def said(updates: Updates, message: Raw) -> Said:
    heard = await hear(updates, message)
    assert isinstance(heard, Said)
    return heard
