"""A time stamp token (RFC 3161): what it says, and whether it may be believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, core, tsp, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation.errors import SignatureValidationError, ValidationInfoReadingError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

SHA256 = "sha256"


class BadToken(ValueError):
    """The token cannot be believed; the text is a short reason without any data of the token."""


@dataclass(frozen=True)
class Stamp:
    """`token`: DER of the CMS object; `at`: aware, by the authority's clock; `authority`: its common name."""

    token: bytes
    at: datetime
    authority: str


# A token comes from outside, and the parsers raise many kinds of exceptions for arbitrary bytes.
_UNREADABLE = (
    *(ValueError, LookupError, TypeError, AttributeError, AssertionError, NotImplementedError, RecursionError),
    *(SignatureValidationError, ValidationInfoReadingError, SigningError, ValidationError, PathError),
    *(InvalidSignature, UnsupportedAlgorithm),
)


def roots_of(pem: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM or DER file; an empty file has none. Raises ValueError."""
    return list(load_certs_from_pemder_data(pem)) if pem.strip() else []


async def check_token(
    token: bytes, sha256: bytes, roots: Sequence[x509.Certificate] = (), nonce: int | None = None
) -> Stamp:
    """The stamp that `token` proves for the digest; raises `BadToken`.

    Checked are the imprint, the nonce if one is given, the signature, the certificate's purpose (RFC 3161, 2.3) and,
    with `roots`, its path at the time of the stamp: an authority whose certificate expired later stays good.
    """
    try:
        return await _checked(token, sha256, roots, nonce)
    except BadToken:
        raise
    except _UNREADABLE as error:
        raise BadToken(f"unreadable: {type(error).__name__}") from None


async def _checked(token: bytes, sha256: bytes, roots: Sequence[x509.Certificate], nonce: int | None) -> Stamp:
    content = cms.ContentInfo.load(token, strict=True)
    if content["content_type"].native != "signed_data":
        raise BadToken("no signed data")
    signed = content["content"]
    info = _info_of(signed)
    imprint = info["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != SHA256 or imprint["hashed_message"].native != sha256:
        raise BadToken("wrong imprint")
    if nonce is not None and info["nonce"].native != nonce:
        raise BadToken("wrong nonce")
    at = info["gen_time"].native
    signer = _signer_of(signed)
    # The path may pass several authorities, so pyHanko looks among the certificates of the token too.
    trust = ValidationContext(trust_roots=list(roots) or [signer], moment=at, allow_fetching=False)
    status = await validate_tst_signed_data(signed, trust, lambda _algorithm: sha256)
    if not (status.get("intact") and status.get("valid")):
        raise BadToken("wrong signature")
    if status.get("trust_problem_indic") is not None or status.get("validation_path") is None:
        raise BadToken("certificate not trusted")
    return Stamp(token, at, name_of(signer))


def name_of(certificate: x509.Certificate) -> str:
    """How an authority is called on paper: its common name, else the whole subject; without invisible characters."""
    name = certificate.subject.native.get("common_name")
    return (_visible(name) if isinstance(name, str) else "") or _visible(str(certificate.subject.human_friendly))


def _visible(text: str) -> str:
    return " ".join("".join(sign for sign in text if sign.isprintable() or sign.isspace()).split())


def _info_of(signed: cms.SignedData) -> tsp.TSTInfo:
    inner = signed["encap_content_info"]["content"]
    info = inner.parsed if isinstance(inner, core.ParsableOctetString) else None
    if not isinstance(info, tsp.TSTInfo):
        raise BadToken("no time stamp")
    return info


def _signer_of(signed: cms.SignedData) -> x509.Certificate:
    """The authority's own certificate, which a request with `certReq` gets."""
    infos = list(signed["signer_infos"])
    if len(infos) != 1:
        raise BadToken("not one signer")
    sid = infos[0]["sid"].chosen
    certificates = [one.chosen for one in signed["certificates"] if isinstance(one.chosen, x509.Certificate)]
    for certificate in certificates:
        if isinstance(sid, cms.IssuerAndSerialNumber):
            same = certificate.issuer == sid["issuer"] and certificate.serial_number == sid["serial_number"].native
        else:
            same = certificate.key_identifier == sid.native
        if same:
            return certificate
    raise BadToken("no certificate")
