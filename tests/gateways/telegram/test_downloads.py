"""Files of Telegram over a real connection: what is kept, and what may be tried again."""

import traceback

import pytest

from gateways.outcome import NotFound, TooBig, Unknown
from gateways.telegram.client import TelegramBot
from tests.fake_http_server import Dropped, FakeHttpServer, Half, Reply
from tests.gateways.telegram.answers import TOKEN, done, refused


async def test_file_is_downloaded_by_its_path(server: FakeHttpServer, bot: TelegramBot) -> None:
    done(server, {"file_id": "f", "file_unique_id": "u", "file_size": 5, "file_path": "photos/1.jpg"})
    server.say(Reply(200, b"BYTES", "image/jpeg"))
    got = await bot.download("f", 100)
    assert (got.data, got.path) == (b"BYTES", "photos/1.jpg")
    assert server.asked[1].target == f"/file/bot{TOKEN}/photos/1.jpg"


async def test_file_that_is_too_big_is_not_kept(server: FakeHttpServer, bot: TelegramBot) -> None:
    file = {"file_id": "f", "file_unique_id": "u", "file_path": "photos/1.jpg"}
    done(server, {**file, "file_size": 101})
    done(server, file)
    server.say(Reply(200, b"x" * 101))
    refused(server, 400, "Bad Request: file is too big")
    for _ in range(3):
        with pytest.raises(TooBig):
            await bot.download("f", 100)
    assert len(server.asked) == 4


async def test_file_that_telegram_has_no_more(server: FakeHttpServer, bot: TelegramBot) -> None:
    done(server, {"file_id": "f", "file_unique_id": "u", "file_path": "photos/1.jpg"})
    server.say(Reply(404, b"nope", "text/plain"))
    with pytest.raises(NotFound):
        await bot.download("f", 100)


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
    server: FakeHttpServer, bot: TelegramBot, answers: list[Reply | Dropped | Half]
) -> None:
    done(server, {"file_id": "f", "file_unique_id": "u", "file_path": "photos/1.jpg"})
    server.say(*answers)
    with pytest.raises(Unknown) as caught:
        await bot.download("f", 100)
    assert "SECRET" not in "".join(traceback.format_exception(caught.value))
