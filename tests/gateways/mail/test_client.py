"""The mailer against a real SMTP server: what arrives, and what each fault means."""

import asyncio
import ssl
from typing import Any

import pytest

from gateways.mail.client import Mailer, MailServer
from gateways.mail.letter import Attached
from gateways.outcome import NotDone, Rejected, Unauthorised, Unknown
from tests.gateways.mail.letters import ID, PDF, SENDER, letter, mailer
from tests.sandbox_server import Sandbox


async def kept(mail: Sandbox) -> list[dict[str, Any]]:
    return [await mail.get(f"/mail/{one['id']}") for one in await mail.get("/mail")]


async def test_a_letter_arrives_whole(mail: Sandbox) -> None:
    posted = await mailer(mail.smtp_port).send(letter())
    [found] = await kept(mail)
    assert (found["from"], found["to"]) == ("hello@privet.test", ["olga@example.com"])
    assert found["message_id"] == posted.message_id == f"<{ID}@privet.test>"
    assert posted.refused == ()
    headers = found["headers"]
    assert headers["From"] == "Привет <hello@privet.test>"
    assert headers["Reply-To"] == "help@privet.test"
    assert headers["Subject"] == "Договор № 7 подписан"
    assert headers["Date"] == "Mon, 30 Nov 2026 12:00:00 +0000"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert found["text"].replace("\r\n", "\n") == letter().text
    assert found["attachments"] == [
        {"number": 0, "name": "Договор № 7.pdf", "mime": "application/pdf", "size": len(PDF)}
    ]
    assert (await mail.http.get(f"/sandbox/mail/{found['id']}/attachments/0")).content == PDF
    html = await mail.http.get(f"/sandbox/mail/{found['id']}/html")
    assert html.text.strip() == "<p>Здравствуйте!</p>"
    assert "sandbox" in html.headers["content-security-policy"]


async def test_a_repeat_is_the_same_mail_to_the_byte(mail: Sandbox) -> None:
    for _ in range(2):
        await mailer(mail.smtp_port).send(letter())
    first, second = mail.world.mailbox.letters.values()
    assert first.sha256 == second.sha256
    source = await mail.http.get(f"/sandbox/mail/{first.id}/source")
    assert source.content.isascii()


@pytest.mark.parametrize(
    ("fault", "outcome", "arrived"),
    [
        ("rcpt-later", NotDone, 0),
        ("rcpt-refused", Rejected, 0),
        ("data-later", NotDone, 0),
        ("data-refused", Rejected, 0),
        ("dropped-before", Unknown, 0),
        ("dropped", Unknown, 1),
        ("no-connection", NotDone, 0),
    ],
)
async def test_what_a_fault_means(mail: Sandbox, fault: str, outcome: type[Exception], arrived: int) -> None:
    await mail.fault("mail", fault, times=1)
    with pytest.raises(outcome) as caught:
        await mailer(mail.smtp_port).send(letter())
    assert type(caught.value) is outcome
    assert "olga" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__
    assert len(mail.world.mailbox.letters) == arrived


async def test_a_silent_server_leaves_it_open(mail: Sandbox) -> None:
    await mail.fault("mail", "slow", seconds=30)
    with pytest.raises(Unknown):
        await mailer(mail.smtp_port, seconds=0.2).send(letter())


async def test_nobody_listens() -> None:
    silent = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    silent.close()
    await silent.wait_closed()
    with pytest.raises(NotDone):
        await mailer(port).send(letter())


async def test_a_server_that_never_greets() -> None:
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as silent:
        with pytest.raises(NotDone):
            await mailer(silent.sockets[0].getsockname()[1], seconds=0.2).send(letter())


async def test_some_recipients_are_refused(mail: Sandbox) -> None:
    await mail.fault("mail", "rcpt-refused", path="anton@")
    posted = await mailer(mail.smtp_port).send(letter(to=("olga@example.com", "anton@example.com")))
    assert posted.refused == ((1, 550),)
    assert [one.recipients for one in mail.world.mailbox.letters.values()] == [["olga@example.com"]]


async def test_all_are_refused_one_of_them_for_now(mail: Sandbox) -> None:
    await mail.fault("mail", "rcpt-refused", path="anton@")
    await mail.fault("mail", "rcpt-later", path="olga@")
    with pytest.raises(NotDone):
        await mailer(mail.smtp_port).send(letter(to=("olga@example.com", "anton@example.com")))


async def test_a_wrong_password(mail: Sandbox) -> None:
    server = MailServer.parse(f"smtp://sandbox:wrong@127.0.0.1:{mail.smtp_port}")
    with pytest.raises(Unauthorised) as caught:
        await Mailer(server, SENDER).send(letter())
    assert "wrong" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    [
        "olga@example.com\r\nRCPT TO:<spy@example.com>",
        "olga@example.com\nBcc: spy@example.com",
        "olga@example.com, spy@example.com",
        "Olga <olga@example.com>",
        "olga@example.com> SIZE=1",
        '"olga spy"@example.com',
        "olga@[127.0.0.1]",
        "olga@localhost",
        "olga",
        "@example.com",
        "olga@",
        "",
        "o" * 65 + "@example.com",
        "olga\x00@example.com",
        "olga\u2028@example.com",
        "olga@exa mple.com",
        "olga@-example.com",
        "olga@example..com",
        ".olga@example.com",
        "olga\ud800@example.com",
        "olga@" + "a" * 64 + ".com",
    ],
)
async def test_no_address_becomes_a_command_or_a_header(mail: Sandbox, address: str) -> None:
    with pytest.raises(Rejected) as caught:
        await mailer(mail.smtp_port).send(letter(to=(address,)))
    assert "olga" not in str(caught.value)
    assert not mail.world.mailbox.letters


