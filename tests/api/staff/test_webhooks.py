"""Webhooks: only who knows the secret is heard, what is heard is kept before it is answered, and somebody is woken."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from activities.webhook import renew_secret
from api.app import create_app
from models import Account, AvitoHint, Bot, Dialog, Message
from models.dialog_list import messages_after
from settings import Settings
from tests.api.conftest import ADDRESS, Staff, World
from tests.api.staff.conftest import make_account, make_bot, make_dialog
from tests.api.test_outages import silence
from tests.api.walk import good
from workflows.names import bot_id, conversation_id

assert silence
TOPIC = 17
PROOF = "X-Telegram-Bot-Api-Secret-Token"
_updates = count(1)


class Talk:
    """A dialog with a topic, and the addresses at which Telegram and Avito call about it."""

    def __init__(self, staff: Staff, bot: Bot, account: Account, dialog: Dialog, secrets: tuple[str, str]) -> None:
        self.staff, self.bot, self.account, self.dialog = staff, bot, account, dialog
        self.bot_secret, self.account_secret = secrets

    @property
    def telegram(self) -> str:
        return f"/api/webhooks/telegram/{self.bot.id}/{self.bot_secret}"

    @property
    def avito(self) -> str:
        return f"/api/webhooks/avito/{self.account.id}/{self.account_secret}"

    def update(self, text: str | None = "Да, продаётся", **message: Any) -> dict[str, Any]:
        number = next(_updates)
        said = {
            "message_id": number,
            "message_thread_id": TOPIC,
            "is_topic_message": True,
            "date": 1_790_000_000,
            "chat": {"id": self.bot.group_chat_id, "type": "supergroup", "title": "Продажи", "is_forum": True},
            "from": {"id": 7, "is_bot": False, "first_name": "Анна"},
            "text": text,
        }
        return {"update_id": number, "message": said | message}

    def hook(self) -> dict[str, Any]:
        value = {
            "id": uuid4().hex,
            "chat_id": self.dialog.avito_dialog_id,
            "user_id": self.account.avito_user_id,
            "author_id": 5,
            "created": 1_790_000_000,
            "type": "text",
            "chat_type": "u2i",
            "content": {"text": "Торг уместен?"},
        }
        return {"id": uuid4().hex, "version": "v3.0.0", "payload": {"type": "message", "value": value}}

    async def read(self) -> None:
        """The workflow has begun to read the chat."""
        async with self.staff.world.sessions.begin() as session:
            await AvitoHint.take(session, self.account.id, self.dialog.avito_dialog_id, self.staff.world.context.now())

    async def messages(self) -> list[Message]:
        async with self.staff.world.sessions() as session:
            return list(await messages_after(session, self.dialog.id, -1, 100))

    @property
    def workflow(self) -> WorkflowHandle[Any, Any]:
        temporal = self.staff.world.context.temporal
        return temporal.get_workflow_handle(conversation_id(self.account.id, self.dialog.avito_dialog_id))


@pytest.fixture
async def talk(owner: Staff) -> Talk:
    return await talk_of(owner)


async def talk_of(owner: Staff, group: int | None = None, topic: int = TOPIC) -> Talk:
    keyring = owner.world.context.keyring
    bot = await make_bot(owner, **({} if group is None else {"group_chat_id": group}))
    account = await make_account(owner, bot)
    dialog = await make_dialog(owner, account, telegram_chat_id=bot.group_chat_id, telegram_topic_id=topic)
    async with owner.world.sessions.begin() as session:
        bot_secret = renew_secret(keyring, await session.get_one(Bot, bot.id))
        account_secret = renew_secret(keyring, await session.get_one(Account, account.id))
    return Talk(owner, bot, account, dialog, (bot_secret, account_secret))


async def signalled(handle: WorkflowHandle[Any, Any], signals: int) -> list[str]:
    """What each of that many signals said."""
    async with asyncio.timeout(10):
        while True:
            try:
                events = [event async for event in handle.fetch_history_events()]
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                events = []
            found = [event for event in events if event.HasField("workflow_execution_signaled_event_attributes")]
            if len(found) >= signals:
                return [event.workflow_execution_signaled_event_attributes.signal_name for event in found]
            await asyncio.sleep(0.02)


async def test_what_staff_write_in_a_topic_is_kept_and_wakes_its_conversation(talk: Talk) -> None:
    async with talk.staff.world.http() as http:
        assert good(await http.post(talk.telegram, json=talk.update())) == {"ok": True}
    (message,) = await talk.messages()
    assert (message.author, message.status, message.direction) == ("staff", "pending", "telegram")
    assert await signalled(talk.workflow, 1) == ["wake"]


async def test_an_update_that_comes_many_times_is_one_message(talk: Talk) -> None:
    update = talk.update()
    async with talk.staff.world.http() as http:
        answers = await asyncio.gather(*(http.post(talk.telegram, json=update) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert len(await talk.messages()) == 1


async def test_a_command_outside_of_conversations_wakes_the_bot(talk: Talk) -> None:
    update = talk.update("/getid", entities=[{"type": "bot_command", "offset": 0, "length": 6}])
    for name in ("message_thread_id", "is_topic_message"):
        del update["message"][name]
    async with talk.staff.world.http() as http:
        good(await http.post(talk.telegram, json=update))
    handle = talk.staff.world.context.temporal.get_workflow_handle(bot_id(talk.bot.id))
    assert await signalled(handle, 1) == ["woken"]


async def test_a_hint_of_avito_wakes_the_conversation_once(talk: Talk) -> None:
    hook = talk.hook()
    async with talk.staff.world.http() as http:
        for _ in range(3):
            assert good(await http.post(talk.avito, json=hook)) == {"ok": True}
            await signalled(talk.workflow, 1)
        await talk.read()
        good(await http.post(talk.avito, json=talk.hook()))
    assert await signalled(talk.workflow, 2) == ["wake", "wake"]
    assert await talk.messages() == []


async def test_the_probe_of_avito_is_answered_whatever_it_is_said_to_be(talk: Talk) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with talk.staff.world.http() as http:
        assert good(await http.post(talk.avito, content=b"{}", headers=headers)) == {"ok": True}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'"text"',
        b"[" * 100_000,
        b'{"update_id": 1e999}',
        b'{"update_id": ' + b"9" * 5000 + b"}",
        b'{"update_id": -1, "message": 5}',
        b'{"update_id": 10000000000000000000000, "message": {}}',
        b'{"update_id": 1, "message": {"text": "\\ud800\\u0000"}}',
        b'{"payload": {"type": "message", "value": {"id": "\\u0000", "chat_id": "\\ud800"}}}',
        b'{"payload": {"type": "message", "value": []}}',
    ],
    ids=lambda content: repr(content[:60]),
)
async def test_what_nobody_can_read_is_not_asked_for_again(talk: Talk, content: bytes) -> None:
    async with talk.staff.world.http() as http:
        for path in (talk.telegram, talk.avito):
            assert good(await http.post(path, content=content)) == {"ok": True}


async def test_signs_that_no_column_can_hold_do_not_stop_a_message(talk: Talk) -> None:
    async with talk.staff.world.http() as http:
        content = (
            b'{"update_id": %d, "message": {"message_id": 999, "message_thread_id": 17, "is_topic_message": true,'
            b'"date": 1790000000, "chat": {"id": %d, "type": "supergroup", "title": "A", "is_forum": true},'
            b'"from": {"id": 7, "is_bot": false, "first_name": "A"}, "text": "a\\u0000b\\ud800"}}'
        )
        good(await http.post(talk.telegram, content=content % (next(_updates), talk.bot.group_chat_id)))
    assert len(await talk.messages()) == 1


async def test_who_does_not_know_the_secret_is_told_nothing(talk: Talk) -> None:
    wrong = [
        talk.telegram + "x",
        f"/api/webhooks/telegram/{talk.bot.id}/-",
        f"/api/webhooks/telegram/{uuid4()}/{talk.bot_secret}",
        f"/api/webhooks/telegram/nobody/{talk.bot_secret}",
        f"/api/webhooks/telegram/{talk.bot.id}/{talk.account_secret}",
        talk.avito + "x",
        f"/api/webhooks/avito/{uuid4()}/{talk.account_secret}",
        f"/api/webhooks/avito/{talk.account.id}/%00",
        f"/api/webhooks/avito/{talk.bot.id}/{talk.bot_secret}",
    ]
    async with talk.staff.world.http() as http:
        for path in wrong:
            refused = await http.post(path, json=talk.update())
            assert refused.status_code == 404
            assert refused.json() == {
                "instance": "/api/webhooks",
                "type": "urn:privet:problem:not-found",
                "title": "Не найдено",
                "status": 404,
                "detail": "По этому адресу ничего нет.",
                "code": "not-found",
            }
    assert await talk.messages() == []


async def test_the_secret_in_the_header_must_be_the_one_in_the_address(talk: Talk) -> None:
    async with talk.staff.world.http() as http:
        refused = await http.post(talk.telegram, json=talk.update(), headers={PROOF: "another"})
        assert refused.status_code == 404
        good(await http.post(talk.telegram, json=talk.update(), headers={PROOF: talk.bot_secret}))
    assert len(await talk.messages()) == 1


async def test_a_bot_without_a_webhook_and_one_that_was_let_go_hear_nothing(talk: Talk, owner: Staff) -> None:
    fresh = await make_bot(owner)
    async with owner.world.http() as http:
        for secret in ("", "-", "None"):
            assert (await http.post(f"/api/webhooks/telegram/{fresh.id}/{secret}", json={})).status_code == 404
        await owner.http.delete(f"/api/avito/accounts/{talk.account.id}")
        await owner.http.delete(f"/api/bots/{talk.bot.id}")
        assert (await http.post(talk.telegram, json=talk.update())).status_code == 404
        assert (await http.post(talk.avito, json=talk.hook())).status_code == 404


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
async def test_a_body_above_a_megabyte_is_refused(talk: Talk, kind: str) -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * 65536

    async with talk.staff.world.http() as http:
        refused = await http.post(talk.telegram, content=body(), headers={"Content-Type": kind})
    assert (refused.status_code, refused.json()["code"]) == (413, "too-large")
    assert talk.bot_secret not in refused.text


@asynccontextmanager
async def api(settings: Settings, **changes: object) -> AsyncIterator[AsyncClient]:
    app = create_app(settings.model_copy(update=changes))
    async with app.router.lifespan_context(app), AsyncClient(transport=ASGITransport(app), base_url=ADDRESS) as http:
        yield http


async def test_without_temporal_an_update_is_kept_and_answered(
    talk: Talk, api_settings: Settings, silence: str
) -> None:
    async with api(api_settings, temporal_address=silence) as http:
        good(await http.post(talk.telegram, json=talk.update()))
        good(await http.post(talk.avito, json=talk.hook()))
        assert len(await talk.messages()) == 1


async def test_without_the_database_telegram_is_asked_to_say_it_again(
    talk: Talk, api_settings: Settings, silence: str
) -> None:
    secret = type(api_settings.database_url)(f"postgresql+asyncpg://nobody:nothing@{silence}/none")
    async with api(api_settings, database_url=secret) as http:
        for path in (talk.telegram, talk.avito):
            refused = await http.post(path, json=talk.update())
            assert refused.status_code == 503
            assert path.rpartition("/")[2] not in refused.text


async def test_no_secret_is_in_the_log(talk: Talk, world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with world.http() as http:
        await http.post(talk.telegram, json=talk.update("Слова менеджера"))
        await http.post(talk.avito, json=talk.hook())
    ours = [record for record in caplog.records if record.name.startswith("privet")]
    logged = str([vars(record) for record in ours])
    assert "/api/webhooks/telegram/{bot_id}/{secret}" in logged
    for word in (talk.bot_secret, talk.account_secret, "Слова менеджера", "Торг уместен"):
        assert word not in logged


HUGE = 2**70
ODD: list[dict[str, Any]] = [
    {"message_id": HUGE},
    {"message_id": -HUGE},
    {"message_thread_id": HUGE},
    {"date": HUGE},
    {"date": -(2**50)},
    {"date": 10**13},
    {"chat": {"id": HUGE, "type": "supergroup"}},
    {"from": {"id": HUGE, "is_bot": False, "first_name": "А"}},
    {"from": {"id": 7, "is_bot": False, "first_name": ""}},
    {"text": "а" * 100_000},
    {"text": "/" + "к" * 9000},
    {"text": "/getid@" + "x" * 9000},
    {"text": "😀" * 5000, "entities": [{"type": "text_link", "offset": 3, "length": 10**9, "url": "https://a.ru"}]},
    {"text": "да", "entities": [{"type": "text_link", "offset": -7, "length": 1, "url": "https://a.ru"}]},
    {"text": "да", "entities": [{"type": "text_link", "offset": HUGE, "length": HUGE, "url": "https://a.ru"}]},
    {"reply_to_message": {"message_id": HUGE, "date": 1, "chat": {"id": 1, "type": "private"}}},
    {"media_group_id": "x" * 5000},
    {"text": None, "document": {"file_id": "a" * 9000, "file_unique_id": "u", "file_name": "и" * 9000, "file_size": 1}},
    {"text": None, "photo": [{"file_id": "a", "file_unique_id": "u", "width": HUGE, "height": 1, "file_size": HUGE}]},
    {"text": None, "photo": []},
    {"text": None, "document": {"file_id": "a", "file_unique_id": "u", "mime_type": "image/png", "file_size": HUGE}},
    {"text": None, "location": {"latitude": 1e308, "longitude": float("nan")}},
    {"text": None, "contact": {"phone_number": "1" * 9000, "first_name": "А"}},
    {"text": None, "sticker": {"file_id": "a", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1}},
    {"migrate_to_chat_id": HUGE},
    {"migrate_to_chat_id": "x"},
    {"migrate_from_chat_id": -HUGE},
    {"forum_topic_closed": {}, "text": None},
    {"new_kind_of_content": {"a": [1]}, "text": None},
    {"from": None, "sender_chat": {"id": HUGE, "type": "channel"}},
]


@pytest.mark.parametrize("message", ODD, ids=lambda message: str(message)[:50])
async def test_nothing_that_an_update_may_hold_is_our_failure(talk: Talk, message: dict[str, Any]) -> None:
    update = talk.update(**message)
    edit = {"update_id": next(_updates), "edited_message": {**update["message"], "edit_date": 1_790_000_001}}
    async with talk.staff.world.http() as http:
        for one in (update, edit, {**edit, "update_id": HUGE}, {**update, "update_id": True}):
            assert good(await http.post(talk.telegram, content=json.dumps(one))) == {"ok": True}


@pytest.mark.parametrize(
    "value",
    [
        {"chat_id": "u2i-\ud800"},
        {"id": "\udfff"},
        {"chat_id": "u2i\0"},
        {"chat_id": "ж" * 111},
        {"id": HUGE, "chat_id": HUGE},
        {"user_id": HUGE, "author_id": HUGE, "created": HUGE},
        {"user_id": None},
        {"type": "deleted"},
        {"type": "x" * 9000, "chat_type": "\ud800"},
    ],
    ids=lambda value: repr(value)[:50],
)
async def test_nothing_that_a_hook_may_hold_is_our_failure(talk: Talk, value: dict[str, Any]) -> None:
    hook = talk.hook()
    hook["payload"]["value"] |= value
    async with talk.staff.world.http() as http:
        assert good(await http.post(talk.avito, content=json.dumps(hook))) == {"ok": True}


async def groups_of(talk: Talk) -> tuple[int | None, int | None]:
    """Where the bot and the dialog stand."""
    async with talk.staff.world.sessions() as session:
        bot, dialog = await session.get_one(Bot, talk.bot.id), await session.get_one(Dialog, talk.dialog.id)
    return bot.group_chat_id, dialog.telegram_chat_id


async def test_a_moved_group_takes_its_dialogs_along(talk: Talk) -> None:
    new = (talk.bot.group_chat_id or 0) - 10**12
    async with talk.staff.world.http() as http:
        good(await http.post(talk.telegram, json=talk.update(text=None, migrate_to_chat_id=new)))
    assert await groups_of(talk) == (new, new)


async def test_nobody_moves_another_organisations_group(talk: Talk, stranger: Staff) -> None:
    """Who has a bot can ask Telegram for its address here, and call it with updates that nobody sent."""
    theirs, before = await talk_of(stranger, talk.bot.group_chat_id or 0, topic=TOPIC + 1), await groups_of(talk)
    async with talk.staff.world.http() as http:
        good(await http.post(theirs.telegram, json=theirs.update(text=None, migrate_to_chat_id=-77)))
    assert await groups_of(talk) == before
    assert await groups_of(theirs) == (-77, -77)


async def test_nobody_moves_his_dialogs_into_another_organisations_group(talk: Talk, stranger: Staff) -> None:
    theirs = await talk_of(stranger, -(10**9) - next(_updates), topic=TOPIC + 1)
    before = await groups_of(theirs)
    async with talk.staff.world.http() as http:
        update = theirs.update(text=None, migrate_to_chat_id=talk.bot.group_chat_id)
        good(await http.post(theirs.telegram, json=update))
    assert await groups_of(theirs) == before
