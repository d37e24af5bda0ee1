"""The electronic seal of a PDF (PAdES), which detects any later change, including appended bytes."""

import struct
import unicodedata
import warnings
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

FIELD = "Seal"
_TEN_YEARS = timedelta(days=3653)

LONGEST_NAME = 500
"""Characters of the organisation in the certificate of a seal."""

_COMMON_NAME = 64


@dataclass(frozen=True)
class SealVerdict:
    """`valid`: the file has one seal, by a trusted certificate, over the whole file; `signer` is its common name.

    The signature does not cover a few meaningless bytes of its own envelope, so a stored sealed file must be compared
    by SHA-256 as well.
    """

    valid: bool
    covers_whole_file: bool
    signer: str | None


# A public page accepts any bytes, and the PDF and ASN.1 parsers raise many kinds of exceptions for them.
_NOT_OUR_FILE = (
    *(PdfError, PathError, ValidationError, InvalidSignature, UnsupportedAlgorithm, struct.error, zlib.error),
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RuntimeError, OSError),
)

# The certificate itself is trusted, so its key usage is not checked.
_ANY_USAGE = KeyUsageConstraints(key_usage=set(), key_usage_forbidden=set())

NO_SEAL = SealVerdict(valid=False, covers_whole_file=False, signer=None)


class Seal:
    """Seals with one key; trusts its own certificate and `earlier` ones (PEM or DER; an empty file has none)."""

    def __init__(self, key_store: bytes, passphrase: str, earlier: Sequence[bytes] = ()) -> None:
        """`key_store` is PKCS#12; raises ValueError if it or the passphrase or an earlier certificate is wrong."""
        self._signer = SimpleSigner.load_pkcs12_data(key_store, other_certs=(), passphrase=passphrase.encode() or None)
        own = self._signer.signing_cert
        if own is None:
            raise ValueError("the key store of the seal holds no certificate")
        self._trusted = {
            one.dump(): one for file in earlier if file.strip() for one in load_certs_from_pemder_data(file)
        }
        self._trusted[own.dump()] = own

    def seal(self, pdf: bytes) -> bytes:
        """Add a certifying signature that allows no changes; must not run in a thread with a running event loop."""
        metadata = PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        sealed = sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), metadata, signer=self._signer)
        return bytes(sealed.getbuffer())

    def verify(self, pdf: bytes) -> SealVerdict:
        """Check whether the file has a trusted seal and is unchanged; never raises for an uploaded file."""
        try:
            return self._judge(pdf)
        except _NOT_OUR_FILE:
            return NO_SEAL

    def _judge(self, pdf: bytes) -> SealVerdict:
        if b"/ByteRange" not in pdf:
            return NO_SEAL
        signatures = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
        if len(signatures) != 1:
            return NO_SEAL
        seal = signatures[0]
        certificate = self._trusted.get(seal.signer_cert.dump())
        seal.compute_integrity_info()
        whole = seal.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE and _no_room_left(pdf, seal)
        signer = seal.signer_cert.subject.native.get("common_name")
        if certificate is None:
            return SealVerdict(valid=False, covers_whole_file=whole, signer=signer)
        # The certificate's dates are not checked: its seals stay valid after it expires.
        trust = ValidationContext(
            trust_roots=[certificate], moment=certificate.not_valid_before + timedelta(seconds=1), allow_fetching=False
        )
        status = validate_pdf_signature(seal, signer_validation_context=trust, key_usage_settings=_ANY_USAGE)
        return SealVerdict(
            valid=bool(status.intact and status.valid and status.trusted and whole and status.bottom_line),
            covers_whole_file=whole,
            signer=signer,
        )


def _no_room_left(pdf: bytes, seal: EmbeddedPdfSignature) -> bool:
    """Whether the unsigned gap for the signature has only the signature and zeros."""
    _, begin, end, _ = map(int, seal.byte_range)
    hole = pdf[begin + 1 : end - 1]
    envelope = bytes.fromhex(hole.decode("ascii"))
    # DER: a sequence with a two-byte length, as in every signature with a certificate.
    length = 4 + int.from_bytes(envelope[2:4])
    return envelope[:2] == b"\x30\x82" and hole == envelope[:length].hex().upper().encode().ljust(len(hole), b"0")


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
