"""A mailer for a port of this machine, and a letter to send."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from gateways.mail.client import Mailer, MailServer
from gateways.mail.letter import Attached, Letter, Mailbox

SENDER: Final = Mailbox.parse("Привет <hello@privet.test>")
ID: Final = UUID("0b9c1e4e-4f6a-4bb2-9f7e-54a5d2a9b001")
PDF: Final = b"%PDF-1.7\r\n" + bytes(range(256)) * 40


def mailer(port: int, **more: Any) -> Mailer:
    url = f"smtp://sandbox:SANDBOX-mail-password@127.0.0.1:{port}"
    return Mailer(MailServer.parse(url), SENDER, Mailbox.parse("help@privet.test"), **more)


def letter(**more: Any) -> Letter:
    base: dict[str, Any] = {
        "id": ID,
        "at": datetime(2026, 11, 30, 12, 0, tzinfo=UTC),
        "to": ("olga@example.com",),
        "subject": "Договор № 7 подписан",
        "text": "Здравствуйте!\n.\n.. точка в начале строки\n",
        "html": "<p>Здравствуйте!</p>",
        "attached": (Attached("Договор № 7.pdf", PDF),),
    }
    return Letter(**{**base, **more})
