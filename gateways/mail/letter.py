"""A mail as bytes (RFC 5322, 2045–2047, 2231): the same letter gives the same bytes each time."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import HeaderParseError, MessageDefect
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, quote
from typing import Final, Self
from uuid import UUID

from gateways.outcome import Rejected

LONGEST_ADDRESS: Final = 254
"""RFC 5321, 4.5.3.1.3 with the angle brackets."""

LONGEST_LOCAL: Final = 64
LONGEST_SUBJECT: Final = 300
LONGEST_NAME: Final = 150
"""Characters of a file's or a person's name."""

BAD_ADDRESS: Final = 553
"""RFC 5321: mailbox name not allowed."""

_CONTROL: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+"
)
_NOT_IN_A_FILE_NAME: Final = re.compile(r'[/\\:*?"<>|]+')
_LOCAL: Final = re.compile(r"[^\s\x00-\x1f\x7f-\x9f\"(),:;<>@\[\\\]\ud800-\udfff]+")
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_MIME: Final = re.compile(r"([a-z0-9][a-z0-9.+-]{0,60})/([a-z0-9][a-z0-9.+-]{0,60})")
_PLAIN: Final = SMTP.clone(cte_type="7bit", refold_source="none")
_WITH_UTF8: Final = SMTP.clone(utf8=True, refold_source="none")
"""For SMTPUTF8 alone: an address outside of ASCII has no other form in a header."""


@dataclass(frozen=True)
class Mailbox:
    """An address with an optional name, as in «Привет <hello@example.ru>»."""

    address: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError; takes no lists, comments and groups."""
        name, bracket, rest = text.strip().rpartition("<")
        if bracket and not rest.endswith(">"):
            raise ValueError("must be an address, or a name with an address in angle brackets")
        given = rest[:-1] if bracket else text.strip()
        if not is_address(given):
            raise ValueError("must be an address, or a name with an address in angle brackets")
        return cls(given, one_line(name.strip().strip('"'), LONGEST_NAME))

    @property
    def domain(self) -> str:
        return ascii_domain(self.address.rpartition("@")[2])


@dataclass(frozen=True)
class Attached:
    """`mime`: as `application/pdf`."""

    name: str
    data: bytes = field(repr=False)
    mime: str = "application/pdf"


@dataclass(frozen=True)
class Letter:
    """`id` and `at` make a repeat the same mail: same Message-ID, same date, same bytes. `html` may be left out."""

    id: UUID
    at: datetime
    to: tuple[str, ...] = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    attached: tuple[Attached, ...] = field(default=(), repr=False)


def is_address(text: str) -> bool:
    """A plain `local@domain`, also with letters of other scripts (RFC 6531); no quoted locals, no literal addresses."""
    local, _, domain = text.rpartition("@")
    if len(text.encode(errors="replace")) > LONGEST_ADDRESS or len(local.encode(errors="replace")) > LONGEST_LOCAL:
        return False
    dotted = not local.startswith(".") and not local.endswith(".") and ".." not in local
    return bool(_LOCAL.fullmatch(local)) and dotted and _is_domain(domain)


def ascii_domain(domain: str) -> str:
    """«почта.рф» becomes `xn--…`. Raises ValueError."""
    return domain.encode("idna").decode().lower() if not domain.isascii() else domain.lower()


def needs_utf8(letter: Letter, sender: Mailbox) -> bool:
    """Whether a local part is written in another script (RFC 6531); a domain always has a form in ASCII."""
    return not all(one.rpartition("@")[0].isascii() for one in (*letter.to, sender.address))


def message_id(letter_id: UUID, domain: str) -> str:
    return f"<{letter_id}@{domain}>"


def one_line(text: str, longest: int) -> str:
    """For a header: line breaks, control characters and marks of direction become a space."""
    return " ".join(_CONTROL.sub(" ", text).split())[:longest]


def bytes_of(letter: Letter, sender: Mailbox, reply_to: Mailbox | None) -> bytes:
    """The message with CRLF, 7-bit throughout: servers without 8BITMIME take it as well. Raises Rejected (553).

    Auto-Submitted (RFC 3834) keeps answering machines silent. There are no List headers: nobody subscribes to it.
    """
    mail = EmailMessage(policy=_WITH_UTF8 if needs_utf8(letter, sender) else _PLAIN)
    mail.set_raw("From", _named(sender))
    mail["To"] = [_shown(checked(one)) for one in letter.to]
    if reply_to is not None:
        mail.set_raw("Reply-To", _named(reply_to))
    mail["Subject"] = one_line(letter.subject, LONGEST_SUBJECT)
    mail["Date"] = format_datetime(letter.at.astimezone(UTC))
    mail["Message-ID"] = message_id(letter.id, sender.domain)
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = "ru"
    mail.set_content(_sound(letter.text), cte="base64")
    if letter.html:
        mail.add_alternative(_sound(letter.html), subtype="html", cte="base64")
    for one in letter.attached:
        kind = _MIME.fullmatch(one.mime.lower())
        main, sub = kind.groups() if kind else ("application", "octet-stream")
        if main in ("message", "multipart", "text"):
            main, sub = "application", "octet-stream"
        mail.add_attachment(one.data, maintype=main, subtype=sub, filename=_file_name(one.name), cte="base64")
    _bound(mail, letter.id)
    return mail.as_bytes()


def checked(address: str) -> str:
    """Raises Rejected, without the address, for one that no mail can go to."""
    if not is_address(address):
        raise Rejected(BAD_ADDRESS, "not an address")
    return address


def _is_domain(domain: str) -> bool:
    try:
        labels = ascii_domain(domain).split(".")
    except (ValueError, UnicodeError):
        return False
    return len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)


def _shown(address: str) -> Address:
    local, _, domain = address.rpartition("@")
    try:
        return Address(username=local, domain=ascii_domain(domain))
    except (HeaderParseError, MessageDefect, IndexError):
        raise Rejected(BAD_ADDRESS, "not an address") from None


def _named(mailbox: Mailbox) -> str:
    """Encoded by hand: the policies of Python 3.11 lose a space where they fold a name (gh-92081)."""
    local, _, domain = mailbox.address.rpartition("@")
    address = f"{local}@{ascii_domain(domain)}"
    if not mailbox.name:
        return address
    if mailbox.name.isascii():
        return f'"{quote(mailbox.name)}" <{address}>'
    encoded = Header(mailbox.name, "utf-8", header_name="Reply-To").encode(linesep=SMTP.linesep)
    return f"{encoded}{SMTP.linesep} <{address}>"


def _sound(text: str) -> str:
    """Without NUL and halves of surrogate pairs, which no encoding has."""
    return text.replace("\x00", "").encode(errors="replace").decode()


def _file_name(name: str) -> str:
    return _NOT_IN_A_FILE_NAME.sub("_", one_line(name, LONGEST_NAME)).lstrip(".") or "file"


def _bound(mail: EmailMessage, letter_id: UUID) -> None:
    """Boundaries made of the id, in place of random ones."""
    for number, part in enumerate(_multiparts(mail)):
        part.set_boundary(f"=_{hashlib.sha256(f'{letter_id}:{number}'.encode()).hexdigest()[:40]}")


def _multiparts(mail: EmailMessage) -> Iterator[EmailMessage]:
    for part in mail.walk():
        if part.is_multipart() and isinstance(part, EmailMessage):
            yield part
