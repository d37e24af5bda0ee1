"""Bot API methods that change a message that is there: edit, delete, pin, react."""

from sandbox.telegram.calls import Call
from sandbox.telegram.errors import absent, invalid
from sandbox.telegram.records import Json
from sandbox.telegram.sending import text_of

REACTIONS = frozenset(
    {
        *("❤", "👍", "👎", "🔥", "🥰", "👏", "😁", "🤔", "🤯", "😱", "🤬", "😢", "🎉", "🤩", "🤮"),
        *("💩", "🙏", "👌", "🕊", "🤡", "🥱", "🥴", "😍", "🐳", "❤‍🔥", "🌚", "🌭", "💯", "🤣", "⚡"),
        *("🍌", "🏆", "💔", "🤨", "😐", "🍓", "🍾", "💋", "🖕", "😈", "😴", "😭", "🤓", "👻", "👨‍💻"),
        *("👀", "🎃", "🙈", "😇", "😨", "🤝", "✍", "🤗", "🫡", "🎅", "🎄", "☃", "💅", "🤪", "🗿"),
        *("🆒", "💘", "🙉", "🦄", "😘", "💊", "🙊", "😎", "👾", "🤷‍♂", "🤷", "🤷‍♀", "😡"),
    }
)
"""Telegram's list; ✅, ❌ and ⏳ are not on it."""


async def edit_message_text(call: Call) -> Json:
    """Counts as a message of the group; only own messages with text can be edited."""
    chat = call.chat()
    message = call.telegram.message(chat, call.params.required_number("message_id"), "message to edit")
    content = text_of(call)
    if message.bot_id != call.bot.id or "text" not in message.content:
        raise invalid("message can't be edited")
    markup = call.params.json("reply_markup")
    if content == message.content and markup == message.markup:
        raise absent(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )
    chat.limit.spend(call.telegram.now())
    message.content, message.markup, message.edited = content, markup, int(call.telegram.now())
    return call.telegram.shape(chat, message)


async def delete_message(call: Call) -> bool:
    chat = call.chat()
    message = call.telegram.message(chat, call.params.required_number("message_id"), "message to delete")
    if message.id in chat.topics:
        raise invalid("message can't be deleted")
    message.deleted = True
    return True


async def pin_chat_message(call: Call) -> bool:
    chat = call.chat()
    message = call.telegram.message(chat, call.params.required_number("message_id"), "message to pin")
    message.pinned = True
    pinned = call.telegram.shape(chat, message, with_reply=False)
    call.service(chat, message.thread_id, {"pinned_message": pinned})
    return True


async def unpin_chat_message(call: Call) -> bool:
    chat = call.chat()
    call.telegram.message(chat, call.params.required_number("message_id"), "message to unpin").pinned = False
    return True


async def set_message_reaction(call: Call) -> bool:
    """One emoji of the list, or none to take it back; bots are not told about reactions of bots."""
    chat = call.chat()
    message = call.telegram.message(chat, call.params.required_number("message_id"), "message to react")
    reactions = call.params.objects("reaction")
    if len(reactions) > 1:
        raise invalid("REACTIONS_TOO_MANY")
    if not reactions:
        message.reactions.pop(str(call.bot.id), None)
        return True
    emoji = reactions[0].get("emoji")
    if reactions[0].get("type") != "emoji" or emoji not in REACTIONS:
        raise invalid("REACTION_INVALID")
    message.reactions[str(call.bot.id)] = emoji
    return True