@pytest.mark.parametrize(
    "text", ["x\r\nBcc: spy@example.com", "x\nTo: spy@example.com\n\nbody", "x\u2028Bcc: spy@example.com", "x\x00\x0by"]
)
async def test_no_subject_and_no_file_name_becomes_a_header(mail: Sandbox, text: str) -> None:
    await mailer(mail.smtp_port).send(
        letter(subject=text, attached=(Attached(f"../{text}.pdf", PDF, f"a/b\r\n{text}"),))
    )
    [found] = await kept(mail)
    assert found["to"] == ["olga@example.com"]
    assert found["headers"]["To"] == "olga@example.com"
    assert "\n" not in found["headers"]["Subject"]
    [attached] = found["attachments"]
    assert not set(attached["name"]) & set("\r\n/\\\x00\u2028")
    assert attached["mime"] == "application/octet-stream"
    head = mail.world.mailbox.content(next(iter(mail.world.mailbox.letters.values()))).split(b"\r\n\r\n")[0]
    assert not any(line.startswith((b"Bcc", b"To: spy")) for line in head.splitlines())


async def test_addresses_of_other_scripts(mail: Sandbox) -> None:
    await mailer(mail.smtp_port).send(letter(to=("olga@почта.рф",)))
    await mailer(mail.smtp_port).send(letter(to=("ольга@почта.рф",)))
    assert [one.recipients for one in mail.world.mailbox.letters.values()] == [
        ["olga@xn--80a1acny.xn--p1ai"],
        ["ольга@xn--80a1acny.xn--p1ai"],
    ]


async def test_a_long_and_strange_letter(mail: Sandbox) -> None:
    await mailer(mail.smtp_port).send(
        letter(subject="Ё" * 500, text="😀" * 5000 + "\x00\ud800", attached=(Attached("Ю" * 400 + ".pdf", b""),))
    )
    [found] = await kept(mail)
    assert found["subject"] == "Ё" * 300
    assert found["text"].strip() == "😀" * 5000 + "?"


class TestTls:
    async def test_outside_of_this_machine_a_password_needs_starttls(self, mail: Sandbox) -> None:
        """The server offers no STARTTLS, as one would seem to whose answer somebody has changed on the way."""
        server = MailServer("localhost.localdomain.test", mail.smtp_port, False, "sandbox", "SANDBOX-mail-password")
        assert server.demands_tls
        assert not MailServer("127.0.0.1", 25, False, "a", "b").demands_tls
        assert not MailServer("mail.example.ru", 25, False).demands_tls
        mailer = Mailer(server, SENDER)
        client = mailer._client()
        client.hostname = "127.0.0.1"
        with pytest.raises(Exception, match="STARTTLS"):
            await client.connect()
        assert not mail.calls("DATA")

    @pytest.mark.parametrize("scheme", ["smtp", "smtps"])
    async def test_a_certificate_is_checked(self, scheme: str, tls_server: tuple[str, ssl.SSLContext]) -> None:
        address, trusting = tls_server
        host, starttls, wrapped = address.split("|")
        server = MailServer.parse(f"{scheme}://{host}:{starttls if scheme == 'smtp' else wrapped}")
        with pytest.raises(NotDone):
            await Mailer(server, SENDER).send(letter())
        await Mailer(server, SENDER, tls=trusting).send(letter())


@pytest.mark.parametrize(
    ("url", "port", "tls"),
    [
        ("smtp://mail.example.ru", 587, False),
        ("smtps://mail.example.ru", 465, True),
        ("smtp://u%40x:p%3Aw@mail.example.ru:25", 25, False),
    ],
)
def test_a_server_is_read(url: str, port: int, tls: bool) -> None:
    server = MailServer.parse(url)
    assert (server.host, server.port, server.tls) == ("mail.example.ru", port, tls)
    if "@" in url:
        assert (server.user, server.password) == ("u@x", "p:w")
        assert "p:w" not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        *("", "mail.example.ru", "http://mail.example.ru", "smtp://", "smtp://mail:99999", "smtp://mail:0"),
        *("smtp://secret@mail.example.ru", "smtp://mail.example.ru/x", "smtp://mail.example.ru?a", "smtp://a b"),
    ],
)
def test_a_server_that_cannot_be_read(url: str) -> None:
    with pytest.raises(ValueError, match=r"^(must|has|is)") as caught:
        MailServer.parse(url)
    assert "secret" not in str(caught.value)
