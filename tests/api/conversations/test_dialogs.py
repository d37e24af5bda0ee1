"""Dialogs: found, read in their order, answered once, closed and opened again."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient

from domain.conversations.content import Kind
from domain.kernel.clock import utc_now
from models import Dialog, Message
from models.conversations.dialog import DialogState
from models.conversations.dialog_list import messages_after
from models.conversations.message import BODY, Author, Delivery, Direction
from models.kernel.columns import unseal
from tests import factories
from tests.api.conversation_factories import make_account, make_attachment, make_dialog, make_message
from tests.api.onboarding_steps import good
from tests.api.shared_api import Staff

DIALOGS = "/api/dialogs"


async def titles(http: AsyncClient, **query: Any) -> list[str]:
    return [one["title"] for one in good(await http.get(f"{DIALOGS}/", params=query))]


async def walk(http: AsyncClient, path: str, **query: Any) -> list[Any]:
    """All pages, by the links."""
    answer = await http.get(path, params=query)
    pages = [good(answer)]
    while "next" in answer.links:
        answer = await http.get(answer.links["next"]["url"])
        pages.append(good(answer))
    return pages


async def rows_of(staff: Staff, dialog: Dialog) -> list[Message]:
    async with staff.api.sessions() as session:
        return list(await messages_after(session, dialog.id, -1, 1000))


async def test_the_dialog_with_the_newest_message_stands_first(owner: Staff) -> None:
    now, account = utc_now(), await make_account(owner)
    for title, minutes in (("Второй", 2), ("Третий", 3), ("Первый", 1)):
        await make_dialog(owner, account, title=title, last_message_at=now - timedelta(minutes=minutes))
    assert await titles(owner.http) == ["Первый", "Второй", "Третий"]


async def test_pages_hold_every_dialog_once(owner: Staff) -> None:
    now, account = utc_now(), await make_account(owner)
    moments = [now, now, now - timedelta(hours=1), None, None, now - timedelta(hours=2), now]
    made = {str((await make_dialog(owner, account, last_message_at=at)).id) for at in moments}
    for query in ({}, {"q": "велосипед"}):
        pages = await walk(owner.http, DIALOGS, limit=2, **query)
        found = [one["id"] for page in pages for one in page]
        assert (len(found), set(found)) == (len(moments), made)
        times = [one["last_message_at"] for page in pages for one in page]
        assert times == [None, None, *sorted(filter(None, times), reverse=True)]


async def test_dialogs_are_found_by_words_state_and_account(owner: Staff) -> None:
    first, second = await make_account(owner), await make_account(owner)
    await make_dialog(owner, first, title="Велосипед Stels", buyer_name="Ольга Ёлкина")
    await make_dialog(owner, second, title="Самокат", buyer_name="Пётр", state=DialogState.CLOSED)
    assert await titles(owner.http, q="елкина") == ["Велосипед Stels"]
    assert await titles(owner.http, q="велосипде") == ["Велосипед Stels"]
    assert await titles(owner.http, q="пётр самокат") == ["Самокат"]
    assert await titles(owner.http, q="100% _") == []
    assert await titles(owner.http, state="closed") == ["Самокат"]
    assert await titles(owner.http, account_id=str(first.id)) == ["Велосипед Stels"]
    assert await titles(owner.http, account_id=str(uuid4())) == []


async def test_a_dialog_is_read_from_its_beginning_without_what_is_internal(owner: Staff) -> None:
    dialog = await make_dialog(owner)
    await make_message(owner, dialog, "Здравствуйте!")
    for kind in ("note", "command", "edited", "unsupported"):
        await make_message(owner, dialog, "внутреннее", kind=kind, direction=Direction.TELEGRAM, author=Author.STAFF)
    await make_message(owner, dialog, "казино", hidden=True)
    photo = await make_message(owner, dialog, "", kind="image", deleted_at=utc_now())
    await make_attachment(owner, photo, ordinal=1, kind="image", storage_key=None)
    await make_attachment(owner, photo, storage_key="dialogs/photo.jpg", content_type="image/jpeg", size=5)
    await make_message(
        *(owner, dialog, "Добрый день"),
        direction=Direction.TELEGRAM,
        author=Author.AUTO,
        status=Delivery.FAILED,
        failure="Avito отказал",
        is_auto_reply=True,
    )
    shown = good(await owner.http.get(f"{DIALOGS}/{dialog.id}"))
    assert shown["dialog"]["avito_dialog_id"] == dialog.avito_dialog_id
    first, second, third = shown["messages"]
    assert (first["body"], first["direction"], first["author"]) == ("Здравствуйте!", "avito", "buyer")
    assert (second["deleted"], [one["size"] for one in second["attachments"]]) == (True, [5, None])
    assert [one["url"] is not None for one in second["attachments"]] == [True, False]
    assert (third["status"], third["failure"], third["is_auto_reply"]) == ("failed", "Avito отказал", True)


async def test_a_file_that_the_topic_has_not_got_is_marked(owner: Staff) -> None:
    dialog = await make_dialog(owner)
    given_up = await make_message(owner, dialog, "", kind="voice", settled_at=utc_now())
    await make_attachment(owner, given_up, kind="voice", missing_at=utc_now())
    late = await make_message(owner, dialog, "", kind="image", file_due_at=utc_now())
    await make_attachment(owner, late, kind="image")
    came = await make_message(owner, dialog, "", kind="image", file_due_at=utc_now(), settled_at=utc_now())
    await make_attachment(owner, came, kind="image")
    shown = good(await owner.http.get(f"{DIALOGS}/{dialog.id}"))
    assert [one["attachments"][0]["missing"] for one in shown["messages"]] == [True, True, False]


async def test_a_long_dialog_is_read_page_by_page_backwards(owner: Staff) -> None:
    dialog = await make_dialog(owner)
    for number in range(205):
        await make_message(owner, dialog, str(number))
    pages = await walk(owner.http, f"{DIALOGS}/{dialog.id}")
    bodies = [[one["body"] for one in page["messages"]] for page in pages]
    assert bodies == [[str(number) for number in range(5, 205)], [str(number) for number in range(5)]]
    refused = await owner.http.get(f"{DIALOGS}/{dialog.id}", params={"before": "x"})
    assert (refused.status_code, refused.json()["errors"][0]["loc"]) == (422, ["query", "before"])


async def test_another_organisations_dialog_is_not_there(owner: Staff, stranger: Staff) -> None:
    dialog = await make_dialog(owner)
    path = f"{DIALOGS}/{dialog.id}"
    answers = [
        await stranger.http.get(path),
        await stranger.http.get(f"{path}/export"),
        await stranger.http.post(f"{path}/messages", json={"text": "Привет"}),
        *[await stranger.http.post(f"{path}/{verb}") for verb in ("close", "reopen", "retry")],
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert await titles(stranger.http) == []
    assert await rows_of(owner, dialog) == []


async def test_a_reply_is_kept_at_once_and_waits_for_its_turn(owner: Staff) -> None:
    dialog, manager = await make_dialog(owner), await owner.colleague(can_onboard=False)
    answer = await manager.http.post(f"{DIALOGS}/{dialog.id}/messages", json={"text": "  Да, продаётся.\r\nПишите! "})
    message = good(answer, 201)
    assert (message["body"], message["status"], message["author"]) == ("Да, продаётся.\nПишите!", "pending", "api")
    assert (message["direction"], message["is_auto_reply"], message["attachments"]) == ("telegram", False, [])
    (row,) = await rows_of(owner, dialog)
    assert (str(row.id), row.manager_id, row.kind) == (message["id"], manager.manager.id, "text")
    assert row.source_key.startswith("api:")
    assert unseal(owner.api.context.keyring, BODY, row.body_sealed) == {"text": "Да, продаётся.\nПишите!"}
    assert good(await owner.http.get(f"{DIALOGS}/{dialog.id}"))["messages"] == [message]


async def test_a_repeated_reply_is_one_message(owner: Staff) -> None:
    dialog, headers = await make_dialog(owner), {"Idempotency-Key": str(uuid4())}
    path = f"{DIALOGS}/{dialog.id}/messages"
    answers = await asyncio.gather(*(owner.http.post(path, json={"text": "Да"}, headers=headers) for _ in range(10)))
    assert len({good(answer, 201)["id"] for answer in answers}) == 1
    assert len(await rows_of(owner, dialog)) == 1
    good(await owner.http.post(path, json={"text": "Да"}), 201)
    assert len(await rows_of(owner, dialog)) == 2


@pytest.mark.parametrize(
    ("text", "status"), [("", 400), (" \n ", 400), ("я" * 4001, 422), (None, 422), (5, 422), ("а\x00б", 422)]
)
async def test_a_reply_has_words_in_it(owner: Staff, text: object, status: int) -> None:
    dialog = await make_dialog(owner)
    refused = await owner.http.post(f"{DIALOGS}/{dialog.id}/messages", json={"text": text})
    assert refused.status_code == status
    assert await rows_of(owner, dialog) == []


async def test_a_closed_dialog_takes_no_reply(owner: Staff) -> None:
    dialog = await make_dialog(owner, state=DialogState.CLOSED)
    refused = await owner.http.post(f"{DIALOGS}/{dialog.id}/messages", json={"text": "Да"})
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong-step")
    assert await rows_of(owner, dialog) == []


@pytest.mark.usefixtures("conversations")
async def test_a_dialog_is_closed_and_opened_again(owner: Staff) -> None:
    dialog, manager = await make_dialog(owner), await owner.colleague(can_onboard=False)
    path = f"{DIALOGS}/{dialog.id}"
    headers = {"Idempotency-Key": str(uuid4())}
    for _ in range(2):
        assert good(await manager.http.post(f"{path}/close", headers=headers))["state"] == "closed"
    assert await titles(owner.http, state="active") == []
    assert good(await manager.http.post(f"{path}/reopen"))["state"] == "active"
    good(await manager.http.post(f"{path}/messages", json={"text": "Снова здравствуйте"}), 201)


@pytest.mark.usefixtures("conversations")
async def test_what_failed_for_good_is_tried_again(owner: Staff) -> None:
    dialog = await make_dialog(owner)
    failed = await make_message(
        *(owner, dialog, "Да"),
        direction=Direction.TELEGRAM,
        author=Author.STAFF,
        status=Delivery.FAILED,
        failure="неизвестно, дошло ли",
    )
    good(await owner.http.post(f"{DIALOGS}/{dialog.id}/retry"))
    (row,) = await rows_of(owner, dialog)
    assert (row.id, row.status, row.failure) == (failed.id, Delivery.PENDING, None)


@pytest.mark.usefixtures("conversations")
async def test_a_chat_whose_account_is_gone_is_neither_answered_nor_closed(owner: Staff) -> None:
    account = await make_account(owner)
    dialog = await make_dialog(owner, account)
    async with owner.api.sessions.begin() as session:
        (await session.get_one(type(account), account.id)).deleted_at = utc_now()
    refused = await owner.http.post(f"{DIALOGS}/{dialog.id}/messages", json={"text": "Да"})
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong-step")
    assert (await owner.http.post(f"{DIALOGS}/{dialog.id}/close")).status_code == 404


async def test_the_operator_counts_everything_and_nobody_else_does(owner: Staff) -> None:
    assert (await owner.http.get("/api/admin/summary")).status_code == 403
    operator = await owner.colleague(is_super_admin=True)
    before = good(await operator.http.get("/api/admin/summary"))
    dialog = await make_dialog(owner)
    sent = {"direction": Direction.TELEGRAM, "author": Author.AUTO}
    await make_message(owner, dialog, "Здравствуйте")
    await make_message(owner, dialog, "Ответим утром", is_auto_reply=True, **sent)
    await make_message(owner, dialog, "Не дошло", status=Delivery.FAILED, **sent)
    await make_message(owner, dialog, "заметка", kind="note", **sent)
    await make_message(owner, dialog, "Готово, диалог закрыт", kind=Kind.NOTICE, status=Delivery.FAILED, **sent)
    await make_message(owner, dialog, "Давно", received_at=utc_now() - timedelta(days=2))
    await factories.make_manager(owner.api.sessions, organisation_id=owner.manager.organisation_id)
    after = good(await operator.http.get("/api/admin/summary"))
    grown = {name: after[name] - before[name] for name in before}
    assert grown == {
        "clients": 0,
        "users": 1,
        "bots": 1,
        "avito_accounts": 1,
        "dialogs": 1,
        "messages_24h": 3,
        "failed_24h": 1,
        "auto_replies_24h": 1,
    }
