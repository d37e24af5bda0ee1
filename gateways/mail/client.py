"""Sends mail by SMTP: one connection and one transaction per letter; no retries."""

import asyncio
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPAuthenticationError, SMTPException, SMTPRecipientRefused, SMTPResponseException

from domain.kernel.secrecy import is_loopback
from gateways.mail.letter import BAD_ADDRESS, Letter, Mailbox, ascii_domain, bytes_of, checked, message_id, needs_utf8
from gateways.outcome import NotDone, Rejected, Unauthorised, Unknown

PORTS: Final = {"smtp": 587, "smtps": 465}
"""Schemes of SMTP_URL with their usual ports (RFC 6409, RFC 8314)."""

STEP_SECONDS: Final = 15.0
LETTER_SECONDS: Final = 22.0
"""For one letter with its attachments, also with a server that answers each line just in time; shorter than a delivery
waits for a channel, so that the time-out still says whether the content was on its way."""

_ENHANCED: Final = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")


@dataclass(frozen=True)
class MailServer:
    """`tls`: from the first byte on (`smtps`); else by STARTTLS. The text of this value holds no secret."""

    host: str
    port: int
    tls: bool
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, url: str) -> Self:
        """`smtp(s)://user:password@host:port`, name and password percent-encoded. Raises ValueError without the
        value."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise ValueError("is not an address") from None
        visible = all(character.isprintable() and not character.isspace() for character in url)
        bare = parts.path in ("", "/") and not parts.query and not parts.fragment
        if parts.scheme not in PORTS or not parts.hostname or port == 0 or not bare or not visible:
            raise ValueError("must be smtp:// or smtps:// with a host, as in smtps://user:password@host:465")
        if bool(parts.username) != bool(parts.password):
            raise ValueError("has a name without a password, or a password without a name")
        return cls(
            host=parts.hostname,
            port=port or PORTS[parts.scheme],
            tls=parts.scheme == "smtps",
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )

    @property
    def demands_tls(self) -> bool:
        """Outside of this machine a password never goes in the clear: without STARTTLS nothing is sent."""
        return not self.tls and self.password is not None and not is_loopback(self.host)


@dataclass(frozen=True)
class Posted:
    """`message_id`: of the header, with angle brackets; `refused`: numbers of the recipients (from 0) that the server
    did not take, with its status."""

    message_id: str
    refused: tuple[tuple[int, int], ...] = ()


class Mailer:
    """`tls`: another context than the default one, which checks certificates and names."""

    def __init__(
        self,
        server: MailServer,
        sender: Mailbox,
        reply_to: Mailbox | None = None,
        *,
        tls: ssl.SSLContext | None = None,
        seconds: float = STEP_SECONDS,
    ) -> None:
        self.server, self.sender, self.reply_to, self.seconds = server, sender, reply_to, seconds
        self._tls = tls

    async def send(self, letter: Letter) -> Posted:
        """Hands a letter to the server.

        Rejected (5xx, or no address that mail can go to), Unauthorised (the server's log-in), NotDone (4xx, no
        connection, lost before the content), Unknown (lost after it: the server may have it). With several recipients
        an error means that none was taken. No text of an error holds what the server said: it repeats addresses.
        """
        content = bytes_of(letter, self.sender, self.reply_to)
        deadline = asyncio.timeout(LETTER_SECONDS)
        sent = _Progress()
        smtp = self._client()
        try:
            async with deadline:
                return await self._post(smtp, letter, content, sent)
        except SMTPAuthenticationError as error:
            raise Unauthorised(error.code, "log-in") if error.code >= 500 else NotDone("log-in") from None
        except SMTPResponseException as error:
            raise _refusal(error.code, error.message, sent) from None
        except (SMTPException, OSError, TimeoutError, ssl.SSLError) as error:
            raise Unknown(type(error).__name__) if sent.content else NotDone(type(error).__name__) from None
        finally:
            smtp.close()

    async def _post(self, smtp: SMTP, letter: Letter, content: bytes, sent: "_Progress") -> Posted:
        await smtp.connect()
        await smtp.ehlo()
        recipients = [checked(one) for one in letter.to]
        options = self._options(smtp, letter)
        encoding = "utf-8" if "SMTPUTF8" in options else "ascii"
        if smtp.supports_extension("size"):
            options.append(f"SIZE={len(content)}")
        await smtp.mail(_on_the_wire(self.sender.address), options=options, encoding=encoding)
        refused = await self._name(smtp, recipients, encoding)
        # From here on a lost connection leaves open whether the server has the letter.
        sent.content = True
        await smtp.data(content)
        with suppress(SMTPException, OSError, TimeoutError):
            await smtp.quit()
        return Posted(message_id(letter.id, self.sender.domain), refused)

    def _options(self, smtp: SMTP, letter: Letter) -> list[str]:
        """Rejected for an address that the server has no way to carry."""
        if not needs_utf8(letter, self.sender):
            return []
        if not smtp.supports_extension("smtputf8"):
            raise Rejected(BAD_ADDRESS, "SMTPUTF8")
        return ["SMTPUTF8"]

    async def _name(self, smtp: SMTP, recipients: Sequence[str], encoding: str) -> tuple[tuple[int, int], ...]:
        """RCPT for each; raises if none is taken: Rejected when all are refused for good."""
        refused: list[tuple[int, int]] = []
        last: SMTPRecipientRefused | None = None
        for number, one in enumerate(recipients):
            try:
                await smtp.rcpt(_on_the_wire(one), encoding=encoding)
            except SMTPRecipientRefused as error:
                refused.append((number, error.code))
                if last is None or error.code < last.code:
                    last = error
        if last is not None and len(refused) == len(recipients):
            raise _refusal(last.code, last.message, _Progress()) from None
        return tuple(refused)

    def _client(self) -> SMTP:
        server = self.server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            local_hostname=self.sender.domain,
            timeout=self.seconds,
            use_tls=server.tls,
            start_tls=False if server.tls else True if server.demands_tls else None,
            tls_context=self._tls or ssl.create_default_context(),
        )


@dataclass
class _Progress:
    content: bool = False


def _on_the_wire(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def _refusal(code: int, said: str, sent: _Progress) -> Exception:
    """Of what the server said only its enhanced status (RFC 3463) is kept."""
    found = _ENHANCED.match(said)
    reason = found.group() if found else ""
    if code >= 500:
        return Rejected(code, reason)
    if code >= 400:
        return NotDone(f"{code} {reason}".rstrip())
    return Unknown(f"{code} {reason}".rstrip()) if sent.content else NotDone(f"{code} {reason}".rstrip())
