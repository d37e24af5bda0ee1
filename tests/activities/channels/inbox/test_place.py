"""The place of an update decides whose it is: a topic's, a group's that has moved, or nobody's."""

from typing import Any

import pytest

from activities.channels.accounts import REMOVED, REMOVED_UNKNOWN, Accounts
from activities.channels.bot_request import Do, Request
from activities.conversations.core.wake import Side, Woken, WokenBot
from domain.conversations.limits import NOT_BY_STAFF, Unsent
from gateways.avito.client import Avito
from models import Account, Bot, BotRequest, Dialog, FormerTopic, Message, Send
from models.channels.bot import REQUEST
from models.channels.upkeep import UPDATES_KEPT, deletions
from models.conversations.dialog import DialogState
from models.conversations.message import BODY, Delivery, SendStatus
from models.kernel.columns import unseal
from models.people.organisation import FIRST
from tests.activities.channels.inbox.updates import GROUP, SENT_AT, TOPIC, command, take, update
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


@pytest.mark.parametrize("place", [{"chat_id": -100999}, {"chat_id": -100999, "thread_id": None}])
async def test_what_is_said_in_other_groups_is_not_kept(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog, place: dict[str, Any]
) -> None:
    assert await take(channels, bot, update(**place)) == []
    assert await channels.rows(Message) == []
    assert await channels.rows(BotRequest) == []


async def told(channels: ChannelsSetup) -> list[tuple[Unsent | None, int | None, int | None]]:
    """What the bot has to say outside of dialogs: why nothing goes, where, in answer to what."""
    rows = sorted(await channels.rows(BotRequest), key=lambda row: row.created_at)
    requests = [Request.read(unseal(channels.keyring, REQUEST, row.payload_sealed)) for row in rows]
    assert {request.do for request in requests} <= {Do.UNSENT}
    return [(request.reason, request.thread_id, request.reply_to) for request in requests]


@pytest.mark.parametrize(("thread_id", "reason"), [(None, Unsent.GENERAL), (8, Unsent.NO_DIALOG)])
async def test_where_no_dialog_is_that_is_said_once(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog, thread_id: int | None, reason: Unsent
) -> None:
    assert await take(channels, bot, update(thread_id=thread_id, text="// обед")) == []
    assert await take(channels, bot, update(thread_id=thread_id)) == [WokenBot(bot.id)]
    for number in (40, 41):
        assert await take(channels, bot, update(thread_id=thread_id, message_id=number, text="Да")) == []
    assert await take(channels, bot, command("/close", thread_id=thread_id, message_id=42)) == []
    assert await told(channels) == [(reason, thread_id, 40)]
    assert await channels.rows(Message) == []
    channels.clock.advance(2 * UPDATES_KEPT)
    async with channels.sessions.begin() as session:
        for row in await BotRequest.open(session, bot.id, 9):
            await BotRequest.close(session, bot.id, row.update_id, channels.clock())
        for deletion in deletions(channels.clock() + 2 * UPDATES_KEPT):
            await session.execute(deletion)
    assert await take(channels, bot, update(thread_id=thread_id, message_id=43)) == []


async def test_each_answer_to_the_bot_in_general_is_told_not_to_go(channels: ChannelsSetup, bot: Bot) -> None:
    robot = {"id": bot.telegram_id, "is_bot": True, "first_name": "Привет"}
    chat = {"id": GROUP, "type": "supergroup"}
    answered = {"message_id": 30, "date": SENT_AT, "chat": chat, "from": robot, "text": "⏰ Покупатель ждёт"}
    for number in (40, 41):
        raw = update(thread_id=None, message_id=number, reply_to_message=answered)
        assert await take(channels, bot, raw) == [WokenBot(bot.id)]
    assert [reply for _, _, reply in await told(channels)] == [40, 41]


async def test_in_private_nothing_goes_to_a_buyer(channels: ChannelsSetup, bot: Bot) -> None:
    master = await channels.new_bot("779:sandbox-master", organisation_id=None)
    raw = update(chat_id=501, thread_id=None)
    raw["message"]["chat"] = {"id": 501, "type": "private", "first_name": "Анна"}
    assert await take(channels, bot, raw) == [WokenBot(bot.id)]
    assert await take(channels, master, raw) == [WokenBot(master.id)]
    assert {reason for reason, _, _ in await told(channels)} == {Unsent.PRIVATE, Unsent.PRIVATE_MASTER}


async def test_a_topic_of_a_removed_account_says_that_nothing_goes(
    channels: ChannelsSetup, bot: Bot, account: Account, dialog: Dialog
) -> None:
    await channels.change(account, deleted_at=channels.clock())
    assert await take(channels, bot, update(text="// пусто")) == []
    assert await take(channels, bot, update(kind="edited_message", edit_date=SENT_AT)) == []
    for number in (41, 42):
        assert await take(channels, bot, update(message_id=number)) == [WokenBot(bot.id)]
    assert await told(channels) == [(Unsent.ACCOUNT_GONE, TOPIC, 41), (Unsent.ACCOUNT_GONE, TOPIC, 42)]
    assert await channels.rows(Message) == []


