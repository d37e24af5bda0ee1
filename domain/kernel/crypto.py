"""Named keys: encryption of stored values, blind indexes for equality search, and rotation without downtime."""

import hashlib
import hmac
import os
import re
from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
ENVELOPE_VERSION: Final = 1
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class CannotDecrypt(Exception):
    """The value was changed, encrypted for another purpose, or encrypted with an unknown key."""


@dataclass(frozen=True, eq=False)
class Keyring:
    """Master keys by name; `current` encrypts, all of them decrypt. Each purpose has its own sub-keys (HKDF-SHA256)."""

    keys: Mapping[str, bytes] = field(repr=False)
    current: str
    _derived: dict[tuple[str, str], bytes] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise ValueError(f"DATA_KEYS: there is no key with the id {self.current!r}")
        for kid, key in self.keys.items():
            if not _KEY_ID.fullmatch(kid):
                raise ValueError("DATA_KEYS: a key id is 1 to 32 of A-Z, a-z, 0-9, _ and -")
            if len(key) != KEY_BYTES:
                raise ValueError(f"DATA_KEYS: key {kid!r} has {len(key)} bytes, {KEY_BYTES} are needed")

    @classmethod
    def parse(cls, text: str) -> Self:
        """`kid:base64,kid2:base64`, the first is current; `ValueError` names the id and never shows the key."""
        keys: dict[str, bytes] = {}
        for kid, encoded in _named(text, "DATA_KEYS"):
            try:
                keys[kid] = b64decode(encoded, validate=True)
            except BadBase64:
                raise ValueError(f"DATA_KEYS: key {kid!r} is not base64") from None
        return cls(keys, next(iter(keys)))

    def subkey(self, purpose: str, kid: str | None = None) -> bytes:
        """32 bytes for one purpose, of the current key unless another is named."""
        return self._derive(kid or self.current, f"key:{purpose}")

    def encrypt(self, purpose: str, plaintext: bytes, random: Callable[[int], bytes] = os.urandom) -> bytes:
        """Envelope: version, length of the key id, key id, nonce, AES-256-GCM ciphertext with tag."""
        header = bytes([ENVELOPE_VERSION, len(self.current)]) + self.current.encode()
        nonce = random(NONCE_BYTES)
        return header + nonce + self._cipher(self.current, purpose).encrypt(nonce, plaintext, header + purpose.encode())

    def decrypt(self, purpose: str, token: bytes) -> bytes:
        """The plaintext of `encrypt` with the same purpose, else `CannotDecrypt`."""
        if len(token) < 2 or token[0] != ENVELOPE_VERSION:
            raise CannotDecrypt("not an envelope of a version that we know")
        header, rest = token[: 2 + token[1]], token[2 + token[1] :]
        kid = header[2:].decode("ascii", "replace")
        if kid not in self.keys:
            raise CannotDecrypt(f"no key with the id {kid!r}")
        nonce, ciphertext = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
        if len(nonce) < NONCE_BYTES:
            raise CannotDecrypt("the envelope is cut off")
        try:
            return self._cipher(kid, purpose).decrypt(nonce, ciphertext, header + purpose.encode())
        except InvalidTag:
            raise CannotDecrypt(f"changed, or not made for {purpose!r}") from None

    def blind_index(self, purpose: str, value: str) -> bytes:
        """32 bytes, equal for equal values under the current key; without the key, values cannot be tried out."""
        return self._index(self.current, purpose, value)

    def blind_indexes(self, purpose: str, value: str) -> list[bytes]:
        """Blind indexes under all keys, the current one first, to find rows of older keys too."""
        return [
            self._index(kid, purpose, value) for kid in (self.current, *(k for k in self.keys if k != self.current))
        ]

    def _index(self, kid: str, purpose: str, value: str) -> bytes:
        return hmac.digest(self._derive(kid, f"index:{purpose}"), value.encode(), hashlib.sha256)

    def _cipher(self, kid: str, purpose: str) -> AESGCM:
        return AESGCM(self._derive(kid, f"encrypt:{purpose}"))

    def _derive(self, kid: str, info: str) -> bytes:
        known = self._derived.get((kid, info))
        if known is None:
            known = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info.encode()).derive(self.keys[kid])
            self._derived[kid, info] = known
        return known


@dataclass(frozen=True, eq=False)
class NamedSecrets:
    """Secrets for sealing contracts, by name; `current` seals, all of them verify."""

    keys: Mapping[str, bytes] = field(repr=False)
    current: str

    @classmethod
    def parse(cls, text: str, name: str = "CONTRACT_SIGNATURE_SECRET") -> Self:
        """`kid:secret,kid2:secret`, the first is current; a secret without a colon has the id `1`."""
        named = (part if ":" in part else f"1:{part}" for part in _parts(text))
        keys = {kid: secret.encode() for kid, secret in _named(",".join(named), name)}
        return cls(keys, next(iter(keys)))

    @property
    def current_key(self) -> bytes:
        return self.keys[self.current]


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(",") if part.strip())


def _named(text: str, name: str) -> list[tuple[str, str]]:
    """The (id, secret) pairs; errors never contain a secret, so a malformed entry is identified by its place."""
    pairs: list[tuple[str, str]] = []
    for place, part in enumerate(_parts(text), start=1):
        kid, _, secret = part.partition(":")
        if not secret or not _KEY_ID.fullmatch(kid):
            raise ValueError(f"{name}: entry {place} is not of the form id:secret")
        if kid in dict(pairs):
            raise ValueError(f"{name}: the id of entry {place} is there twice")
        pairs.append((kid, secret))
    if not pairs:
        raise ValueError(f"{name} is empty")
    return pairs
