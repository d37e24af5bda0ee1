"""Telegram over a real connection: what is asked, what is understood, what each trouble means for a second try."""

import json
import re
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from gateways.outcome import NotDone, NotFound, Rejected, TooBig, TooMany, Unauthorised, Unknown
from gateways.telegram import TelegramApi, TelegramBot
from gateways.telegram_shapes import (
    BadToken,
    Conflict,
    GroupMoved,
    Kicked,
    Me,
    MessageGone,
    NoRights,
    Photo,
    PhotoRefused,
    Place,
    TopicClosed,
    TopicGone,
    VoiceRefused,
)
from tests.gateways.wire import Asked, Dropped, Half, Reply, Silence, Wire, serving, unused_port

TOKEN = "1000000001:SECRET-token-of-the-bot"
GROUP = -1001000000001
TOPIC = Place(GROUP, 7)
HTML = Reply(502, b"<html>Bad gateway</html>", "text/html")

Call = Callable[[TelegramBot], Awaitable[object]]


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with serving() as wire:
        yield wire


@pytest.fixture
async def api(wire: Wire) -> AsyncIterator[TelegramApi]:
    api = TelegramApi(wire.base)
    yield api
    await api.close()


@pytest.fixture
def bot(api: TelegramApi) -> TelegramBot:
    return api.bot(TOKEN)


def message(message_id: int = 11) -> dict[str, object]:
    return {"message_id": message_id, "date": 1, "chat": {"id": GROUP, "type": "supergroup"}, "text": "x"}


def done(wire: Wire, result: object) -> None:
    wire.say_json({"ok": True, "result": result})


def refused(wire: Wire, status: int, description: str, **parameters: int) -> None:
    body: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    wire.say_json(body | ({"parameters": parameters} if parameters else {}), status)


