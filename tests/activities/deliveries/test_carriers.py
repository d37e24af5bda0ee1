"""The channels of mail and Telegram against the sandbox: what arrives, and what each refusal means."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

import pytest

from activities.deliveries.by_mail import MailCarrier, page_of
from activities.deliveries.by_telegram import TelegramCarrier, cut, units
from activities.deliveries.carrier import Carrier, File, Outgoing
from domain.deliveries.delivery import Purpose
from gateways.mail.client import Mailer, MailServer
from gateways.mail.letter import Mailbox
from gateways.outcome import NotDone, Rejected, TooMany, Unauthorised, Unknown
from gateways.telegram.client import TelegramApi
from tests.clock import FakeClock
from tests.sandbox_server import Sandbox, running_sandbox

OLGA: Final = 7_001
FILES: Final = (
    File("Договор № 1.pdf", "application/pdf", b"%PDF-1.7 contract"),
    File("Сертификат № 1.pdf", "application/pdf", b"%PDF-1.7 certificate"),
)


@dataclass
class Outside:
    sandbox: Sandbox
    telegram: TelegramApi
    token: str
    bot_id: int

    @property
    def by_mail(self) -> MailCarrier:
        server = MailServer.parse(f"smtp://sandbox:SANDBOX-mail-password@127.0.0.1:{self.sandbox.smtp_port}")
        return MailCarrier(Mailer(server, Mailbox("hello@privet.test", "Привет")), FakeClock())

    @property
    def by_telegram(self) -> TelegramCarrier:
        return TelegramCarrier(self.telegram, self.token)

    async def said(self) -> list[dict[str, Any]]:
        chat = await self.sandbox.get(f"/private/{OLGA}/{self.bot_id}")
        return [one for one in chat["messages"] if one["by_bot"]]


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[Sandbox]:
    async with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def outside(server: Sandbox) -> AsyncIterator[Outside]:
    server.clear()
    server.world.mailbox.clear()
    bot_id, token, _ = await server.bot()
    await server.post(f"/private/{OLGA}/messages", bot_token=token, text="/start")
    telegram = TelegramApi(server.url)
    yield Outside(server, telegram, token, bot_id)
    await telegram.close()
    assert server.world.journal.violations() == []


def message(address: str, **values: Any) -> Outgoing:
    text = "Договор № 1 подписан.\n\nПроверить: https://privet.example/verify/1?h=2&x=<b>"
    base = Outgoing(uuid4(), Purpose.SIGNED_COPY, address, "Договор № 1", text, text, files=FILES)
    return replace(base, **values)


async def test_a_mail_has_the_text_the_same_as_a_page_and_the_files(outside: Outside) -> None:
    sent = message("olga@example.com")
    assert await outside.by_mail.send(sent) == f"<{sent.id}@privet.test>"
    [letter] = await outside.sandbox.get("/mail")
    shown = await outside.sandbox.get(f"/mail/{letter['id']}")
    assert shown["text"].replace("\r\n", "\n").strip() == sent.text
    assert [one["name"] for one in shown["attachments"]] == [file.name for file in FILES]
    page = (await outside.sandbox.http.get(f"/sandbox/mail/{letter['id']}/html")).text
    assert 'href="https://privet.example/verify/1?h=2&amp;x="' in page
    assert "<b>" not in page


async def test_files_and_text_are_one_call_to_telegram(outside: Outside) -> None:
    sent = await outside.by_telegram.send(message(str(OLGA)))
    first, second = await outside.said()
    assert sent == str(first["message_id"])
    assert [one["content"]["document"]["file_name"] for one in (first, second)] == [file.name for file in FILES]
    assert (first["caption"], second["caption"]) == (None, message("").text)
    assert first["media_group_id"] == second["media_group_id"]
    assert len(outside.sandbox.calls("sendMediaGroup")) == 1


async def test_a_text_that_is_too_long_for_a_caption_follows_the_files(outside: Outside) -> None:
    await outside.by_telegram.send(message(str(OLGA), text="Ж" * 1025))
    assert [one["kind"] for one in await outside.said()] == ["document", "document", "text"]


async def test_files_whose_text_did_not_go_are_not_sent_again(outside: Outside) -> None:
    await outside.sandbox.fault("telegram", "too-many", path="sendMessage")
    with pytest.raises(Unknown):
        await outside.by_telegram.send(message(str(OLGA), text="Ж" * 1025))


async def test_a_text_alone(outside: Outside) -> None:
    await outside.by_telegram.send(message(str(OLGA), files=(), text="😀" * 3000))
    [said] = await outside.said()
    assert units(said["text"]) <= 4096
    assert said["text"].endswith("😀…")


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [("too-many", TooMany), ("server-error", Unknown), ("html-after", Unknown), ("dropped", Unknown)],
)
async def test_what_telegrams_faults_mean(outside: Outside, fault: str, outcome: type[Exception]) -> None:
    await outside.sandbox.fault("telegram", fault, path="sendMediaGroup")
    with pytest.raises(outcome):
        await outside.by_telegram.send(message(str(OLGA)))


async def test_a_person_who_has_blocked_the_bot(outside: Outside) -> None:
    await outside.sandbox.post(f"/private/{OLGA}/block", bot_token=outside.token)
    with pytest.raises(Rejected):
        await outside.by_telegram.send(message(str(OLGA)))
    await outside.sandbox.post(f"/private/{OLGA}/block", bot_token=outside.token, blocked=False)
    await outside.by_telegram.send(message(str(OLGA)))


@pytest.mark.parametrize("address", ["7002", "-1001000000001", "olga", "", "0", "²", str(2**60)])
async def test_nobody_there(outside: Outside, address: str) -> None:
    with pytest.raises(Rejected):
        await outside.by_telegram.send(message(address))


async def test_telegram_is_out_of_reach_or_refuses_our_token() -> None:
    away = TelegramApi("http://127.0.0.1:9")
    with pytest.raises(NotDone):
        await TelegramCarrier(away, "1:abc").send(message(str(OLGA)))
    for token in ("not a token", ""):
        with pytest.raises(Unauthorised):
            await TelegramCarrier(away, token).send(message(str(OLGA)))
    await away.close()


async def test_neither_channel_reports_what_was_delivered(outside: Outside) -> None:
    channels: tuple[Carrier, ...] = (outside.by_mail, outside.by_telegram)
    for carrier in channels:
        assert not carrier.gives_receipts
        assert await carrier.receipt("1") is None


def test_nothing_of_a_text_becomes_markup() -> None:
    page = page_of('<script>alert(1)</script>\n\nhttps://a.example/"onclick="x&y\n\nстрока\nдругая')
    assert "<script>" not in page
    assert 'href="https://a.example/"' in page
    assert "строка<br>\nдругая" in page


def test_a_text_is_cut_between_characters() -> None:
    assert cut("😀😀😀", 5) == "😀😀…"
    assert cut("😀😀", 4) == "😀😀"
