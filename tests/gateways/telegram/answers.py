"""What the fake server answers to a bot as the Bot API would, and what the bot asked of it."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs

from gateways.telegram.client import TelegramBot
from gateways.telegram.shapes import Place
from tests.fake_http_server import Asked, FakeHttpServer

TOKEN = "1000000001:SECRET-token-of-the-bot"
GROUP = -1001000000001
TOPIC = Place(GROUP, 7)

Call = Callable[[TelegramBot], Awaitable[object]]


def message(message_id: int = 11) -> dict[str, object]:
    return {"message_id": message_id, "date": 1, "chat": {"id": GROUP, "type": "supergroup"}, "text": "x"}


def done(server: FakeHttpServer, result: object) -> None:
    server.say_json({"ok": True, "result": result})


def refused(server: FakeHttpServer, status: int, description: str, **parameters: int) -> None:
    body: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    server.say_json(body | ({"parameters": parameters} if parameters else {}), status)


def fields(asked: Asked) -> dict[str, str]:
    """The plain fields of a form, urlencoded or multipart."""
    if asked.headers["content-type"].startswith("application/x-www-form-urlencoded"):
        return {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
    found = re.findall(rb'name="([^"]+)"\r\n(?:[^\r]+\r\n)*\r\n([^\r]*)\r\n', asked.body)
    return {name.decode(): value.decode(errors="replace") for name, value in found}
