"""The mailbox: what came stays through a restart, its HTML runs nothing, its faults are counted."""

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import KeyboardButton, ReplyKeyboardMarkup
from aiosmtplib import SMTP

from sandbox.app import create_app
from sandbox.serving import server
from tests.sandbox.conftest import Served, running

PICTURE = b"\x89PNG\r\n\x1a\n"


def mail(**headers: str) -> EmailMessage:
    message = EmailMessage()
    base = {"From": "hello@privet.test", "To": "olga@example.com", "Subject": "Привет", "Message-ID": "<1@privet.test>"}
    for name, value in {**base, "Date": "Mon, 30 Nov 2026 12:00:00 +0000", **headers}.items():
        message[name] = value
    message.set_content("Здравствуйте!")
    message.add_alternative("<script>alert(1)</script><b>Здравствуйте!</b>", subtype="html")
    message.add_attachment(PICTURE, maintype="image", subtype="png", filename='Фото "1".png')
    return message


async def send(port: int, message: EmailMessage) -> None:
    async with SMTP(hostname="127.0.0.1", port=port, timeout=5) as smtp:
        await smtp.send_message(message)


@pytest.fixture
async def mailbox(tmp_path: Path) -> AsyncIterator[tuple[httpx.AsyncClient, int]]:
    app = create_app(tmp_path, seed=False, mail=("127.0.0.1", 0))
    async with running(server(app, "127.0.0.1", 0)) as url, httpx.AsyncClient(base_url=url) as http:
        yield http, app.state.mail.port


async def test_a_letter_is_shown_and_its_html_runs_nothing(mailbox: tuple[httpx.AsyncClient, int]) -> None:
    http, port = mailbox
    await send(port, mail())
    [letter] = (await http.get("/sandbox/mail", params={"to": "olga@example.com"})).json()
    assert (letter["subject"], letter["message_id"], letter["attached"]) == ("Привет", "<1@privet.test>", 1)
    assert (await http.get("/sandbox/mail", params={"to": "anton@example.com"})).json() == []
    shown = (await http.get(f"/sandbox/mail/{letter['id']}")).json()
    assert shown["text"].strip() == "Здравствуйте!"
    html = await http.get(f"/sandbox/mail/{letter['id']}/html")
    assert html.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    file = await http.get(f"/sandbox/mail/{letter['id']}/attachments/0")
    assert file.content == PICTURE
    assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%D0%A4")
    assert (await http.get(f"/sandbox/mail/{letter['id']}/attachments/1")).status_code == 404
    assert (await http.get("/sandbox/mail/99")).status_code == 404
    assert (await http.get("/page/mail.html")).status_code == 200


async def test_letters_stay_through_a_restart(tmp_path: Path) -> None:
    for before in (0, 1):
        app = create_app(tmp_path, seed=False, mail=("127.0.0.1", 0))
        async with running(server(app, "127.0.0.1", 0)) as url, httpx.AsyncClient(base_url=url) as http:
            letters = (await http.get("/sandbox/mail")).json()
            assert [one["id"] for one in letters] == list(range(before, 0, -1))
            await send(app.state.mail.port, mail())


async def test_a_letter_that_no_server_should_take_is_a_violation(mailbox: tuple[httpx.AsyncClient, int]) -> None:
    http, port = mailbox
    message = mail()
    del message["Message-ID"]
    async with SMTP(hostname="127.0.0.1", port=port, timeout=5) as smtp:
        await smtp.sendmail("hello@privet.test", ["olga@example.com"], message.as_bytes())
    assert (await http.get("/sandbox/violations")).json() == ["mail: DATA olga@example.com: without Message-ID"]


async def test_two_at_once_have_ports_of_their_own(tmp_path: Path) -> None:
    async def port_of(folder: Path) -> int:
        app = create_app(folder, seed=False, mail=("127.0.0.1", 0))
        async with running(server(app, "127.0.0.1", 0)):
            await asyncio.sleep(0)
            return int(app.state.mail.port)

    first, second = await asyncio.gather(port_of(tmp_path / "1"), port_of(tmp_path / "2"))
    assert first != second


@pytest.mark.parametrize(
    ("how", "of", "forwarded"),
    [("own", 501, False), ("other", 502, False), ("typed", None, False), ("forwarded", 501, True)],
)
async def test_a_contact_is_whose_telegram_says(telegram: Served, how: str, of: int | None, forwarded: bool) -> None:
    other = 502 if how == "other" else None
    await telegram.post("/private/501/contacts", bot_token=telegram.bot.token, how=how, of_id=other)
    [update] = await telegram.bot.get_updates()
    assert update.message is not None
    assert update.message.contact is not None
    assert update.message.contact.user_id == of
    assert (update.message.forward_origin is not None) is forwarded


async def test_a_blocked_bot_cannot_write_and_no_group_is_asked_for_a_number(telegram: Served) -> None:
    await telegram.post("/private/501/block", bot_token=telegram.bot.token)
    with pytest.raises(TelegramForbiddenError, match="blocked by the user"):
        await telegram.bot.send_message(501, "Привет")
    chat_id = await telegram.group(bot_token=telegram.bot.token)
    keyboard = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Номер", request_contact=True)]])
    with pytest.raises(TelegramBadRequest, match="private chats only"):
        await telegram.bot.send_message(chat_id, "Номер?", reply_markup=keyboard)