def fields(asked: Asked) -> dict[str, str]:
    """The plain fields of a form, urlencoded or multipart."""
    if asked.headers["content-type"].startswith("application/x-www-form-urlencoded"):
        return {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
    found = re.findall(rb'name="([^"]+)"\r\n(?:[^\r]+\r\n)*\r\n([^\r]*)\r\n', asked.body)
    return {name.decode(): value.decode(errors="replace") for name, value in found}


async def test_bot_knows_its_name(wire: Wire, bot: TelegramBot) -> None:
    done(wire, {"id": 1000000001, "is_bot": True, "first_name": "P", "username": "privet_demo_bot"})
    assert await bot.me() == Me(1000000001, "privet_demo_bot")
    assert wire.asked[0].target == f"/bot{TOKEN}/getMe"


async def test_text_goes_into_its_topic_as_it_is(wire: Wire, bot: TelegramBot) -> None:
    done(wire, message(12))
    assert await bot.send_text(TOPIC, "<b>5 < 6</b> & *звёзды*", reply_to=9) == 12
    form = fields(wire.asked[0])
    assert (form["chat_id"], form["message_thread_id"], form["text"]) == (str(GROUP), "7", "<b>5 < 6</b> & *звёзды*")
    assert "parse_mode" not in form
    assert json.loads(form["reply_parameters"]) == {"message_id": 9, "allow_sending_without_reply": True}
    assert json.loads(form["link_preview_options"])["is_disabled"] is True


async def test_general_has_no_thread(wire: Wire, bot: TelegramBot) -> None:
    done(wire, message())
    await bot.send_text(Place(GROUP), "x", preview=True)
    form = fields(wire.asked[0])
    assert "message_thread_id" not in form
    assert "reply_parameters" not in form


@pytest.mark.parametrize(
    ("call", "method", "part"),
    [
        (lambda bot: bot.send_photo(TOPIC, b"BYTES", "a.jpg", caption="c"), "sendPhoto", b'filename="a.jpg"'),
        (lambda bot: bot.send_voice(TOPIC, b"BYTES", caption="c"), "sendVoice", b'filename="voice.ogg"'),
        (lambda bot: bot.send_document(TOPIC, b"BYTES", "a.mp4", caption="c"), "sendDocument", b'filename="a.mp4"'),
        (
            lambda bot: bot.send_document(TOPIC, b"BYTES", 'a"\r\nX: 1', caption="c"),
            "sendDocument",
            b'filename="a___X: 1"',
        ),
    ],
)
async def test_files_go_with_their_bytes(wire: Wire, bot: TelegramBot, call: Call, method: str, part: bytes) -> None:
    done(wire, message(13))
    assert await call(bot) == 13
    assert wire.asked[0].target == f"/bot{TOKEN}/{method}"
    assert part in wire.asked[0].body
    assert b"\r\n\r\nBYTES\r\n" in wire.asked[0].body
    assert (fields(wire.asked[0])["message_thread_id"], fields(wire.asked[0])["caption"]) == ("7", "c")


async def test_album_answers_with_one_id_for_each_picture(wire: Wire, bot: TelegramBot) -> None:
    done(wire, [message(14), message(15)])
    assert await bot.send_photos(TOPIC, [Photo(b"ONE", "1.jpg", "подпись"), Photo(b"TWO", "2.jpg")]) == [14, 15]
    assert (b"ONE" in wire.asked[0].body, b"TWO" in wire.asked[0].body) == (True, True)
    media = json.loads(fields(wire.asked[0])["media"])
    assert [(one["type"], one.get("caption")) for one in media] == [("photo", "подпись"), ("photo", None)]


async def test_places_are_sent_as_places(wire: Wire, bot: TelegramBot) -> None:
    done(wire, message(16))
    done(wire, message(17))
    assert await bot.send_location(TOPIC, 55.75, 37.61) == 16
    assert await bot.send_venue(TOPIC, 55.75, 37.61, "Склад", "Лесная, 1") == 17
    assert fields(wire.asked[0])["latitude"] == "55.75"
    assert fields(wire.asked[1])["title"] == "Склад"


async def test_topic_is_made_closed_and_reopened(wire: Wire, bot: TelegramBot) -> None:
    done(wire, {"message_thread_id": 70, "name": "Велосипед", "icon_color": 7322096})
    done(wire, True)
    refused(wire, 400, "Bad Request: TOPIC_NOT_MODIFIED")
    assert await bot.create_topic(GROUP, "Велосипед") == 70
    await bot.close_topic(TOPIC)
    await bot.reopen_topic(TOPIC)
    methods = [asked.path.rpartition("/")[2] for asked in wire.asked]
    assert methods == ["createForumTopic", "closeForumTopic", "reopenForumTopic"]


async def test_reaction_is_set_and_taken_off(wire: Wire, bot: TelegramBot) -> None:
    done(wire, True)
    done(wire, True)
    await bot.react(GROUP, 5, "👌")
    await bot.react(GROUP, 5, None)
    assert json.loads(fields(wire.asked[0])["reaction"])[0]["emoji"] == "👌"
    assert fields(wire.asked[1])["reaction"] == "[]"


async def test_pin_makes_no_noise(wire: Wire, bot: TelegramBot) -> None:
    done(wire, True)
    await bot.pin(GROUP, 5)
    assert fields(wire.asked[0])["disable_notification"] == "true"


async def test_webhook_is_registered_for_what_we_can_read(wire: Wire, bot: TelegramBot) -> None:
    done(wire, True)
    done(wire, True)
    info = {"url": "https://x/s", "has_custom_certificate": False, "pending_update_count": 3}
    done(wire, {**info, "last_error_date": 1700000000, "last_error_message": "Connection refused"})
    await bot.set_webhook("https://x/s", "secret")
    await bot.delete_webhook()
    told = await bot.webhook_info()
    assert json.loads(fields(wire.asked[0])["allowed_updates"]) == ["message", "edited_message", "my_chat_member"]
    assert fields(wire.asked[0])["secret_token"] == "secret"
    assert fields(wire.asked[1]).get("drop_pending_updates") != "true"
    assert (told.url, told.pending, told.last_error) == ("https://x/s", 3, "Connection refused")
    assert told.last_error_at == datetime.fromtimestamp(1700000000, UTC)


async def test_updates_come_as_telegram_wrote_them(wire: Wire, bot: TelegramBot) -> None:
    raw = [{"update_id": 5, "message": {"brand": "new"}}, {"update_id": 6, "unheard_of": [1]}]
    done(wire, raw)
    assert await bot.updates(5, 25) == raw
    form = fields(wire.asked[0])
    assert (form["offset"], form["timeout"]) == ("5", "25")


async def test_file_is_downloaded_by_its_path(wire: Wire, bot: TelegramBot) -> None:
    done(wire, {"file_id": "f", "file_unique_id": "u", "file_size": 5, "file_path": "photos/1.jpg"})
    wire.say(Reply(200, b"BYTES", "image/jpeg"))
    got = await bot.download("f", 100)
    assert (got.data, got.path) == (b"BYTES", "photos/1.jpg")
    assert wire.asked[1].target == f"/file/bot{TOKEN}/photos/1.jpg"


async def test_file_that_is_too_big_is_not_kept(wire: Wire, bot: TelegramBot) -> None:
    file = {"file_id": "f", "file_unique_id": "u", "file_path": "photos/1.jpg"}
    done(wire, {**file, "file_size": 101})
    done(wire, file)
    wire.say(Reply(200, b"x" * 101))
    refused(wire, 400, "Bad Request: file is too big")
    for _ in range(3):
        with pytest.raises(TooBig):
            await bot.download("f", 100)
    assert len(wire.asked) == 4


async def test_file_that_telegram_has_no_more(wire: Wire, bot: TelegramBot) -> None:
    done(wire, {"file_id": "f", "file_unique_id": "u", "file_path": "photos/1.jpg"})
    wire.say(Reply(404, b"nope", "text/plain"))
    with pytest.raises(NotFound):
        await bot.download("f", 100)


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
    wire: Wire, bot: TelegramBot, answer: Reply | Dropped | Half
) -> None:
    wire.say(answer)
    with pytest.raises(Unknown):
        await bot.send_text(TOPIC, "x")
    assert len(wire.asked) == 1


