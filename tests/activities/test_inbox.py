"""What comes in from the group and from Avito becomes rows, once, and says who has to be woken."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event

from activities.errand import Do, Errand
from activities.inbox import LOST_AFTER, OUT_OF_GROUP
from activities.waking import Side, Woken, WokenBot
from activities.webhook import renew_secret, secret_matches
from domain.crypto import Keyring
from models import Account, Attachment, AvitoHint, Bot, BotErrand, Copy, Dialog, Message, TelegramUpdate
from models.bot import ERRAND, BotStatus
from models.columns import unseal
from models.dialog import DialogState
from models.message import BODY, SOURCE, Author, Delivery, Direction
from tests.activities.front import BOT_TOKEN, Front
from tests.activities.rows import dump

GROUP, TOPIC = -1001000000001, 7
SENT_AT = 1_790_000_000
_ids = count(500_000)


@pytest.fixture
async def bot(front: Front) -> Bot:
    return await front.new_bot(group_chat_id=GROUP)


@pytest.fixture
async def account(front: Front, bot: Bot) -> Account:
    return await front.new_account(bot)


@pytest.fixture
async def dialog(front: Front, account: Account) -> Dialog:
    return await front.new_dialog(account, telegram_chat_id=GROUP, telegram_topic_id=TOPIC)


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


async def take(front: Front, bot: Bot, raw: dict[str, Any]) -> list[Woken | WokenBot]:
    """Twice, as Telegram repeats what it heard no answer to: the second time changes nothing and wakes nobody."""
    woken = await front.inbox.take_update(bot, raw)
    before = await dump(front.sessions)
    assert await front.inbox.take_update(bot, raw) == []
    assert await dump(front.sessions) == before
    return woken


async def only_message(front: Front) -> tuple[Message, dict[str, Any]]:
    [message] = await front.rows(Message)
    return message, unseal(front.keyring, BODY, message.body_sealed)


async def test_a_reply_in_a_topic_waits_for_its_conversation(front: Front, bot: Bot, dialog: Dialog) -> None:
    woken = await take(front, bot, update(text="Да, продаётся", reply_to_message=reply(38)))
    assert woken == [Woken(dialog.avito_account_id, dialog.avito_dialog_id, Side.STAFF)]
    message, body = await only_message(front)
    assert body == {"text": "Да, продаётся", "from_id": 501, "from_name": "Анна"}
    assert (message.dialog_id, message.kind, message.source_key) == (dialog.id, "text", f"telegram:{GROUP}:40")
    assert (message.direction, message.author, message.status) == (Direction.TELEGRAM, Author.STAFF, Delivery.PENDING)
    assert (message.telegram_chat_id, message.telegram_message_id, message.reply_to_telegram_id) == (GROUP, 40, 38)
    assert (message.created_at, message.received_at) == (datetime.fromtimestamp(SENT_AT, UTC), front.clock())
    [copy] = await front.rows(Copy)
    assert (copy.chat_id, copy.telegram_message_id, copy.message_id) == (GROUP, 40, message.id)


def reply(message_id: int) -> dict[str, Any]:
    return {"message_id": message_id, "date": SENT_AT, "chat": {"id": GROUP, "type": "supergroup"}, "text": "…"}


async def test_words_and_names_are_sealed_in_the_rows(front: Front, bot: Bot, dialog: Dialog) -> None:
    await take(front, bot, update(text="Тайное слово"))
    everything = repr(await dump(front.sessions))
    assert "Тайное" not in everything
    assert "Анна" not in everything


async def test_messages_keep_their_order(front: Front, bot: Bot, dialog: Dialog) -> None:
    for number in range(1, 6):
        await front.inbox.take_update(bot, update(text=str(number), message_id=number))
    messages = sorted(await front.rows(Message), key=lambda message: message.number)
    assert [unseal(front.keyring, BODY, message.body_sealed)["text"] for message in messages] == list("12345")


async def test_the_same_update_at_the_same_moment_is_taken_once(front: Front, bot: Bot, dialog: Dialog) -> None:
    raw = update()
    woken = await asyncio.gather(*(front.inbox.take_update(bot, raw) for _ in range(8)))
    assert sum(map(len, woken)) == 1
    assert len(await front.rows(Message)) == len(await front.rows(TelegramUpdate)) == 1


async def test_a_message_that_comes_under_a_second_update_id_is_stored_once(
    front: Front, bot: Bot, dialog: Dialog
) -> None:
    await take(front, bot, update(message_id=41))
    assert await take(front, bot, update(message_id=41)) == []
    assert len(await front.rows(Message)) == 1


async def test_a_photo_keeps_where_its_bytes_are(front: Front, bot: Bot, dialog: Dialog) -> None:
    photo = [
        {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 60, "file_size": 900},
        {"file_id": "large", "file_unique_id": "l", "width": 1280, "height": 853, "file_size": 90_000},
    ]
    await take(front, bot, update(photo=photo, caption="Вот он", media_group_id="12345"))
    message, body = await only_message(front)
    assert (message.kind, message.album, body["text"]) == ("image", "12345", "Вот он")
    [file] = await front.rows(Attachment)
    assert (file.message_id, file.ordinal, file.kind, file.size) == (message.id, 0, "image", 90_000)
    assert file.source_sealed is not None
    assert unseal(front.keyring, SOURCE, file.source_sealed)["file_id"] == "large"


def document(mime: str, name: str = "foto") -> dict[str, Any]:
    return {"document": {"file_id": "f", "file_unique_id": "u", "mime_type": mime, "file_name": name, "file_size": 5}}


def sticker(**more: bool) -> dict[str, Any]:
    flat = {"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 512, "height": 512, "emoji": "👍"}
    return {"sticker": flat | {"is_animated": False, "is_video": False} | more}


@pytest.mark.parametrize(
    ("content", "kind", "files"),
    [
        (document("image/png"), "image", 1),
        (document("image/webp"), "image", 1),
        (document("application/pdf"), "unsupported", 0),
        (sticker(), "sticker", 1),
        (sticker(is_animated=True), "unsupported", 0),
        ({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 2}}, "unsupported", 0),
        ({"contact": {"phone_number": "+79160000000", "first_name": "Иван"}}, "contact", 0),
        ({"location": {"latitude": 55.7, "longitude": 37.6}}, "location", 0),
        ({"something_new": {"x": 1}}, "unsupported", 0),
    ],
)
async def test_each_content_has_its_kind(
    front: Front, bot: Bot, dialog: Dialog, content: dict[str, Any], kind: str, files: int
) -> None:
    assert len(await take(front, bot, update(**content))) == 1
    message, _ = await only_message(front)
    assert (message.kind, len(await front.rows(Attachment))) == (kind, files)


async def test_what_cannot_be_carried_is_named_as_the_refusals_name_it(front: Front, bot: Bot, dialog: Dialog) -> None:
    await take(front, bot, update(**sticker(is_animated=True)))
    _, body = await only_message(front)
    assert body["what"] == "sticker_animated"


async def test_a_place_keeps_what_its_text_is_made_of(front: Front, bot: Bot, dialog: Dialog) -> None:
    place: dict[str, Any] = {
        "location": {"latitude": 55.7, "longitude": 37.6},
        "title": "Склад",
        "address": "ул. Мира, 5",
    }
    await take(front, bot, update(venue=place, location=place["location"]))
    _, body = await only_message(front)
    assert (body["latitude"], body["longitude"]) == (55.7, 37.6)
    assert (body["title"], body["address"]) == ("Склад", "ул. Мира, 5")


async def test_a_note_stays_among_the_staff(front: Front, bot: Bot, dialog: Dialog) -> None:
    assert await take(front, bot, update(text="// клиент сложный")) == []
    message, _ = await only_message(front)
    assert (message.kind, message.status, message.settled_at) == ("note", Delivery.DELIVERED, front.clock())


async def test_a_picture_with_a_note_under_it_is_a_note(front: Front, bot: Bot, dialog: Dialog) -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 90, "height": 60}]
    assert await take(front, bot, update(photo=photo, caption="// закупка 5000")) == []
    assert (await only_message(front))[0].kind == "note"
    assert await front.rows(Attachment) == []


async def test_a_command_waits_with_its_argument(front: Front, bot: Bot, dialog: Dialog) -> None:
    raw = command("/t hello world", reply_to_message=reply(39))
    assert await take(front, bot, raw) == [Woken(dialog.avito_account_id, dialog.avito_dialog_id, Side.STAFF)]
    message, body = await only_message(front)
    assert (message.kind, body["name"], body["argument"]) == ("command", "t", "hello world")
    assert (message.status, message.reply_to_telegram_id) == (Delivery.PENDING, 39)


async def test_each_edit_of_a_message_is_an_event_of_its_own(front: Front, bot: Bot, dialog: Dialog) -> None:
    await take(front, bot, update())
    for edited_at in (SENT_AT + 5, SENT_AT + 9):
        assert len(await take(front, bot, update(kind="edited_message", text="Нет", edit_date=edited_at))) == 1
    edits = [message for message in await front.rows(Message) if message.kind == "edited"]
    assert sorted(edit.source_key for edit in edits) == [
        f"telegram:{GROUP}:40:edit:{SENT_AT + 5}",
        f"telegram:{GROUP}:40:edit:{SENT_AT + 9}",
    ]
    assert len(await front.rows(Copy)) == 1


async def test_a_closed_topic_closes_the_dialog_and_a_reopened_one_opens_it(
    front: Front, bot: Bot, dialog: Dialog
) -> None:
    await front.change(dialog, first_unanswered_at=front.clock(), auto_reply_due_at=front.clock())
    assert len(await take(front, bot, update(forum_topic_closed={}))) == 1
    row = await front.fresh(dialog)
    assert (row.state, row.topic_closed) == (DialogState.CLOSED, True)
    assert (row.first_unanswered_at, row.auto_reply_due_at) == (None, None)
    assert len(await take(front, bot, update(forum_topic_reopened={}))) == 1
    row = await front.fresh(dialog)
    assert (row.state, row.topic_closed) == (DialogState.ACTIVE, False)


async def test_a_renamed_topic_is_nobodys_business(front: Front, bot: Bot, dialog: Dialog) -> None:
    assert await take(front, bot, update(forum_topic_edited={"name": "Другое"})) == []


@pytest.mark.parametrize("place", [{"chat_id": -100999}, {"thread_id": None}, {"thread_id": 8}])
async def test_what_is_said_elsewhere_is_not_kept(
    front: Front, bot: Bot, dialog: Dialog, place: dict[str, Any]
) -> None:
    assert await take(front, bot, update(**place)) == []
    assert await front.rows(Message) == []
    assert await front.rows(BotErrand) == []


async def test_a_bot_does_not_speak_for_another_bots_dialogs(front: Front, bot: Bot, dialog: Dialog) -> None:
    other = await front.new_bot("779:sandbox-other", group_chat_id=GROUP)
    assert await take(front, other, update()) == []
    assert await front.rows(Message) == []


async def test_bots_and_garbage_are_ignored(front: Front, bot: Bot, dialog: Dialog) -> None:
    by_a_robot: dict[str, Any] = {"text": "Я бот", "from": {"id": 5, "is_bot": True, "first_name": "Робот"}}
    for raw in (
        update(**by_a_robot),
        {},
        {"update_id": "1"},
        {"update_id": 2**63},
        {"update_id": 5},
    ):
        assert await take(front, bot, raw) == []
    assert await front.rows(Message) == []


async def test_a_migrated_group_is_followed_with_all_its_topics(front: Front, bot: Bot, dialog: Dialog) -> None:
    moved = update(thread_id=None, migrate_to_chat_id=-1002)
    assert await take(front, bot, moved) == []
    assert (await front.fresh(bot)).group_chat_id == -1002
    assert (await front.fresh(dialog)).telegram_chat_id == -1002
    assert (
        await take(front, await front.fresh(bot), update(chat_id=-1002, thread_id=None, migrate_from_chat_id=GROUP))
        == []
    )
    assert len(await take(front, await front.fresh(bot), update(chat_id=-1002))) == 1


async def test_somebody_elses_migration_moves_nothing(front: Front, bot: Bot, dialog: Dialog) -> None:
    await take(front, bot, update(chat_id=-5, thread_id=None, migrate_to_chat_id=-1002))
    assert (await front.fresh(bot)).group_chat_id == GROUP


async def errand(front: Front) -> Errand:
    [row] = await front.rows(BotErrand)
    return Errand.read(unseal(front.keyring, ERRAND, row.payload_sealed))


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
    front: Front, bot: Bot, dialog: Dialog, place: dict[str, Any], thread_id: int | None
) -> None:
    assert await take(front, bot, command("/getid", **place)) == [WokenBot(bot.id)]
    assert await errand(front) == Errand(Do.ID, place.get("chat_id", GROUP), thread_id, 40)


async def test_getid_in_a_dialogs_topic_is_the_conversations(front: Front, bot: Bot, dialog: Dialog) -> None:
    assert len(await take(front, bot, command("/getid"))) == 1
    assert (await only_message(front))[1]["name"] == "getid"


def start(user_id: int = 501) -> dict[str, Any]:
    raw = command("/start", chat_id=user_id, thread_id=None)
    raw["message"]["chat"] = {"id": user_id, "type": "private", "first_name": "Анна"}
    return raw


async def test_who_starts_the_master_bot_is_given_a_way_in(front: Front) -> None:
    master = await front.new_bot(organisation_id=None)
    assert await take(front, master, start()) == [WokenBot(master.id)]
    assert await errand(front) == Errand(Do.LINK, 501)


async def test_who_starts_another_bot_is_greeted(front: Front, bot: Bot) -> None:
    assert await take(front, bot, start()) == [WokenBot(bot.id)]
    assert (await errand(front)).do is Do.HELLO


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


async def test_a_stranger_who_adds_the_bot_to_his_group_gets_a_number_and_no_more(front: Front) -> None:
    bot = await front.new_bot()
    raw = joining(-100777, "administrator", can_manage_topics=True)
    assert await take(front, bot, raw) == [WokenBot(bot.id)]
    assert await errand(front) == Errand(Do.JOINED, -100777)
    assert (await front.fresh(bot)).group_chat_id is None


async def test_a_bot_that_is_thrown_out_of_its_group_says_so_and_recovers(front: Front, bot: Bot) -> None:
    assert await take(front, bot, joining(GROUP, "kicked")) == []
    row = await front.fresh(bot)
    assert (row.status, row.status_reason) == (BotStatus.ERROR, OUT_OF_GROUP)
    await take(front, bot, joining(GROUP, "administrator", can_manage_topics=True))
    row = await front.fresh(bot)
    assert (row.status, row.status_reason) == (BotStatus.ACTIVE, None)


async def test_a_bot_that_was_switched_off_is_not_switched_on_by_its_group(front: Front, bot: Bot) -> None:
    await front.change(bot, status=BotStatus.INACTIVE)
    await take(front, bot, joining(GROUP, "administrator", can_manage_topics=True))
    assert (await front.fresh(bot)).status is BotStatus.INACTIVE


def hook(message_id: str = "m1", kind: str = "text", chat_type: str = "u2i") -> bytes:
    return (
        '{"id": "e", "version": "v3.0.0", "timestamp": 1, "payload": {"type": "message", "value": {'
        f'"id": "{message_id}", "chat_id": "u2i-1~a", "user_id": 1, "author_id": 2, "created": 1, '
        f'"type": "{kind}", "chat_type": "{chat_type}", "content": {{"text": "x"}}}}}}}}'
    ).encode()


async def test_a_webhook_of_avito_wakes_its_conversation_once(front: Front, account: Account) -> None:
    woken = await asyncio.gather(*(front.inbox.take_hook(account.id, hook()) for _ in range(5)))
    assert [one for one in woken if one] == [Woken(account.id, "u2i-1~a", Side.BUYER)]


async def test_while_a_wake_is_on_its_way_no_other_is_sent(front: Front, account: Account) -> None:
    assert await front.inbox.take_hook(account.id, hook("m1")) is not None
    assert await front.inbox.take_hook(account.id, hook("m2")) is None
    await taken(front, account)
    assert await front.inbox.take_hook(account.id, hook("m3")) is not None


async def test_a_wake_that_nobody_followed_is_sent_again(front: Front, account: Account) -> None:
    assert await front.inbox.take_hook(account.id, hook("m1")) is not None
    front.clock.advance(LOST_AFTER)
    assert await front.inbox.take_hook(account.id, hook("m2")) is not None


async def taken(front: Front, account: Account) -> None:
    """The conversation has begun to read its chat."""
    async with front.sessions.begin() as session:
        await AvitoHint.take(session, account.id, "u2i-1~a", front.clock())


async def test_a_deletion_is_news_about_a_known_message(front: Front, account: Account) -> None:
    await front.inbox.take_hook(account.id, hook())
    await taken(front, account)
    assert await front.inbox.take_hook(account.id, hook(kind="deleted")) is not None
    assert await front.inbox.take_hook(account.id, hook(kind="deleted")) is None


@pytest.mark.parametrize(
    "raw",
    [b"{}", b"", b"\xff", b"[]", b'{"payload": {}}', hook("x" * 111), hook("\\u0000"), hook(chat_type="a2u")],
)
async def test_a_probe_and_what_is_not_understood_wake_nobody(front: Front, account: Account, raw: bytes) -> None:
    before = await dump(front.sessions)
    assert await front.inbox.take_hook(account.id, raw) is None
    assert await dump(front.sessions) == before


@pytest.mark.parametrize(
    ("make", "statements"),
    [(update, 3), (lambda: update(**sticker()), 4), (lambda: update(thread_id=None), 0)],
)
async def test_an_update_costs_few_statements(
    front: Front, bot: Bot, dialog: Dialog, make: Callable[[], dict[str, Any]], statements: int
) -> None:
    engine = front.sessions.kw["bind"].sync_engine
    done: list[str] = []

    def note(*args: object) -> None:
        done.append(str(args[2]))

    event.listen(engine, "before_cursor_execute", note)
    await front.inbox.take_update(bot, make())
    event.remove(engine, "before_cursor_execute", note)
    assert len(done) == statements


async def test_updates_of_the_sandbox_arrive_through_the_webhook(front: Front, account: Account, bot: Bot) -> None:
    group = await front.new_group(bot)
    thread = (await front.post(f"/groups/{group}/topics", name="Велосипед"))["thread_id"]
    dialog = await front.new_dialog(account, telegram_chat_id=group, telegram_topic_id=thread)
    await front.bot_activities.keep(bot.id)
    await front.fault("telegram", "duplicate-hooks")
    await front.post(f"/groups/{group}/topics/{thread}/messages", text="Да, продаётся")
    await front.world.hooks.settled()
    assert front.woken == [(account.id, dialog.avito_dialog_id, Side.STAFF)]
    _, body = await only_message(front)
    assert body["text"] == "Да, продаётся"
    assert front.world.journal.violations() == []


async def test_only_the_secret_of_the_row_opens_the_door(front: Front, bot: Bot, keyring: Keyring) -> None:
    assert not secret_matches(keyring, bot, "")
    secret = renew_secret(keyring, bot)
    assert secret_matches(keyring, bot, secret)
    for wrong in ("", "-", secret[:-1], secret + "x", "секрет", "\udc80", BOT_TOKEN):
        assert not secret_matches(keyring, bot, wrong)
    assert not secret_matches(keyring, None, "-")
    renew_secret(keyring, bot)
    assert not secret_matches(keyring, bot, secret)
