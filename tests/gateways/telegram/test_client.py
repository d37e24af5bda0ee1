"""Telegram's calls over a real connection: what is asked, and what is understood of the answer."""

import json
from datetime import UTC, datetime

import pytest

from gateways.telegram.client import TelegramApi, TelegramBot
from gateways.telegram.shapes import Me, Place
from tests.fake_http_server import FakeHttpServer
from tests.gateways.telegram.answers import GROUP, TOKEN, TOPIC, Call, done, fields, message, refused


async def test_bot_knows_its_name(server: FakeHttpServer, bot: TelegramBot) -> None:
    done(server, {"id": 1000000001, "is_bot": True, "first_name": "P", "username": "privet_demo_bot"})
    assert await bot.me() == Me(1000000001, "privet_demo_bot")
    assert server.asked[0].target == f"/bot{TOKEN}/getMe"


async def test_text_goes_into_its_topic_as_it_is(server: FakeHttpServer, bot: TelegramBot) -> None:
    done(server, message(12))
    assert await bot.send_text(TOPIC, "<b>5 < 6</b> & *звёзды*", reply_to=9) == 12
    form = fields(server.asked[0])
    assert (form["chat_id"], form["message_thread_id"], form["text"]) == (str(GROUP), "7", "<b>5 < 6</b> & *звёзды*")
    assert "parse_mode" not in form
    assert json.loads(form["reply_parameters"]) == {"message_id": 9, "allow_sending_without_reply": True}
    assert json.loads(form["link_preview_options"])["is_disabled"] is True


async def test_quotations_go_beside_the_text_never_in_it(server: FakeHttpServer, bot: TelegramBot) -> None:
    done(server, message(12))
    done(server, message(13))
    await bot.send_text(TOPIC, "<b>да</b>", quotes=((0, 9),))
    await bot.send_photo(TOPIC, b"BYTES", "a.jpg", caption="да", quotes=((0, 2),))
    text, photo = fields(server.asked[0]), fields(server.asked[1])
    [entity] = json.loads(text["entities"])
    assert (text["text"], entity["type"], entity["offset"], entity["length"]) == ("<b>да</b>", "blockquote", 0, 9)
    assert [one["length"] for one in json.loads(photo["caption_entities"])] == [2]
    assert "parse_mode" not in text | photo


async def test_general_has_no_thread(server: FakeHttpServer, bot: TelegramBot) -> None:
    done(server, message())
    await bot.send_text(Place(GROUP), "x")
    form = fields(server.asked[0])
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
async def test_files_go_with_their_bytes(
    server: FakeHttpServer, bot: TelegramBot, call: Call, method: str, part: bytes
) -> None:
    done(server, message(13))
    assert await call(bot) == 13
    assert server.asked[0].target == f"/bot{TOKEN}/{method}"
    assert part in server.asked[0].body
    assert b"\r\n\r\nBYTES\r\n" in server.asked[0].body
    assert (fields(server.asked[0])["message_thread_id"], fields(server.asked[0])["caption"]) == ("7", "c")


async def test_places_are_sent_as_places(server: FakeHttpServer, bot: TelegramBot) -> None:
    done(server, message(16))
    done(server, message(17))
    assert await bot.send_location(TOPIC, 55.75, 37.61) == 16
    assert await bot.send_venue(TOPIC, 55.75, 37.61, "Склад", "Лесная, 1") == 17
    assert fields(server.asked[0])["latitude"] == "55.75"
    assert fields(server.asked[1])["title"] == "Склад"


async def test_topic_is_made_closed_and_reopened(server: FakeHttpServer, bot: TelegramBot) -> None:
    done(server, {"message_thread_id": 70, "name": "Велосипед", "icon_color": 7322096})
    done(server, True)
    refused(server, 400, "Bad Request: TOPIC_NOT_MODIFIED")
    assert await bot.create_topic(GROUP, "Велосипед") == 70
    await bot.close_topic(TOPIC)
    await bot.reopen_topic(TOPIC)
    methods = [asked.path.rpartition("/")[2] for asked in server.asked]
    assert methods == ["createForumTopic", "closeForumTopic", "reopenForumTopic"]


async def test_reaction_is_set_and_taken_off(server: FakeHttpServer, bot: TelegramBot) -> None:
    done(server, True)
    done(server, True)
    await bot.react(GROUP, 5, "👌")
    await bot.react(GROUP, 5, None)
    assert json.loads(fields(server.asked[0])["reaction"])[0]["emoji"] == "👌"
    assert fields(server.asked[1])["reaction"] == "[]"


async def test_pin_makes_no_noise(server: FakeHttpServer, bot: TelegramBot) -> None:
    done(server, True)
    await bot.pin(GROUP, 5)
    assert fields(server.asked[0])["disable_notification"] == "true"


async def test_webhook_is_registered_for_what_we_can_read(server: FakeHttpServer, bot: TelegramBot) -> None:
    done(server, True)
    done(server, True)
    info = {"url": "https://x/s", "has_custom_certificate": False, "pending_update_count": 3}
    done(server, {**info, "last_error_date": 1700000000, "last_error_message": "Connection refused"})
    await bot.set_webhook("https://x/s", "secret")
    await bot.delete_webhook()
    told = await bot.webhook_info()
    assert json.loads(fields(server.asked[0])["allowed_updates"]) == ["message", "edited_message", "my_chat_member"]
    assert fields(server.asked[0])["secret_token"] == "secret"
    assert fields(server.asked[1]).get("drop_pending_updates") != "true"
    assert (told.url, told.pending, told.last_error) == ("https://x/s", 3, "Connection refused")
    assert told.last_error_at == datetime.fromtimestamp(1700000000, UTC)


async def test_updates_come_as_telegram_wrote_them(server: FakeHttpServer, bot: TelegramBot) -> None:
    raw = [{"update_id": 5, "message": {"brand": "new"}}, {"update_id": 6, "unheard_of": [1]}]
    done(server, raw)
    assert await bot.updates(5, 25) == raw
    form = fields(server.asked[0])
    assert (form["offset"], form["timeout"]) == ("5", "25")


async def test_bots_share_connections_and_survive_each_other(server: FakeHttpServer, api: TelegramApi) -> None:
    for number in (1, 2):
        done(server, {"id": number, "is_bot": True, "first_name": "P", "username": f"bot{number}"})
    assert (await api.bot("1:first").me()).username == "bot1"
    assert (await api.bot("2:second").me()).username == "bot2"
