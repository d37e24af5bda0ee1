"""Is a file sealed by us and unchanged: by the public certificates of the seals alone."""

import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError


@dataclass(frozen=True)
class SealVerdict:
    """`valid`: the file has one seal, by a trusted certificate, over the whole file, and nothing but a time stamp
    came after it; `signer` is its common name; `stamped_*` are of a good time stamp over the seal, if it has one.

    The signature does not cover a few meaningless bytes of its own envelope, so a stored sealed file must be compared
    by SHA-256 as well.
    """

    valid: bool
    covers_whole_file: bool
    signer: str | None
    stamped_at: datetime | None = None
    stamped_by: str | None = None


@dataclass(frozen=True)
class TrustedSeal:
    """A certificate of ours; a seal of a key that was revoked needs a stamp from before `revoked_from`."""

    certificate: asn1.Certificate
    revoked_from: datetime | None = None


# A public page accepts any bytes, and the PDF and ASN.1 parsers raise many kinds of exceptions for them.
_NOT_OUR_FILE = (
    *(PdfError, PathError, ValidationError, InvalidSignature, UnsupportedAlgorithm, struct.error, zlib.error),
    *(SignatureValidationError, SigningError),
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RuntimeError, OSError),
)

# The certificate itself is trusted, so its key usage is not checked.
_ANY_USAGE = KeyUsageConstraints(key_usage=set(), key_usage_forbidden=set())

NO_SEAL = SealVerdict(valid=False, covers_whole_file=False, signer=None)


def trusted_seals(files: Iterable[bytes], revoked_from: datetime | None = None) -> list[TrustedSeal]:
    """The certificates of PEM or DER files; an empty file has none. Raises ValueError."""
    return [
        TrustedSeal(one, revoked_from) for file in files if file.strip() for one in load_certs_from_pemder_data(file)
    ]


class SealTrust:
    """Believes seals by these certificates, and stamps by `authorities`: without any, by whom they come from."""

    def __init__(self, seals: Sequence[TrustedSeal], authorities: Sequence[asn1.Certificate] = ()) -> None:
        self._seals = {one.certificate.dump(): one for one in seals}
        self._authorities = list(authorities)

    def verify(self, pdf: bytes) -> SealVerdict:
        """Check whether the file has a trusted seal and is unchanged; never raises for an uploaded file.

        Must not run in a thread with a running event loop.
        """
        try:
            return self._judge(pdf)
        except _NOT_OUR_FILE:
            return NO_SEAL

    def _judge(self, pdf: bytes) -> SealVerdict:
        if b"/ByteRange" not in pdf:
            return NO_SEAL
        reader = PdfFileReader(BytesIO(pdf))
        signatures, stamps = reader.embedded_regular_signatures, reader.embedded_timestamp_signatures
        if len(signatures) != 1 or len(stamps) > 1:
            return NO_SEAL
        seal = signatures[0]
        whole = _covers(pdf, seal, stamps)
        signer = seal.signer_cert.subject.native.get("common_name")
        trusted = self._seals.get(seal.signer_cert.dump())
        if trusted is None:
            return SealVerdict(valid=False, covers_whole_file=whole, signer=signer)
        good, inner = self._seal_is_good(seal, trusted.certificate)
        outer = self._document_stamp(stamps[0]) if stamps else None
        stamped = outer or inner
        first = min((one[0] for one in (inner, outer) if one is not None), default=None)
        valid = good and whole and (outer is not None or not stamps) and _in_force(trusted, first)
        at, by = stamped or (None, None)
        return SealVerdict(valid=valid, covers_whole_file=whole, signer=signer, stamped_at=at, stamped_by=by)

    def _seal_is_good(
        self, seal: EmbeddedPdfSignature, certificate: asn1.Certificate
    ) -> tuple[bool, tuple[datetime, str] | None]:
        """And what the stamp inside of the signature says."""
        # The certificate's dates are not checked: its seals stay valid after it expires.
        trust = ValidationContext(
            trust_roots=[certificate], moment=certificate.not_valid_before + timedelta(seconds=1), allow_fetching=False
        )
        token = _inner_token(seal)
        status = validate_pdf_signature(
            seal,
            signer_validation_context=trust,
            ts_validation_context=self._time_trust(token) if token is not None else None,
            key_usage_settings=_ANY_USAGE,
        )
        good = bool(status.intact and status.valid and status.trusted and status.bottom_line)
        unchanged = (status.modification_level or ModificationLevel.NONE) <= ModificationLevel.LTA_UPDATES
        stamp = status.timestamp_validity
        if token is None or stamp is None or not (stamp.intact and stamp.valid and stamp.trusted):
            return good and unchanged and token is None, None
        return good and unchanged, (stamp.timestamp, _name(_authority(token)))

    def _document_stamp(self, stamp: EmbeddedPdfSignature) -> tuple[datetime, str] | None:
        token = stamp.signed_data
        status = validate_pdf_timestamp(stamp, validation_context=self._time_trust(token))
        good = status.intact and status.valid and status.trusted
        return (status.timestamp, _name(_authority(token))) if good else None

    def _time_trust(self, token: cms.SignedData) -> ValidationContext:
        """At the time of the stamp: an authority whose certificate expired later stays good."""
        at = token["encap_content_info"]["content"].parsed["gen_time"].native
        roots = self._authorities or [_authority(token)]
        return ValidationContext(trust_roots=roots, moment=at, allow_fetching=False)


