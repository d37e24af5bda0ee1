"""An oddity in what a webhook is given is never our failure."""

import json
from typing import Any

import pytest

from tests.api.channels.webhooks.dialog_webhooks import DialogWebhooks, _updates
from tests.api.onboarding_steps import good


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
async def test_what_nobody_can_read_is_not_asked_for_again(webhooks: DialogWebhooks, content: bytes) -> None:
    async with webhooks.http() as http:
        for path in (webhooks.telegram, webhooks.avito):
            assert good(await http.post(path, content=content)) == {"ok": True}


async def test_signs_that_no_column_can_hold_do_not_stop_a_message(webhooks: DialogWebhooks) -> None:
    async with webhooks.http() as http:
        content = (
            b'{"update_id": %d, "message": {"message_id": 999, "message_thread_id": 17, "is_topic_message": true,'
            b'"date": 1790000000, "chat": {"id": %d, "type": "supergroup", "title": "A", "is_forum": true},'
            b'"from": {"id": 7, "is_bot": false, "first_name": "A"}, "text": "a\\u0000b\\ud800"}}'
        )
        good(await http.post(webhooks.telegram, content=content % (next(_updates), webhooks.bot.group_chat_id)))
    assert len(await webhooks.messages()) == 1


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
async def test_nothing_that_an_update_may_hold_is_our_failure(
    webhooks: DialogWebhooks, message: dict[str, Any]
) -> None:
    update = webhooks.update(**message)
    edit = {"update_id": next(_updates), "edited_message": {**update["message"], "edit_date": 1_790_000_001}}
    async with webhooks.http() as http:
        for one in (update, edit, {**edit, "update_id": HUGE}, {**update, "update_id": True}):
            assert good(await http.post(webhooks.telegram, content=json.dumps(one))) == {"ok": True}


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
async def test_nothing_that_a_hook_may_hold_is_our_failure(webhooks: DialogWebhooks, value: dict[str, Any]) -> None:
    hook = webhooks.hook()
    hook["payload"]["value"] |= value
    async with webhooks.http() as http:
        assert good(await http.post(webhooks.avito, content=json.dumps(hook))) == {"ok": True}
