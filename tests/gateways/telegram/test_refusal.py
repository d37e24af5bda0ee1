"""Troubles of Telegram over a real connection: what each of them means for a second try."""

import traceback

import pytest

from gateways.outcome import NotDone, Rejected, TooMany, Unauthorised, Unknown
from gateways.telegram.client import TelegramApi, TelegramBot
from gateways.telegram.shapes import (
    BadToken,
    Conflict,
    GroupMoved,
    Kicked,
    MessageGone,
    NoForum,
    NoRights,
    PhotoRefused,
    Place,
    TopicClosed,
    TopicGone,
    VoiceRefused,
)
from tests.fake_http_server import Dropped, FakeHttpServer, Half, Reply, Silence, unused_port
from tests.gateways.telegram.answers import GROUP, TOKEN, TOPIC, Call, refused

HTML = Reply(502, b"<html>Bad gateway</html>", "text/html")


@pytest.mark.parametrize(
    "answer",
    [
        Dropped(),
        Half(),
        HTML,
        Reply(200, b"<html></html>", "text/html"),
        Reply(200, b""),
        Reply(200, b"\xff\xfe"),
        Reply(200, b'{"ok": true, "result": {"new": "shape"}}'),
        Reply(200, b'{"ok": true}'),
        Reply(500, b'{"ok": false, "error_code": 500, "description": "Internal Server Error"}'),
        Reply(500, b'{"ok": false, "error_code": 500}'),
        Reply(302, b"", headers={"Location": "/elsewhere"}),
    ],
)
async def test_trouble_after_the_sending_leaves_it_open(
    server: FakeHttpServer, bot: TelegramBot, answer: Reply | Dropped | Half
) -> None:
    server.say(answer)
    with pytest.raises(Unknown):
        await bot.send_text(TOPIC, "x")
    assert len(server.asked) == 1


async def test_answer_that_comes_too_late_leaves_it_open(server: FakeHttpServer) -> None:
    server.say(Silence())
    api = TelegramApi(server.base, seconds=0.2)
    with pytest.raises(Unknown, match="TimeoutError"):
        await api.bot(TOKEN).send_text(TOPIC, "x")
    await api.close()
    assert len(server.asked) == 1


async def test_refused_connection_is_certainly_not_done() -> None:
    api = TelegramApi(f"http://127.0.0.1:{unused_port()}")
    with pytest.raises(NotDone):
        await api.bot(TOKEN).send_text(TOPIC, "x")
    await api.close()


@pytest.mark.parametrize(("parameters", "seconds"), [({"retry_after": 17}, 17.0), ({}, 1.0)])
async def test_too_many_says_how_long_to_wait(
    server: FakeHttpServer, bot: TelegramBot, parameters: dict[str, int], seconds: float
) -> None:
    refused(server, 429, "Too Many Requests", **parameters)
    with pytest.raises(TooMany) as caught:
        await bot.send_text(TOPIC, "x")
    assert caught.value.retry_after == seconds


async def test_too_many_of_a_proxy_says_so_without_json(server: FakeHttpServer, bot: TelegramBot) -> None:
    server.say(Reply(429, b"<html>slow down</html>", "text/html"))
    with pytest.raises(TooMany):
        await bot.send_text(TOPIC, "x")


TEXT: Call = lambda bot: bot.send_text(TOPIC, "x")  # noqa: E731  # one of a table of calls
PHOTO: Call = lambda bot: bot.send_photo(TOPIC, b"B", "a.jpg")  # noqa: E731
VOICE: Call = lambda bot: bot.send_voice(TOPIC, b"B")  # noqa: E731
REACT: Call = lambda bot: bot.react(GROUP, 5, "👌")  # noqa: E731
PIN: Call = lambda bot: bot.pin(GROUP, 5)  # noqa: E731


