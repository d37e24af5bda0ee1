"""Everything that goes to Telegram goes through TELEGRAM_PROXY: only the proxy knows where Telegram is."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateways.outcome import NotDone
from gateways.telegram.client import TelegramApi
from gateways.telegram.shapes import Place
from tests.fake_http_server import unused_port
from tests.proxy import ENCODED, Proxy, running_proxy
from tests.sandbox_server import Sandbox, running_sandbox

TELEGRAM = "http://telegram.invalid"
"""A name that nobody but the proxy can look up."""


@pytest.fixture
async def outside() -> AsyncIterator[Sandbox]:
    async with running_sandbox() as sandbox:
        yield sandbox


@asynccontextmanager
async def by_proxy(
    outside: Sandbox, scheme: str, tls: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[Proxy, TelegramApi]]:
    to = urlsplit(outside.url)
    async with running_proxy({"telegram.invalid": (str(to.hostname), to.port or 0)}, tls) as proxy:
        api = TelegramApi(TELEGRAM, proxy=f"{scheme}://{ENCODED}@127.0.0.1:{proxy.port}")
        try:
            yield proxy, api
        finally:
            await api.close()


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A proxy's certificate, known to this machine."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "proxy")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path, private = tmp_path / "proxy.pem", tmp_path / "proxy.key"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(path, private)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return context


@pytest.mark.parametrize("scheme", ["http", "https", "socks5", "socks5h"])
async def test_calls_polls_and_files_go_through_the_proxy(
    outside: Sandbox, certificate: ssl.SSLContext, scheme: str
) -> None:
    _, token, username = await outside.bot()
    group = await outside.group(token)
    async with by_proxy(outside, scheme, certificate if scheme == "https" else None) as (proxy, api):
        bot = api.bot(token)
        assert (await bot.me()).username == username
        thread = await bot.create_topic(group, "Велосипед")
        await bot.send_text(Place(group, thread), "Ещё продаётся?")
        photo = {"kind": "photo", "caption": "Вот"}
        await outside.post(f"/groups/{group}/topics/{thread}/messages", **photo)
        update = (await bot.updates(None, 0))[-1]
        message = update["message"]
        assert isinstance(message, dict)
        file_id = message["photo"][-1]["file_id"]
        assert (await bot.download(file_id, 1_000_000)).data.startswith(b"\x89PNG")
        assert set(proxy.asked) == {"telegram.invalid"}


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_that_is_away_or_refuses_means_that_nothing_was_sent(outside: Sandbox, scheme: str) -> None:
    _, token, _ = await outside.bot()
    async with by_proxy(outside, scheme) as (proxy, _):
        for address in (f"{scheme}://privet:wrong@127.0.0.1:{proxy.port}", f"{scheme}://127.0.0.1:{unused_port()}"):
            api = TelegramApi(TELEGRAM, proxy=address)
            with pytest.raises(NotDone) as failed:
                await api.bot(token).me()
            assert "wrong" not in str(failed.value)
            await api.close()
        assert (proxy.refused, proxy.asked) == (1, [])
