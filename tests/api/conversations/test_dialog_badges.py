"""Dialogs that somebody has to look at: the buyer waits for a person, or something did not get to him."""

from datetime import timedelta
from typing import Any

from domain.conversations.content import Kind
from domain.kernel.clock import utc_now
from models.channels.bot import BotStatus
from models.conversations.dialog import DialogState
from models.conversations.message import Author, Delivery, Direction
from tests.api.conversation_factories import make_account, make_bot, make_dialog, make_message
from tests.api.conversations.test_dialogs import DIALOGS, titles, walk
from tests.api.onboarding_steps import good
from tests.api.shared_api import Staff

NONE = {"active": 0, "unanswered": 0, "failed": 0, "stuck": 0}
FARES: Any = ({}, {"failing_since": utc_now()}, {"status": BotStatus.ERROR})
"""Of a bot that works, one without an answer of Telegram, one that is refused."""

OURS: Any = {"direction": Direction.TELEGRAM, "author": Author.STAFF}


async def test_unanswered_and_failed_dialogs_are_listed_and_counted(owner: Staff, stranger: Staff) -> None:
    account, now = await make_account(owner), utc_now()
    assert good(await owner.http.get(f"{DIALOGS}/counts")) == NONE
    await make_dialog(owner, account, title="Ждёт", first_unanswered_at=now)
    await make_dialog(owner, account, title="Тихо")
    closed = await make_dialog(
        owner, account, title="Закрыт", state=DialogState.CLOSED, first_unanswered_at=now, last_message_at=now
    )
    failed = await make_dialog(owner, account, title="Не дошло", first_unanswered_at=now - timedelta(hours=1))
    for dialog in (failed, failed, closed):
        await make_message(owner, dialog, "Да", status=Delivery.FAILED, **OURS)
    assert set(await titles(owner.http, unanswered="true")) == {"Ждёт", "Не дошло"}
    assert await titles(owner.http, failed="true") == ["Не дошло"]
    assert await titles(owner.http, failed="true", unanswered="true", q="дошло") == ["Не дошло"]
    assert await titles(owner.http, failed="true", state="closed") == ["Закрыт"]
    assert len(await titles(owner.http, unanswered="false", failed="false")) == 4
    assert good(await owner.http.get(f"{DIALOGS}/counts")) == NONE | {"active": 3, "unanswered": 2, "failed": 1}
    assert good(await stranger.http.get(f"{DIALOGS}/counts")) == NONE


async def test_only_what_a_buyer_should_have_got_counts_as_failed(owner: Staff) -> None:
    dialog = await make_dialog(owner)
    await make_message(owner, dialog, "не показано", status=Delivery.FAILED)
    await make_message(owner, dialog, "скрыто", status=Delivery.FAILED, hidden=True, **OURS)
    await make_message(owner, dialog, "/close", status=Delivery.FAILED, kind="command", **OURS)
    await make_message(owner, dialog, "служебное", status=Delivery.FAILED, kind=Kind.NOTICE, **OURS)
    assert await titles(owner.http, failed="true") == []
    assert good(await owner.http.get(f"{DIALOGS}/counts"))["failed"] == 0


async def test_pages_of_the_unanswered_hold_every_one_of_them_once(owner: Staff) -> None:
    account, now = await make_account(owner), utc_now()
    made = set()
    for number in range(5):
        at = now - timedelta(minutes=number)
        dialog = await make_dialog(owner, account, first_unanswered_at=at, last_message_at=at)
        await make_dialog(owner, account, last_message_at=at)
        made.add(str(dialog.id))
    pages = await walk(owner.http, DIALOGS, unanswered="true", limit=2)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {one["id"] for page in pages for one in page} == made


async def test_a_message_that_waits_for_its_topic_is_stuck_at_once_if_the_bot_fails_else_after_a_minute(
    owner: Staff, stranger: Staff
) -> None:
    now = utc_now()
    fine, failing, refused = [await make_account(owner, await make_bot(owner, **values)) for values in FARES]
    for title, account, seconds in (
        ("Только что", fine, 5),
        ("Давно", fine, 90),
        ("Telegram молчит", failing, 5),
        ("Группа не пускает", refused, 5),
    ):
        dialog = await make_dialog(owner, account, title=title)
        await make_message(owner, dialog, "Ещё продаётся?", received_at=now - timedelta(seconds=seconds))
    await make_dialog(owner, failing, title="Ничего не ждёт")
    expected = {"Давно", "Telegram молчит", "Группа не пускает"}
    assert set(await titles(owner.http, stuck="true")) == expected
    listed = good(await owner.http.get(DIALOGS))
    assert {one["title"] for one in listed if one["stuck_since"] is not None} == expected
    for one in listed:
        shown = good(await owner.http.get(f"{DIALOGS}/{one['id']}"))["dialog"]
        assert shown["stuck_since"] == one["stuck_since"]
    assert good(await owner.http.get(f"{DIALOGS}/counts"))["stuck"] == 3
    assert good(await stranger.http.get(f"{DIALOGS}/counts")) == NONE


async def test_only_what_a_topic_should_show_is_stuck(owner: Staff) -> None:
    account = await make_account(owner, await make_bot(owner, status=BotStatus.ERROR, failing_since=utc_now()))
    dialog = await make_dialog(owner, account)
    await make_message(owner, dialog, "показано", settled_at=utc_now())
    await make_message(owner, dialog, "скрыто", hidden=True)
    await make_message(owner, dialog, "служебное", kind=Kind.NOTICE)
    await make_message(owner, dialog, "ещё не ушло", **OURS)
    gone = await make_account(owner, await make_bot(owner, status=BotStatus.ERROR), deleted_at=utc_now())
    await make_message(owner, await make_dialog(owner, gone), "аккаунт удалён")
    assert await titles(owner.http, stuck="true") == []
    assert good(await owner.http.get(f"{DIALOGS}/counts"))["stuck"] == 0
