"""A mail server of the sandbox: real SMTP on a free port, with faults."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.sandbox_server import Sandbox, running_sandbox


@pytest.fixture(scope="session")
async def mail_sandbox() -> AsyncIterator[Sandbox]:
    async with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
async def mail(mail_sandbox: Sandbox) -> AsyncIterator[Sandbox]:
    mail_sandbox.clear()
    mail_sandbox.world.mailbox.clear()
    yield mail_sandbox
    assert mail_sandbox.world.journal.violations() == []
    mail_sandbox.clear()


@pytest.fixture
async def tls_server(tmp_path: Path) -> AsyncIterator[tuple[str, ssl.SSLContext]]:
    """A server with a certificate of its own making: `host|port of STARTTLS|port of TLS`; a context that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(certificate.public_bytes(Encoding.PEM) + private)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(file)
    loop = asyncio.get_running_loop()

    class Taking:
        async def handle_DATA(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
            return "250 2.0.0 Ok"

    offered = await loop.create_server(lambda: SMTP(Taking(), tls_context=own), "127.0.0.1", 0)
    wrapped = await loop.create_server(lambda: SMTP(Taking()), "127.0.0.1", 0, ssl=own)
    ports = [str(one.sockets[0].getsockname()[1]) for one in (offered, wrapped)]
    trusting = ssl.create_default_context(cafile=str(file))
    async with offered, wrapped:
        yield "|".join(("localhost", *ports)), trusting