async def test_answer_that_comes_too_late_leaves_it_open(wire: Wire) -> None:
    wire.say(Silence())
    api = TelegramApi(wire.base, seconds=0.2)
    with pytest.raises(Unknown, match="TimeoutError"):
        await api.bot(TOKEN).send_text(TOPIC, "x")
    await api.close()
    assert len(wire.asked) == 1


async def test_refused_connection_is_certainly_not_done() -> None:
    api = TelegramApi(f"http://127.0.0.1:{unused_port()}")
    with pytest.raises(NotDone):
        await api.bot(TOKEN).send_text(TOPIC, "x")
    await api.close()


@pytest.mark.parametrize(("parameters", "seconds"), [({"retry_after": 17}, 17.0), ({}, 1.0)])
async def test_too_many_says_how_long_to_wait(
    wire: Wire, bot: TelegramBot, parameters: dict[str, int], seconds: float
) -> None:
    refused(wire, 429, "Too Many Requests", **parameters)
    with pytest.raises(TooMany) as caught:
        await bot.send_text(TOPIC, "x")
    assert caught.value.retry_after == seconds


async def test_too_many_of_a_proxy_says_so_without_json(wire: Wire, bot: TelegramBot) -> None:
    wire.say(Reply(429, b"<html>slow down</html>", "text/html"))
    with pytest.raises(TooMany):
        await bot.send_text(TOPIC, "x")


