"""Encryption of Temporal payloads: server, database and Web UI hold only ciphertext."""

from collections.abc import Sequence
from typing import Final

from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from domain.kernel.crypto import Keyring

PURPOSE: Final = "temporal"
ENCODING: Final = b"binary/encrypted"


class EncryptionCodec(PayloadCodec):
    """AES-256-GCM over the whole payload with its metadata; the key id is stored beside it for audits.

    Unencrypted payloads (old ones, or of other tools) are decoded as they are.
    """

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [self._encrypted(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Raises `domain.kernel.crypto.CannotDecrypt` for a missing key or a changed payload."""
        return [self._decrypted(payload) for payload in payloads]

    def _encrypted(self, payload: Payload) -> Payload:
        metadata = {"encoding": ENCODING, "encryption-key-id": self.keyring.current.encode()}
        return Payload(metadata=metadata, data=self.keyring.encrypt(PURPOSE, payload.SerializeToString()))

    def _decrypted(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        return Payload.FromString(self.keyring.decrypt(PURPOSE, payload.data))
