"""The channel of mail."""

import html
import re
from typing import Final

from activities.deliveries.carrier import Outgoing, Receipt
from domain.kernel.clock import Clock
from gateways.mail.client import Mailer
from gateways.mail.letter import Attached, Letter

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"«»]+[^\s<>\"«».,;:!?)]")
_PAGE: Final = (
    '<!doctype html><html lang="ru"><head><meta charset="utf-8"></head>'
    '<body style="margin:0;padding:24px;font:16px/1.5 Arial,sans-serif;color:#1a1a1a;background:#ffffff">'
    '<div style="max-width:640px">{}</div></body></html>'
)


class MailCarrier:
    """Its id of a message is the mail's Message-ID; a server's acceptance says nothing about the mailbox."""

    gives_receipts = False

    def __init__(self, mailer: Mailer, now: Clock) -> None:
        self.mailer, self.now = mailer, now

    async def send(self, message: Outgoing) -> str:
        letter = Letter(
            id=message.id,
            at=self.now(),
            to=(message.address,),
            subject=message.subject,
            text=message.text,
            html=message.html or page_of(message.text),
            attached=tuple(Attached(file.name, file.content, file.content_type) for file in message.files),
        )
        return (await self.mailer.send(letter)).message_id

    async def receipt(self, provider_id: str) -> Receipt | None:  # noqa: ARG002  # SMTP has none
        return None


def page_of(text: str) -> str:
    """A text as a page: paragraphs, line breaks and links, nothing of it as markup."""
    paragraphs = (part.strip("\n") for part in re.split(r"\n{2,}", text.replace("\r\n", "\n")) if part.strip())
    return _PAGE.format("".join(f'<p style="margin:0 0 16px">{_linked(part)}</p>' for part in paragraphs))


def _linked(text: str) -> str:
    parts, begin = [], 0
    for found in _ADDRESS.finditer(text):
        parts += [_safe(text[begin : found.start()]), f'<a href="{html.escape(found[0])}">{html.escape(found[0])}</a>']
        begin = found.end()
    return "".join([*parts, _safe(text[begin:])])


def _safe(text: str) -> str:
    return html.escape(text).replace("\n", "<br>\n")