async def test_what_still_waits_when_its_account_is_removed_is_told_not_to_have_gone(
    channels: ChannelsSetup, bot: Bot, account: Account, dialog: Dialog
) -> None:
    await take(channels, bot, update())
    await take(channels, bot, update(message_id=41, text="Да"))
    begun = next(row for row in await channels.rows(Message) if row.telegram_message_id == 41)
    async with channels.sessions.begin() as session:
        now = channels.clock()
        send = Send(dialog_id=dialog.id, message_id=begun.id, ordinal=0, kind="text", created_at=now)
        send.status, send.started_at = SendStatus.CLAIMED, now
        session.add(send)
    accounts = Accounts(channels.sessions, channels.keyring, Avito(channels.http, channels.url), channels.clock)
    await accounts.remove(FIRST, account.id)
    rows = {row.telegram_message_id: row for row in await channels.rows(Message)}
    assert [(rows[number].status, rows[number].failure) for number in (40, 41)] == [
        (Delivery.FAILED, REMOVED),
        (Delivery.FAILED, REMOVED_UNKNOWN),
    ]
    assert sorted(await told(channels), key=str) == [
        (Unsent.ACCOUNT_GONE, TOPIC, 40),
        (Unsent.ACCOUNT_GONE, TOPIC, 41),
    ]


async def test_a_topic_of_an_account_that_came_back_is_its_new_dialogs(
    channels: ChannelsSetup, bot: Bot, account: Account, dialog: Dialog
) -> None:
    """The earlier account's dialog has left the topic; the one that is led there has it."""
    other = await channels.new_account(bot, api_client_id="other")
    led = await channels.new_dialog(other, telegram_chat_id=GROUP, telegram_topic_id=9)
    async with channels.sessions.begin() as session:
        session.add(FormerTopic(chat_id=GROUP, topic_id=9, dialog_id=dialog.id))
    await channels.change(account, deleted_at=channels.clock())
    assert await take(channels, bot, update(thread_id=9)) == [Woken(other.id, led.avito_dialog_id, Side.STAFF)]


async def test_a_bot_does_not_speak_for_another_bots_dialogs(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    other = await channels.new_bot("779:sandbox-other", group_chat_id=GROUP)
    assert await take(channels, other, update()) == []
    assert await channels.rows(Message) == []
    assert await channels.rows(BotRequest) == []


async def test_a_topic_whose_dialog_has_moved_to_another_bots_group_says_so(
    channels: ChannelsSetup, bot: Bot, account: Account, dialog: Dialog
) -> None:
    other = await channels.new_bot("779:sandbox-other", group_chat_id=-100555)
    await channels.change(account, bot_id=other.id)
    assert await take(channels, bot, update()) == [WokenBot(bot.id)]
    assert await told(channels) == [(Unsent.OTHER_GROUP, TOPIC, 40)]


CHANNEL: dict[str, Any] = {
    "from": {"id": 136817688, "is_bot": True, "first_name": "Channel"},
    "sender_chat": {"id": -1002, "type": "channel", "title": "Новости"},
}
ROBOT: dict[str, Any] = {"from": {"id": 5, "is_bot": True, "first_name": "Робот"}}


@pytest.mark.parametrize(
    ("parts", "by", "notices"),
    [(CHANNEL, "channel", 2), (CHANNEL | {"is_automatic_forward": True}, "forward", 2), (ROBOT, "bot", 1)],
)
async def test_what_nobody_of_the_staff_has_written_is_told_not_to_go(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog, parts: dict[str, Any], by: str, notices: int
) -> None:
    woken = [await take(channels, bot, update(message_id=number, text="Да", **parts)) for number in (40, 41)]
    assert sum(map(len, woken)) == notices
    rows = sorted(await channels.rows(Message), key=lambda row: row.number)
    assert [(row.kind, row.reply_to_telegram_id) for row in rows] == [("notice", 40), ("notice", 41)][:notices]
    assert {unseal(channels.keyring, BODY, row.body_sealed)["text"] for row in rows} == {NOT_BY_STAFF[by]}


async def test_an_album_of_a_channel_is_told_of_once(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 60}]
    for number in (40, 41, 42):
        await take(channels, bot, update(message_id=number, photo=photo, media_group_id="7", **CHANNEL))
    assert len(await channels.rows(Message)) == 1


async def test_an_anonymous_administrator_answers_the_buyer(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    anonymous: dict[str, Any] = {
        "from": {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"},
        "sender_chat": {"id": GROUP, "type": "supergroup", "title": "Продажи"},
    }
    assert len(await take(channels, bot, update(text="Да", **anonymous))) == 1
    assert [row.kind for row in await channels.rows(Message)] == ["text"]


async def test_what_other_bots_say_outside_of_dialogs_is_nobodys_business(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog
) -> None:
    for thread_id in (None, 8):
        assert await take(channels, bot, update(thread_id=thread_id, text="Я бот", **ROBOT)) == []


async def test_garbage_is_ignored(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    myself: dict[str, Any] = {"from": {"id": bot.telegram_id, "is_bot": True, "first_name": "Привет"}}
    for raw in (update(text="Я бот", **myself), {}, {"update_id": "1"}, {"update_id": 2**63}, {"update_id": 5}):
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
