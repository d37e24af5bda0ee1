"""The authority's keys, made once and kept, and the tokens that it signs."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import randbits
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

POLICY = "1.3.6.1.4.1.13762.3"
"""Of the stamps; a request for another one is refused."""
ACCURACY_SECONDS = 1
ROOT_NAME = "Песочница: корень службы времени"
NAME = "Песочница: служба штампов времени"
DIGESTS = {"sha256": 32, "sha384": 48, "sha512": 64}
_YEARS = timedelta(days=7300)
_KEY, _CERTIFICATE, _ROOT = "tsa-key.pem", "tsa.pem", "tsa-ca.pem"


class Refusal(Exception):
    """`failure` is the name of a PKIFailureInfo bit (RFC 3161, 2.4.2)."""

    def __init__(self, failure: str) -> None:
        super().__init__(failure)
        self.failure = failure


@dataclass(frozen=True)
class Authority:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate

    @property
    def root_pem(self) -> bytes:
        return self.root.public_bytes(serialization.Encoding.PEM)

    def token(self, request: tsp.TimeStampReq, at: datetime, *, wrong_imprint: bool = False) -> cms.ContentInfo:
        """Raises `Refusal`."""
        imprint = request["message_imprint"]
        name, digest = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        if name not in DIGESTS:
            raise Refusal("bad_alg")
        if len(digest) != DIGESTS[name]:
            raise Refusal("bad_data_format")
        if request["req_policy"].native not in (None, POLICY):
            raise Refusal("unaccepted_policy")
        info: dict[str, Any] = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": {
                "hash_algorithm": {"algorithm": name},
                "hashed_message": bytes(len(digest)) if wrong_imprint else digest,
            },
            "serial_number": randbits(120) | 1 << 119,
            "gen_time": at.replace(microsecond=0),
            "accuracy": {"seconds": ACCURACY_SECONDS},
            "ordering": False,
        }
        if request["nonce"].native is not None:
            info["nonce"] = request["nonce"].native
        return self._signed(tsp.TSTInfo(info).dump(), with_certificate=bool(request["cert_req"].native))

    def _signed(self, content: bytes, *, with_certificate: bool) -> cms.ContentInfo:
        certificate = asn1.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))
        attributes = cms.CMSAttributes(
            [
                _attribute("content_type", "tst_info"),
                _attribute("message_digest", hashlib.sha256(content).digest()),
                _attribute("signing_certificate_v2", tsp.SigningCertificateV2({"certs": [_named(certificate)]})),
            ]
        )
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        signer = {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": {
                        "issuer": certificate.issuer,
                        "serial_number": certificate.serial_number,
                    }
                }
            ),
            "digest_algorithm": sha256,
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": self.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
        }
        data: dict[str, Any] = {
            "version": "v3",
            "digest_algorithms": [sha256],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
            "signer_infos": [signer],
        }
        if with_certificate:
            data["certificates"] = [certificate]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})


def load_or_make(folder: Path | None) -> Authority:
    """The authority of the folder; made when it has none. Without a folder it lives as long as the process."""
    if folder is not None and all((folder / name).exists() for name in (_KEY, _CERTIFICATE, _ROOT)):
        key = serialization.load_pem_private_key((folder / _KEY).read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        kept = [x509.load_pem_x509_certificate((folder / name).read_bytes()) for name in (_CERTIFICATE, _ROOT)]
        return Authority(key, *kept)
    made = make()
    if folder is not None:
        _keep(made, folder)
    return made


def make(name: str = NAME, begins: datetime | None = None, lasts: timedelta = _YEARS) -> Authority:
    """A new root and a stamping certificate whose one purpose is critical (RFC 3161, 2.3)."""
    begins = begins or datetime.now(UTC) - timedelta(days=1)
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name = _subject(ROOT_NAME)
    root = (
        _builder(root_name, root_name, root_key, begins, lasts)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    certificate = (
        _builder(_subject(name), root_name, key, begins, lasts)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return Authority(key, certificate, root)


def _keep(made: Authority, folder: Path) -> None:
    """The key last: a folder without it is made anew as a whole."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = serialization.NoEncryption()
    private = made.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    files: Mapping[str, bytes] = {
        _ROOT: made.root_pem,
        _CERTIFICATE: made.certificate.public_bytes(serialization.Encoding.PEM),
        _KEY: private,
    }
    for name, content in files.items():
        beside = folder / f".{name}.new"
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        beside.replace(folder / name)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, begins: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + lasts)
    )


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _attribute(name: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": cms.CMSAttributeType(name), "values": (value,)})


def _named(certificate: asn1.Certificate) -> tsp.ESSCertIDv2:
    return tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate.dump()).digest()})
