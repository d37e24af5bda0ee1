"""An errand is left for a bot by commands outside of dialogs and by groups that it joins."""

from typing import Any

import pytest

from activities.channels.bot_request import Do, Request
from activities.conversations.core.wake import WokenBot
from domain.conversations.group import ADVICE, GroupFault
from models import Bot, BotRequest, Dialog
from models.channels.bot import REQUEST, BotStatus
from models.kernel.columns import unseal
from tests.activities.channels.inbox.updates import GROUP, SENT_AT, _ids, command, only_message, take
from tests.activities.channels_setup import ChannelsSetup


async def errand(channels: ChannelsSetup) -> Request:
    [row] = await channels.rows(BotRequest)
    return Request.read(unseal(channels.keyring, REQUEST, row.payload_sealed))


@pytest.mark.parametrize(
    ("place", "thread_id"),
    [
        ({"thread_id": None}, None),
        ({"thread_id": 8}, 8),
        ({"chat_id": -100999}, 7),
        ({"chat_id": -100999, "thread_id": None}, None),
    ],
)
async def test_getid_outside_of_dialogs_is_an_errand_of_the_bot(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog, place: dict[str, Any], thread_id: int | None
) -> None:
    assert await take(channels, bot, command("/getid", **place)) == [WokenBot(bot.id)]
    assert await errand(channels) == Request(Do.ID, place.get("chat_id", GROUP), thread_id, 40)


async def test_getid_in_a_dialogs_topic_is_the_conversations(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    assert len(await take(channels, bot, command("/getid"))) == 1
    assert (await only_message(channels))[1]["name"] == "getid"


def start(user_id: int = 501) -> dict[str, Any]:
    raw = command("/start", chat_id=user_id, thread_id=None)
    raw["message"]["chat"] = {"id": user_id, "type": "private", "first_name": "Анна"}
    return raw


async def test_who_starts_the_master_bot_is_given_a_way_in(channels: ChannelsSetup) -> None:
    master = await channels.new_bot(organisation_id=None)
    assert await take(channels, master, start()) == [WokenBot(master.id)]
    assert await errand(channels) == Request(Do.LINK, 501)


async def test_who_starts_another_bot_is_greeted(channels: ChannelsSetup, bot: Bot) -> None:
    assert await take(channels, bot, start()) == [WokenBot(bot.id)]
    assert (await errand(channels)).do is Do.HELLO


def joining(chat_id: int, status: str, **rights: bool) -> dict[str, Any]:
    user = {"id": 777, "is_bot": True, "first_name": "Привет"}
    needed = (
        *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
        *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories"),
        *("can_edit_stories", "can_delete_stories"),
    )
    member: dict[str, Any] = {"user": user, "status": status}
    if status == "administrator":
        member |= dict.fromkeys(needed, False) | rights
    if status == "kicked":
        member["until_date"] = 0
    change = {
        "chat": {"id": chat_id, "type": "supergroup", "title": "Продажи", "is_forum": True},
        "from": {"id": 501, "is_bot": False, "first_name": "Анна"},
        "date": SENT_AT,
        "old_chat_member": {"user": user, "status": "left"},
        "new_chat_member": member,
    }
    return {"update_id": next(_ids), "my_chat_member": change}


async def test_a_stranger_who_adds_the_bot_to_his_group_gets_a_number_and_no_more(channels: ChannelsSetup) -> None:
    bot = await channels.new_bot()
    raw = joining(-100777, "administrator", can_manage_topics=True)
    assert await take(channels, bot, raw) == [WokenBot(bot.id)]
    assert await errand(channels) == Request(Do.JOINED, -100777)
    assert (await channels.fresh(bot)).group_chat_id is None


async def test_a_bot_that_is_thrown_out_of_its_group_says_so_and_recovers(channels: ChannelsSetup, bot: Bot) -> None:
    assert await take(channels, bot, joining(GROUP, "kicked")) == []
    row = await channels.fresh(bot)
    assert (row.status, row.status_reason) == (BotStatus.ERROR, ADVICE[GroupFault.OUT])
    await take(channels, bot, joining(GROUP, "administrator", can_manage_topics=True))
    row = await channels.fresh(bot)
    assert (row.status, row.status_reason) == (BotStatus.ACTIVE, None)


async def test_a_bot_that_was_switched_off_is_not_switched_on_by_its_group(channels: ChannelsSetup, bot: Bot) -> None:
    await channels.change(bot, status=BotStatus.INACTIVE)
    await take(channels, bot, joining(GROUP, "administrator", can_manage_topics=True))
    assert (await channels.fresh(bot)).status is BotStatus.INACTIVE
