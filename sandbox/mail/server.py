"""The mail server: SMTP as published, on a port of its own, with faults; nothing is passed on."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from sandbox.faults import Fault, Setting, Side
from sandbox.mail.state import Mailbox, message_from

LARGEST = 30 * 1024 * 1024
"""Bytes of a message, as large providers take it."""

USER = "sandbox"
PASSWORD = "SANDBOX-mail-password"  # noqa: S105 - made up, opens nothing


class _Handler:
    """aiosmtpd calls these by name; each returns the answer's line."""

    def __init__(self, mailbox: Mailbox, changed: Callable[[], None]) -> None:
        self._mailbox, self._changed = mailbox, changed

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        del server, session, rcpt_options
        if self._strikes(Fault.RCPT_LATER, address):
            return self._refused("RCPT", [address], "450 4.2.1 <" + address + ">: try again later")
        if self._strikes(Fault.RCPT_REFUSED, address):
            return self._refused("RCPT", [address], "550 5.1.1 <" + address + ">: user unknown")
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        del session
        to = list(envelope.rcpt_tos)
        if slow := self._strikes(Fault.SLOW, *to):
            await asyncio.sleep(slow.seconds)
        if self._strikes(Fault.DATA_LATER, *to):
            return self._refused("DATA", to, "451 4.7.1 greylisted, try again later")
        if self._strikes(Fault.DATA_REFUSED, *to):
            return self._refused("DATA", to, "554 5.7.1 message refused")
        if self._strikes(Fault.DROPPED_BEFORE, *to):
            return self._drop(server, to, "dropped-before")
        content = envelope.original_content or b""
        self._mailbox.keep(envelope.mail_from or "", to, content)
        self._changed()
        if self._strikes(Fault.DROPPED, *to):
            return self._drop(server, to, "dropped")
        self._note("DATA", to, "250", _wrong(content))
        return "250 2.0.0 Ok: queued"

    def _strikes(self, fault: Fault, *addresses: str) -> Setting | None:
        return self._mailbox.faults.strikes(Side.MAIL, fault, " ".join(addresses))

    def _drop(self, server: SMTP, to: list[str], outcome: str) -> str:
        self._note("DATA", to, outcome)
        _hang_up(server)
        return "421 4.3.2 gone"

    def _refused(self, command: str, to: list[str], line: str) -> str:
        self._note(command, to, line.split(maxsplit=1)[0])
        return line

    def _note(self, command: str, to: list[str], outcome: str, violation: str | None = None) -> None:
        self._mailbox.journal.note(Side.MAIL, command, " ".join(to), {"to": to}, outcome, violation)


class _Server(SMTP):
    def __init__(self, mailbox: Mailbox, changed: Callable[[], None], open_: set["_Server"]) -> None:
        self._mailbox, self._open = mailbox, open_
        super().__init__(
            _Handler(mailbox, changed),
            hostname="sandbox.test",
            ident="ESMTP sandbox",
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=_authenticate,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self._mailbox.faults.strikes(Side.MAIL, Fault.NO_CONNECTION, ""):
            assert isinstance(transport, asyncio.Transport)
            self._mailbox.journal.note(Side.MAIL, "CONNECT", "", {}, "no-connection")
            transport.abort()
            return
        self._open.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self in self._open:
            self._open.discard(self)
            super().connection_lost(error)


class MailServer:
    """`port` 0: any free one; `port` tells it once `start` has been awaited."""

    def __init__(self, mailbox: Mailbox, changed: Callable[[], None], host: str, port: int) -> None:
        self._mailbox, self._changed, self.host, self.port = mailbox, changed, host, port
        self._listening: asyncio.Server | None = None
        self._open: set[_Server] = set()

    async def start(self) -> None:
        # It warns of its own deprecations at each log-in.
        logging.getLogger("mail.log").setLevel(logging.ERROR)
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(
            lambda: _Server(self._mailbox, self._changed, self._open), self.host, self.port
        )
        self.port = self._listening.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._listening is None:
            return
        self._listening.close()
        for one in list(self._open):
            _hang_up(one)
        await asyncio.sleep(0)
        self._listening = None


def _hang_up(server: SMTP) -> None:
    if isinstance(server.transport, asyncio.Transport):
        server.transport.abort()


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    """One account; without a log-in letters are taken too."""
    known = (getattr(data, "login", b""), getattr(data, "password", b"")) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known and mechanism in ("LOGIN", "PLAIN"), handled=False)


def _wrong(content: bytes) -> str | None:
    """What a letter must have by RFC 5322 and does not."""
    message = message_from(content)
    missing = [name for name in ("From", "To", "Date", "Message-ID", "Subject") if not message[name]]
    if missing:
        return f"without {', '.join(missing)}"
    if any(len(line) > 998 for line in content.split(b"\r\n")):
        return "a line longer than 998 characters"
    return "defects: " + ", ".join(type(one).__name__ for one in message.defects) if message.defects else None