@pytest.mark.parametrize(
    ("call", "status", "description", "meaning"),
    [
        (TEXT, 400, "Bad Request: message thread not found", TopicGone),
        (VOICE, 400, "Bad Request: message thread not found", TopicGone),
        (TEXT, 400, "Bad Request: TOPIC_DELETED", TopicGone),
        (PIN, 400, "Bad Request: TOPIC_ID_INVALID", TopicGone),
        (TEXT, 400, "Bad Request: TOPIC_CLOSED", TopicClosed),
        (PHOTO, 400, "Bad Request: TOPIC_CLOSED", TopicClosed),
        (TEXT, 403, "Forbidden: bot was kicked from the supergroup chat", Kicked),
        (TEXT, 403, "Forbidden: bot was blocked by the user", Kicked),
        (TEXT, 400, "Bad Request: chat not found", Kicked),
        (TEXT, 403, "Forbidden: bot is not a member of the supergroup chat", Kicked),
        (TEXT, 400, "Bad Request: CHANNEL_PRIVATE", Kicked),
        (TEXT, 400, "Bad Request: group chat was deactivated", Kicked),
        (TEXT, 400, "Bad Request: the chat is not a forum", NoForum),
        (TEXT, 400, "Bad Request: not enough rights to create a topic", NoRights),
        (TEXT, 400, "Bad Request: not enough rights to send text messages to the chat", NoRights),
        (PIN, 400, "Bad Request: not enough rights to manage pinned messages in the chat", NoRights),
        (TEXT, 400, "Bad Request: have no rights to send a message", NoRights),
        (TEXT, 401, "Unauthorized", BadToken),
        (TEXT, 404, "Not Found", BadToken),
        (TEXT, 409, "Conflict: terminated by other getUpdates request", Conflict),
        (VOICE, 400, "Bad Request: VOICE_MESSAGES_FORBIDDEN", VoiceRefused),
        (VOICE, 400, "Bad Request: wrong type of the file", VoiceRefused),
        (PHOTO, 400, "Bad Request: PHOTO_INVALID_DIMENSIONS", PhotoRefused),
        (PHOTO, 413, "Request Entity Too Large", PhotoRefused),
        (TEXT, 400, "Bad Request: message to be replied not found", MessageGone),
        (REACT, 400, "Bad Request: message to react not found", MessageGone),
        (PIN, 400, "Bad Request: message to pin not found", MessageGone),
        (REACT, 400, "Bad Request: REACTION_INVALID", Rejected),
        (TEXT, 400, "Bad Request: message is too long", Rejected),
    ],
)
async def test_refusal_is_understood(
    server: FakeHttpServer, bot: TelegramBot, call: Call, status: int, description: str, meaning: type[Rejected]
) -> None:
    refused(server, status, description)
    with pytest.raises(Rejected) as caught:
        await call(bot)
    assert type(caught.value) is meaning
    assert (caught.value.status, caught.value.reason) == (status, description)


async def test_group_that_moved_tells_its_new_id(server: FakeHttpServer, bot: TelegramBot) -> None:
    refused(server, 400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100777)
    with pytest.raises(GroupMoved) as caught:
        await bot.send_text(Place(-55), "x")
    assert caught.value.chat_id == -100777


async def test_error_in_a_200_is_an_error(server: FakeHttpServer, bot: TelegramBot) -> None:
    server.say_json({"ok": False, "error_code": 403, "description": "Forbidden: bot was kicked from the group chat"})
    with pytest.raises(Kicked):
        await bot.send_text(TOPIC, "x")


@pytest.mark.parametrize("status", [403, 404])
async def test_page_of_a_firewall_says_nothing_about_the_bot(
    server: FakeHttpServer, bot: TelegramBot, status: int
) -> None:
    server.say(Reply(status, b"<html>blocked</html>", "text/html"))
    with pytest.raises(Rejected) as caught:
        await bot.send_text(TOPIC, "x")
    assert type(caught.value) is Rejected


@pytest.mark.parametrize("token", ["", "abc", "12:", ":abc", "1 2:abc", "x:abc"])
async def test_text_that_is_no_token_is_refused_without_asking(
    server: FakeHttpServer, api: TelegramApi, token: str
) -> None:
    with pytest.raises(Unauthorised) as caught:
        api.bot(token)
    assert type(caught.value) is BadToken
    assert server.asked == []


@pytest.mark.parametrize(
    "answer", [Dropped(), Half(), HTML, Reply(401), Reply(404), Reply(429), Reply(200, b"{}"), Silence()]
)
@pytest.mark.parametrize("call", [TEXT, lambda bot: bot.download("f", 9)])
async def test_no_error_tells_the_token(server: FakeHttpServer, answer: Reply | Dropped, call: Call) -> None:
    api = TelegramApi(server.base, seconds=0.2)
    server.say(answer)
    with pytest.raises((NotDone, Unknown, Rejected)) as caught:
        await call(api.bot(TOKEN))
    await api.close()
    assert "SECRET" not in "".join(traceback.format_exception(caught.value))