TEXT: Call = lambda bot: bot.send_text(TOPIC, "x")  # noqa: E731  # one of a table of calls
PHOTO: Call = lambda bot: bot.send_photo(TOPIC, b"B", "a.jpg")  # noqa: E731
ALBUM: Call = lambda bot: bot.send_photos(TOPIC, [Photo(b"B", "a.jpg")] * 2)  # noqa: E731
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
        (PIN, 400, "Bad Request: not enough rights to manage pinned messages in the chat", NoRights),
        (TEXT, 400, "Bad Request: have no rights to send a message", NoRights),
        (TEXT, 401, "Unauthorized", BadToken),
        (TEXT, 404, "Not Found", BadToken),
        (TEXT, 409, "Conflict: terminated by other getUpdates request", Conflict),
        (VOICE, 400, "Bad Request: VOICE_MESSAGES_FORBIDDEN", VoiceRefused),
        (VOICE, 400, "Bad Request: wrong type of the file", VoiceRefused),
        (PHOTO, 400, "Bad Request: PHOTO_INVALID_DIMENSIONS", PhotoRefused),
        (PHOTO, 413, "Request Entity Too Large", PhotoRefused),
        (ALBUM, 400, "Bad Request: IMAGE_PROCESS_FAILED", PhotoRefused),
        (TEXT, 400, "Bad Request: message to be replied not found", MessageGone),
        (REACT, 400, "Bad Request: message to react not found", MessageGone),
        (PIN, 400, "Bad Request: message to pin not found", MessageGone),
        (REACT, 400, "Bad Request: REACTION_INVALID", Rejected),
        (TEXT, 400, "Bad Request: message is too long", Rejected),
    ],
)
async def test_refusal_is_understood(
    wire: Wire, bot: TelegramBot, call: Call, status: int, description: str, meaning: type[Rejected]
) -> None:
    refused(wire, status, description)
    with pytest.raises(Rejected) as caught:
        await call(bot)
    assert type(caught.value) is meaning
    assert (caught.value.status, caught.value.reason) == (status, description)


async def test_group_that_moved_tells_its_new_id(wire: Wire, bot: TelegramBot) -> None:
    refused(wire, 400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100777)
    with pytest.raises(GroupMoved) as caught:
        await bot.send_text(Place(-55), "x")
    assert caught.value.chat_id == -100777


async def test_error_in_a_200_is_an_error(wire: Wire, bot: TelegramBot) -> None:
    wire.say_json({"ok": False, "error_code": 403, "description": "Forbidden: bot was kicked from the group chat"})
    with pytest.raises(Kicked):
        await bot.send_text(TOPIC, "x")


@pytest.mark.parametrize("status", [403, 404])
async def test_page_of_a_firewall_says_nothing_about_the_bot(wire: Wire, bot: TelegramBot, status: int) -> None:
    wire.say(Reply(status, b"<html>blocked</html>", "text/html"))
    with pytest.raises(Rejected) as caught:
        await bot.send_text(TOPIC, "x")
    assert type(caught.value) is Rejected


@pytest.mark.parametrize("token", ["", "abc", "12:", ":abc", "1 2:abc", "x:abc"])
async def test_text_that_is_no_token_is_refused_without_asking(wire: Wire, api: TelegramApi, token: str) -> None:
    with pytest.raises(Unauthorised) as caught:
        api.bot(token)
    assert type(caught.value) is BadToken
    assert wire.asked == []


@pytest.mark.parametrize(
    "answer", [Dropped(), Half(), HTML, Reply(401), Reply(404), Reply(429), Reply(200, b"{}"), Silence()]
)
@pytest.mark.parametrize("call", [TEXT, lambda bot: bot.download("f", 9)])
async def test_no_error_tells_the_token(wire: Wire, answer: Reply | Dropped, call: Call) -> None:
    api = TelegramApi(wire.base, seconds=0.2)
    wire.say(answer)
    with pytest.raises((NotDone, Unknown, Rejected)) as caught:
        await call(api.bot(TOKEN))
    await api.close()
    assert "SECRET" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "answers",
    [
        # aiohttp asks once more by itself when a connection that was used before turns out to be dead.
        [Dropped(), Dropped()],
        [Reply(500)],
        [Half(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf")],
    ],
)
async def test_broken_download_can_be_tried_again(
    wire: Wire, bot: TelegramBot, answers: list[Reply | Dropped | Half]
) -> None:
    done(wire, {"file_id": "f", "file_unique_id": "u", "file_path": "photos/1.jpg"})
    wire.say(*answers)
    with pytest.raises(Unknown) as caught:
        await bot.download("f", 100)
    assert "SECRET" not in "".join(traceback.format_exception(caught.value))


async def test_bots_share_connections_and_survive_each_other(wire: Wire, api: TelegramApi) -> None:
    for number in (1, 2):
        done(wire, {"id": number, "is_bot": True, "first_name": "P", "username": f"bot{number}"})
    assert (await api.bot("1:first").me()).username == "bot1"
    assert (await api.bot("2:second").me()).username == "bot2"
