"""A small HTTP server that answers as a test tells it, broken connections included, and remembers what it was asked."""

import asyncio
import json
import socket
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reply:
    """`body` goes out as it is; `length` is what Content-Length claims, when that is not the truth."""

    status: int = 200
    body: bytes = b"{}"
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None


@dataclass(frozen=True)
class Dropped:
    """The request is read, and the connection is closed without an answer."""


@dataclass(frozen=True)
class Silence:
    """The request is read, and nothing comes until the other side gives up."""


@dataclass(frozen=True)
class Half:
    """The beginning of an answer, then the connection is closed."""

    sent: bytes = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"id": '


@dataclass(frozen=True)
class Asked:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def json(self) -> object:
        return json.loads(self.body)


Answer = Reply | Dropped | Silence | Half


class FakeHttpServer:
    """Answers in the order in which they were said; a request too many gets a status that no test expects."""

    def __init__(self) -> None:
        self.base = ""
        self.asked: list[Asked] = []
        self._answers: deque[Answer] = deque()

    def say(self, *answers: Answer) -> None:
        self._answers.extend(answers)

    def say_json(self, value: object, status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        self.say(Reply(status, json.dumps(value).encode(), headers=named))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (asked := await _request(reader)) is not None:
                self.asked.append(asked)
                answer = self._answers.popleft() if self._answers else Reply(599)
                if isinstance(answer, Silence):
                    await reader.read()
                if not isinstance(answer, Reply):
                    writer.write(answer.sent if isinstance(answer, Half) else b"")
                    return
                writer.write(_head(answer) + answer.body)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving() -> AsyncIterator[FakeHttpServer]:
    server = FakeHttpServer()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.base = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()


def unused_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _head(answer: Reply) -> bytes:
    length = len(answer.body) if answer.length is None else answer.length
    lines = {"Content-Type": answer.content_type, "Content-Length": str(length), **answer.headers}
    return (
        f"HTTP/1.1 {answer.status} X\r\n" + "".join(f"{name}: {text}\r\n" for name, text in lines.items()) + "\r\n"
    ).encode()


async def _request(reader: asyncio.StreamReader) -> Asked | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.strip().split("\r\n")
    method, target, _ = first.split(" ")
    headers = {name.lower(): text.strip() for name, _, text in (line.partition(":") for line in lines)}
    if headers.get("transfer-encoding") == "chunked":
        return Asked(method, target, headers, await _chunks(reader))
    return Asked(method, target, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while (size := int((await reader.readuntil(b"\r\n")).strip(), 16)) > 0:
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return body
