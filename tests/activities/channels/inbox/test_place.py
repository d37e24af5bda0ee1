"""The place of an update decides whose it is: a topic's, a group's that has moved, or nobody's."""

from typing import Any

import pytest

from models import Bot, BotRequest, Dialog, Message
from models.conversations.dialog import DialogState
from tests.activities.channels.inbox.updates import GROUP, take, update
from tests.activities.channels_setup import ChannelsSetup


async def test_a_closed_topic_closes_the_dialog_and_a_reopened_one_opens_it(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog
) -> None:
    await channels.change(dialog, first_unanswered_at=channels.clock(), auto_reply_due_at=channels.clock())
    assert len(await take(channels, bot, update(forum_topic_closed={}))) == 1
    row = await channels.fresh(dialog)
    assert (row.state, row.topic_closed) == (DialogState.CLOSED, True)
    assert (row.first_unanswered_at, row.auto_reply_due_at) == (None, None)
    assert len(await take(channels, bot, update(forum_topic_reopened={}))) == 1
    row = await channels.fresh(dialog)
    assert (row.state, row.topic_closed) == (DialogState.ACTIVE, False)


async def test_a_renamed_topic_is_nobodys_business(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    assert await take(channels, bot, update(forum_topic_edited={"name": "Другое"})) == []


@pytest.mark.parametrize("place", [{"chat_id": -100999}, {"thread_id": None}, {"thread_id": 8}])
async def test_what_is_said_elsewhere_is_not_kept(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog, place: dict[str, Any]
) -> None:
    assert await take(channels, bot, update(**place)) == []
    assert await channels.rows(Message) == []
    assert await channels.rows(BotRequest) == []


async def test_a_bot_does_not_speak_for_another_bots_dialogs(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    other = await channels.new_bot("779:sandbox-other", group_chat_id=GROUP)
    assert await take(channels, other, update()) == []
    assert await channels.rows(Message) == []


async def test_bots_and_garbage_are_ignored(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    by_a_robot: dict[str, Any] = {"text": "Я бот", "from": {"id": 5, "is_bot": True, "first_name": "Робот"}}
    for raw in (
        update(**by_a_robot),
        {},
        {"update_id": "1"},
        {"update_id": 2**63},
        {"update_id": 5},
    ):
        assert await take(channels, bot, raw) == []
    assert await channels.rows(Message) == []


async def test_a_migrated_group_is_followed_with_all_its_topics(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog
) -> None:
    moved = update(thread_id=None, migrate_to_chat_id=-1002)
    assert await take(channels, bot, moved) == []
    assert (await channels.fresh(bot)).group_chat_id == -1002
    assert (await channels.fresh(dialog)).telegram_chat_id == -1002
    assert (
        await take(
            channels, await channels.fresh(bot), update(chat_id=-1002, thread_id=None, migrate_from_chat_id=GROUP)
        )
        == []
    )
    assert len(await take(channels, await channels.fresh(bot), update(chat_id=-1002))) == 1


async def test_somebody_elses_migration_moves_nothing(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    await take(channels, bot, update(chat_id=-5, thread_id=None, migrate_to_chat_id=-1002))
    assert (await channels.fresh(bot)).group_chat_id == GROUP
