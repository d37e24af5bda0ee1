"""Settings of the sealing process, the only one that has the signing secret and the private key of the seal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import SecretStr, field_validator

from documents.contracts.seal import Seal
from domain.kernel import secrecy
from domain.kernel.crypto import NamedSecrets
from settings import MAKE_ONE, MissingSettings, Settings, faults_of_keys
from wiring import file_of

_FINGERPRINT: Final = 64


class SealSettings(Settings):
    """It signs no sessions, so it needs no secrets of tokens."""

    jwt_secret: SecretStr = SecretStr("")
    manager_jwt_secret: SecretStr = SecretStr("")
    contract_signature_secret: SecretStr
    seal_pkcs12_path: Path
    seal_passphrase: SecretStr
    seal_earlier_path: Path | None = None
    seal_revoked: str = ""

    @field_validator("seal_revoked")
    @classmethod
    def _revocations(cls, value: str) -> str:
        revocations(value)
        return value

    def _weak_own(self) -> Iterator[str]:
        if weak := secrecy.weakness_of_passphrase(self.seal_passphrase.get_secret_value()):
            yield f"SEAL_PASSPHRASE: {weak}; {MAKE_ONE}"
        yield from faults_of_keys(
            "CONTRACT_SIGNATURE_SECRET",
            self.contract_signature_secret.get_secret_value(),
            NamedSecrets.parse,
            secrecy.faults_of_named_secrets,
            MAKE_ONE,
        )

    def _secrets(self) -> Mapping[str, Sequence[str]]:
        return {
            **super()._secrets(),
            "CONTRACT_SIGNATURE_SECRET": secrecy.parts_of_named(self.contract_signature_secret.get_secret_value()),
            "SEAL_PASSPHRASE": [self.seal_passphrase.get_secret_value()],
        }


def revocations(text: str) -> dict[str, datetime]:
    """`fingerprint=2026-11-01T12:00:00+03:00,…`: SHA-256 of a certificate, hexadecimal, and since when it is revoked.

    A time without a zone is UTC. Raises ValueError.
    """
    found: dict[str, datetime] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        fingerprint, _, since = part.partition("=")
        fingerprint = fingerprint.replace(":", "").strip().lower()
        if len(fingerprint) != _FINGERPRINT or not set(fingerprint) <= set("0123456789abcdef"):
            raise ValueError("must be SHA-256 fingerprints of certificates, each with = and a time")
        at = datetime.fromisoformat(since.strip())
        found[fingerprint] = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
    return found


def signature_secrets(settings: SealSettings) -> NamedSecrets:
    return NamedSecrets.parse(settings.contract_signature_secret.get_secret_value())


def seal(settings: SealSettings) -> Seal:
    """The seal of certificates with all its earlier ones; raises `MissingSettings` for a file that cannot be used."""
    key_store = file_of("SEAL_PKCS12_PATH", settings.seal_pkcs12_path)
    passphrase = settings.seal_passphrase.get_secret_value()
    earlier = [file_of("SEAL_EARLIER_PATH", settings.seal_earlier_path)] if settings.seal_earlier_path else []
    try:
        Seal(key_store, passphrase)
    except ValueError:
        raise MissingSettings(
            f"Cannot start, SEAL_PKCS12_PATH: {settings.seal_pkcs12_path} is no PKCS#12 file that SEAL_PASSPHRASE opens"
        ) from None
    try:
        return Seal(key_store, passphrase, earlier)
    except ValueError:
        raise MissingSettings(
            f"Cannot start, SEAL_EARLIER_PATH: {settings.seal_earlier_path} holds other things than certificates (PEM)"
        ) from None
