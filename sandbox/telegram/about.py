"""Bot API methods about the bot itself: who it is, where it is, how it gets its updates and files."""

from typing import Any

from sandbox.telegram import files
from sandbox.telegram.calls import Call
from sandbox.telegram.errors import Refused, absent, invalid
from sandbox.telegram.records import Json
from sandbox.telegram.updates import MOST_AT_ONCE, webhook_from

GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


async def get_me(call: Call) -> Json:
    return call.bot.user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
    }


async def get_webhook_info(call: Call) -> Json:
    hook = call.bot.webhook
    told: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(call.bot.pending)}
    if call.bot.allowed:
        told["allowed_updates"] = call.bot.allowed
    if hook:
        told |= {"url": hook.url, "max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
    if hook and hook.error:
        told |= {"last_error_date": hook.error_at, "last_error_message": hook.error}
    return told


async def set_webhook(call: Call) -> bool:
    url = call.params.text("url")
    if not url:
        return await delete_webhook(call)
    connections = call.params.number("max_connections")
    webhook = webhook_from(url, call.params.text("secret_token") or "", 40 if connections is None else connections)
    _choose_updates(call)
    if call.params.flag("drop_pending_updates"):
        call.telegram.updates.drop(call.bot)
    call.telegram.updates.set_webhook(call.bot, webhook)
    return True


async def delete_webhook(call: Call) -> bool:
    if call.params.flag("drop_pending_updates"):
        call.telegram.updates.drop(call.bot)
    call.telegram.updates.set_webhook(call.bot, None)
    return True


async def get_updates(call: Call) -> list[Json]:
    limit = call.params.number("limit")
    if limit is not None and not 1 <= limit <= MOST_AT_ONCE:
        raise invalid("limit must be 1-100")
    _choose_updates(call)
    return await call.telegram.updates.poll(
        call.bot, call.params.number("offset") or 0, limit or MOST_AT_ONCE, call.params.number("timeout") or 0
    )


async def get_file(call: Call) -> Json:
    return files.get_file(call.telegram, call.params.text("file_id") or "")


async def get_chat(call: Call) -> Json:
    """A person who has never written to the bot is not found either."""
    chat = call.chat()
    more = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(GIFTS, False)}
    return chat.brief() | more


async def get_chat_member(call: Call) -> Json:
    chat = call.chat()
    user_id = call.params.required_number("user_id")
    bot = call.telegram.bot_by_id(user_id)
    if bot is None:
        spoken = (message.sender for message in chat.messages.values() if message.sender["id"] == user_id)
        if (user := next(spoken, None)) is None:
            raise absent("member not found")
        return {"status": "member", "user": user}
    return chat.member(bot)


async def set_my_commands(call: Call) -> bool:
    commands = call.params.objects("commands")
    for command in commands:
        name = str(command.get("command", ""))
        if not 1 <= len(name) <= 32 or not name.replace("_", "").isalnum() or name != name.lower():
            raise invalid("BOT_COMMAND_INVALID")
        if not command.get("description"):
            raise invalid("BOT_COMMAND_DESCRIPTION_INVALID")
    call.bot.commands = commands
    return True


async def get_my_commands(call: Call) -> list[Json]:
    return call.bot.commands


async def answer_callback_query(call: Call) -> bool:
    if not call.params.text("callback_query_id"):
        raise invalid("query is too old and response timeout expired or query ID is invalid")
    return True


def _choose_updates(call: Call) -> None:
    """allowed_updates stays as it was when it is not given; an empty list is the default set."""
    chosen: Any = call.params.json("allowed_updates")
    if chosen is None:
        return
    if not isinstance(chosen, list):
        raise Refused(400, "Bad Request: can't parse allowed_updates", violation=True)
    call.bot.allowed = [str(kind) for kind in chosen]
