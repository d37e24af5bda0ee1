"""A small proxy that speaks HTTP CONNECT, plain or inside TLS, and SOCKS5; it alone knows where a name leads."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

LOGIN = ("privet", "p@ss:word")
"""Name and password, with signs that an address has to encode."""

ENCODED = "privet:p%40ss%3Aword"


@dataclass
class Proxy:
    """`routes`: where a name leads, as host and port. Callers have to show `LOGIN`."""

    routes: Mapping[str, tuple[str, int]]
    port: int = 0
    asked: list[str] = field(default_factory=list)
    """Names that were asked for, one for each connection."""
    refused: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            first = await reader.readexactly(1)
            name = await (self._socks(reader, writer) if first == b"\x05" else self._connect(first, reader, writer))
            if name is not None:
                self.asked.append(name)
                await self._tunnel(name, reader, writer)
        writer.close()

    async def _connect(self, first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str | None:
        head = (first + await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        method, target, _ = head[0].split(" ")
        shown = base64.b64encode(":".join(LOGIN).encode()).decode()
        if method != "CONNECT" or f"proxy-authorization: basic {shown}".lower() not in [one.lower() for one in head]:
            self.refused += 1
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
            return None
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return target.rpartition(":")[0]

    async def _socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str | None:
        """RFC 1928 with the user names of RFC 1929."""
        await reader.readexactly((await reader.readexactly(1))[0])
        writer.write(b"\x05\x02")
        await reader.readexactly(1)
        given = [(await reader.readexactly((await reader.readexactly(1))[0])).decode() for _ in range(2)]
        if tuple(given) != LOGIN:
            self.refused += 1
            writer.write(b"\x01\x01")
            return None
        writer.write(b"\x01\x00")
        _, _, _, kind = await reader.readexactly(4)
        assert kind == 3, "the proxy looks names up"
        name = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        await reader.readexactly(2)
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        return name

    async def _tunnel(self, name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self.routes[name])
        try:
            await asyncio.gather(_pump(reader, back), _pump(there, writer))
        finally:
            back.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def running_proxy(
    routes: Mapping[str, tuple[str, int]], tls: ssl.SSLContext | None = None
) -> AsyncIterator[Proxy]:
    proxy = Proxy(routes)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, ssl=tls)
    proxy.port = server.sockets[0].getsockname()[1]
    yield proxy
    server.close()