def _in_force(trusted: TrustedSeal, first: datetime | None) -> bool:
    """`first`: the earliest stamp over the seal."""
    return trusted.revoked_from is None or (first is not None and first < trusted.revoked_from)


def _covers(pdf: bytes, seal: EmbeddedPdfSignature, stamps: Sequence[EmbeddedPdfSignature]) -> bool:
    """Whether the last signature covers the whole file and no signature leaves room for anything else."""
    everything = [seal, *stamps]
    for one in everything:
        one.compute_integrity_info()  # type: ignore[no-untyped-call]
    levels = [one.evaluate_signature_coverage() for one in everything]
    inner = all(level == SignatureCoverageLevel.ENTIRE_REVISION for level in levels[:-1])
    last = levels[-1] == SignatureCoverageLevel.ENTIRE_FILE
    return inner and last and all(_no_room_left(pdf, one) for one in everything)


def _no_room_left(pdf: bytes, seal: EmbeddedPdfSignature) -> bool:
    """Whether the unsigned gap for the signature has only the signature and zeros."""
    _, begin, end, _ = map(int, seal.byte_range)
    hole = pdf[begin + 1 : end - 1]
    envelope = bytes.fromhex(hole.decode("ascii"))
    # DER: a sequence with a two-byte length, as in every signature with a certificate.
    length = 4 + int.from_bytes(envelope[2:4])
    return envelope[:2] == b"\x30\x82" and hole == envelope[:length].hex().upper().encode().ljust(len(hole), b"0")


def _inner_token(seal: EmbeddedPdfSignature) -> cms.SignedData | None:
    tokens = [
        value["content"]
        for attribute in seal.signer_info["unsigned_attrs"]
        if attribute["type"].native == "signature_time_stamp_token"
        for value in attribute["values"]
    ]
    if len(tokens) > 1:
        raise ValueError("more than one time stamp")
    return tokens[0] if tokens else None


def _authority(token: cms.SignedData) -> asn1.Certificate:
    """The certificate that signed a time stamp; raises ValueError if the token has none."""
    sid = token["signer_infos"][0]["sid"].chosen
    for one in token["certificates"]:
        certificate = one.chosen
        if isinstance(sid, cms.IssuerAndSerialNumber):
            same = certificate.issuer == sid["issuer"] and certificate.serial_number == sid["serial_number"].native
        else:
            same = certificate.key_identifier == sid.native
        if same:
            return certificate
    raise ValueError("the time stamp has no certificate")


def _name(authority: asn1.Certificate) -> str:
    return str(authority.subject.native.get("common_name") or authority.subject.human_friendly)
