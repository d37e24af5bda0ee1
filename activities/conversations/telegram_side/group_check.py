"""Asks Telegram whether a bot can work in its group."""

import asyncio
from dataclasses import dataclass
from typing import Final

from domain.conversations.group import ADVICE, GroupFacts, GroupFault, advice, faults_of, meant_by
from domain.kernel.trouble import Trouble
from gateways.outcome import NotDone, Rejected, Unauthorised, Unknown
from gateways.telegram.client import TelegramBot
from gateways.telegram.shapes import NO_ANSWER, ChatInfo, GroupMoved, Kicked, NoForum, NoRights

PATIENCE: Final = 10.0
"""Seconds for the calls of one check."""

TOKEN_REFUSED: Final = "Telegram не принял токен бота: возьмите действующий у @BotFather и впишите его."  # noqa: S105
MINUS: Final = "Id группы начинается с минуса. Похоже, это {}: впишите его."
MOST_MOVES: Final = 2

_NO_GROUP: Final = (ADVICE[GroupFault.NO_CHAT], ADVICE[GroupFault.PRIVATE], ADVICE[GroupFault.CHANNEL])


@dataclass(frozen=True)
class GroupVerdict:
    """`reason`: what is wrong, for people; None: the bot can work. `chat_id`: the group's id, also after a move.

    `trouble` is `token`, `group`, or `telegram` while Telegram does not answer, which says nothing of the group.
    """

    chat_id: int
    trouble: Trouble | None = None
    reason: str | None = None


async def check_group(bot: TelegramBot, chat_id: int) -> GroupVerdict:
    try:
        async with asyncio.timeout(PATIENCE):
            return await _check(bot, chat_id)
    except Unauthorised:
        return GroupVerdict(chat_id, Trouble.TOKEN, TOKEN_REFUSED)
    except (NotDone, Unknown, Rejected, TimeoutError):
        return GroupVerdict(chat_id, Trouble.TELEGRAM)


async def check_new_group(bot: TelegramBot, chat_id: int) -> GroupVerdict:
    """Of an id that a person has typed: the reason names the id that was probably meant, if there is such a group."""
    verdict = await check_group(bot, chat_id)
    if verdict.reason not in _NO_GROUP:
        return verdict
    for meant in meant_by(chat_id):
        found = await check_group(bot, meant)
        if found.trouble in (None, Trouble.GROUP) and found.reason not in _NO_GROUP:
            return GroupVerdict(chat_id, Trouble.GROUP, MINUS.format(meant))
    return verdict


def reason_of(refusal: Rejected) -> str | None:
    """What a refused send says of the bot and its group; None if nothing."""
    match refusal:
        case Unauthorised():
            return TOKEN_REFUSED
        case Kicked():
            return ADVICE[GroupFault.OUT]
        case NoForum():
            return ADVICE[GroupFault.NO_TOPICS]
        case NoRights():
            return ADVICE[GroupFault.NO_RIGHT]
        case _:
            return None


async def _check(bot: TelegramBot, chat_id: int) -> GroupVerdict:
    for _ in range(MOST_MOVES):
        try:
            reason = advice(await _faults(bot, chat_id))
            return GroupVerdict(chat_id, Trouble.GROUP if reason else None, reason)
        except GroupMoved as moved:
            chat_id = moved.chat_id
    return GroupVerdict(chat_id, Trouble.TELEGRAM)


async def _faults(bot: TelegramBot, chat_id: int) -> tuple[GroupFault, ...]:
    try:
        chat = await bot.chat(chat_id)
    except (Unauthorised, GroupMoved):
        raise
    except Rejected as refusal:
        if refusal.reason == NO_ANSWER:
            raise
        was_there = isinstance(refusal, Kicked) and "not found" not in refusal.reason
        return (GroupFault.OUT if was_there else GroupFault.NO_CHAT,)
    if chat.kind in ("private", "channel"):
        return faults_of(GroupFacts(chat.kind, chat.is_forum, "member", False))
    return await _faults_within(bot, chat)


async def _faults_within(bot: TelegramBot, chat: ChatInfo) -> tuple[GroupFault, ...]:
    try:
        me = await bot.membership(chat.id)
    except (Unauthorised, GroupMoved):
        raise
    except NoRights:
        return (GroupFault.NOT_ADMINISTRATOR,)
    except Rejected as refusal:
        if refusal.reason == NO_ANSWER:
            raise
        # «member not found», «user not found», «bot was kicked»
        return (GroupFault.OUT,)
    return faults_of(GroupFacts(chat.kind, chat.is_forum, me.status, me.can_manage_topics, me.can_send))
