"""The electronic seal of a PDF (PAdES), which detects any later change, including appended bytes."""

import asyncio
import unicodedata
import warnings
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TypeAlias

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.embed import EmbeddedFileObject, FileSpec, embed_file
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfTimeStamper, SimpleSigner, async_sign_pdf
from pyhanko.sign.timestamps import TimeStamper

from documents.contracts.verification import SealTrust, SealVerdict, TrustedSeal, trusted_seals

FIELD = "Seal"
STAMP_FIELD = "Stamp"
MD = "sha256"
_RESERVED = 48 * 1024
"""Hexadecimal digits for a signature with its stamp: the longest answer of an authority (16 KiB) and 8 KiB of ours."""

_TEN_YEARS = timedelta(days=3653)

LONGEST_NAME = 500
"""Characters of the organisation in the certificate of a seal."""

_COMMON_NAME = 64


Stamp: TypeAlias = Callable[[bytes], Awaitable[bytes]]
"""Asks an authority for a time stamp of a SHA-256 digest: DER of the token."""


@dataclass(frozen=True, repr=False)
class Attached:
    """A file inside of a sealed PDF, covered by the seal. `name` is plain ASCII."""

    name: str
    mime_type: str
    content: bytes
    description: str


class Seal:
    """Seals with one key; trusts its own certificate and `earlier` ones (PEM or DER; an empty file has none)."""

    def __init__(self, key_store: bytes, passphrase: str, earlier: Sequence[bytes] = ()) -> None:
        """`key_store` is PKCS#12; raises ValueError if it or the passphrase or an earlier certificate is wrong."""
        self._signer = SimpleSigner.load_pkcs12_data(key_store, other_certs=(), passphrase=passphrase.encode() or None)
        own = self._signer.signing_cert
        if own is None:
            raise ValueError("the key store of the seal holds no certificate")
        self.trusted = [TrustedSeal(own), *trusted_seals(earlier)]
        self._trust = SealTrust(self.trusted)

    def seal(self, pdf: bytes) -> bytes:
        """`sealed` without files and stamp, for a thread without a running event loop."""
        return asyncio.run(self.sealed(pdf))

    async def sealed(self, pdf: bytes, files: Sequence[Attached] = (), stamp: Stamp | None = None) -> bytes:
        """The PDF with its files under a certifying signature that allows no changes.

        PAdES B-B, or B-T with `stamp`, whose errors pass through; the given bytes are the beginning of the result.
        """
        writer = IncrementalPdfFileWriter(BytesIO(pdf))
        for file in files:
            _attach(writer, file)
        metadata = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm=MD,
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        sealed = await async_sign_pdf(
            writer,
            metadata,
            signer=self._signer,
            timestamper=_Asking(stamp) if stamp is not None else None,
            bytes_reserved=_RESERVED if stamp is not None else None,
        )
        return bytes(sealed.getbuffer())

    def verify(self, pdf: bytes) -> SealVerdict:
        """As `SealTrust.verify`, by the certificates of this key and of the earlier ones."""
        return self._trust.verify(pdf)


async def stamped(pdf: bytes, stamp: Stamp) -> bytes:
    """A second edition of a sealed file: the same bytes, and a document time stamp over all of them."""
    done = await PdfTimeStamper(_Asking(stamp), field_name=STAMP_FIELD).async_timestamp_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)), MD, bytes_reserved=_RESERVED
    )
    return bytes(done.getbuffer())


class _Asking(TimeStamper):
    """pyHanko's view of whoever stamps; it never asks for a stamp of nothing only to learn its size."""

    def __init__(self, stamp: Stamp) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._stamp = stamp

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        if md_algorithm != MD:
            raise ValueError("only SHA-256 is stamped")
        return cms.ContentInfo.load(await self._stamp(message_digest))


def _attach(writer: IncrementalPdfFileWriter, file: Attached) -> None:
    data = EmbeddedFileObject.from_file_data(writer, data=file.content, mime_type=file.mime_type)
    spec = FileSpec(file_spec_string=file.name, file_name=file.name, embedded_data=data, description=file.description)
    embed_file(writer, spec)


def make_self_signed(name: str, passphrase: str = "") -> bytes:
    """A new P-256 key with a self-signed certificate for ten years, as PKCS#12.

    The common name holds 64 characters (X.520, ub-common-name): of a longer name its beginning, and the whole name is
    the organisation's. Raises ValueError, with a sentence for the operator, for a name that no certificate can have.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name_of_key = _distinguished_name(name)
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name_of_key)
        .issuer_name(name_of_key)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _TEN_YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_for_signing(), critical=True)
        .sign(key, hashes.SHA256())
    )
    locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, locked)


def certificate_of(key_store: bytes, passphrase: str) -> bytes:
    """The certificate of a PKCS#12 file as PEM, without the key; raises ValueError for a wrong file or passphrase."""
    _, certificate, _ = pkcs12.load_key_and_certificates(key_store, passphrase.encode() or None)
    if certificate is None:
        raise ValueError("the key store of the seal holds no certificate")
    return certificate.public_bytes(Encoding.PEM)


def _distinguished_name(name: str) -> x509.Name:
    whole = " ".join(unicodedata.normalize("NFC", name).split())
    if not whole:
        raise ValueError("The name of the seal is empty.")
    if not whole.isprintable():
        raise ValueError("The name of the seal has control or invisible characters.")
    if len(whole) > LONGEST_NAME:
        raise ValueError(f"The name of the seal has more than {LONGEST_NAME} characters.")
    common = whole if len(whole) <= _COMMON_NAME else whole[: _COMMON_NAME - 1].rstrip() + "…"
    with warnings.catch_warnings():
        # The library measures in bytes and would count a Cyrillic letter twice.
        warnings.simplefilter("ignore", UserWarning)
        attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common, _validate=False)]
    if common != whole:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, whole))
    return x509.Name(attributes)


def _for_signing() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
