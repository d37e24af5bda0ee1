"""Bot API methods of forum topics."""

from sandbox.telegram.calls import Call
from sandbox.telegram.errors import absent, invalid, no_right
from sandbox.telegram.records import Json, Role
from sandbox.telegram.state import ICON_COLOR
from sandbox.telegram.wording import LONGEST_TOPIC, units

ICON_COLORS = frozenset({7322096, 16766590, 13338331, 9367192, 16749490, 16478047})


async def create_forum_topic(call: Call) -> Json:
    """Counts as a message of the group."""
    chat = call.chat()
    if not chat.is_forum:
        raise absent("the chat is not a forum")
    if chat.role(call.bot) is not Role.ADMINISTRATOR:
        raise no_right("create a topic")
    name = _name(call)
    color = call.params.number("icon_color") or ICON_COLOR
    if color not in ICON_COLORS:
        raise invalid("invalid icon color specified")
    chat.limit.spend(call.telegram.now())
    topic, _ = call.telegram.add_topic(chat, call.bot.user(), name, color)
    return {"message_thread_id": topic.thread_id, "name": name, "icon_color": color}


async def edit_forum_topic(call: Call) -> bool:
    chat = call.chat()
    topic = call.topic(chat)
    name = _name(call)
    if name == topic.name:
        raise absent("TOPIC_NOT_MODIFIED")
    chat.limit.spend(call.telegram.now())
    topic.name = name
    call.service(chat, topic.thread_id, {"forum_topic_edited": {"name": name}})
    return True


async def close_forum_topic(call: Call) -> bool:
    return _set_closed(call, True)


async def reopen_forum_topic(call: Call) -> bool:
    return _set_closed(call, False)


async def delete_forum_topic(call: Call) -> bool:
    """With all of its messages; nobody is told."""
    chat = call.chat()
    topic = call.topic(chat)
    topic.deleted = True
    for message_id in topic.message_ids:
        chat.messages[message_id].deleted = True
    return True


def _set_closed(call: Call, closed: bool) -> bool:
    chat = call.chat()
    topic = call.topic(chat)
    if chat.role(call.bot) in (Role.MEMBER, Role.RESTRICTED):
        raise no_right("edit the topic")
    if topic.closed == closed:
        raise absent("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    call.service(chat, topic.thread_id, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    return True


def _name(call: Call) -> str:
    name = (call.params.text("name") or "").strip()
    if not name or units(name) > LONGEST_TOPIC:
        raise invalid("topic name must be 1-128 characters")
    return name
