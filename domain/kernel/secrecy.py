"""What is wrong with the secrets and addresses of an installation; no text here contains a secret."""

import re
from base64 import b64decode
from binascii import Error as BadBase64
from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

SHORTEST_SECRET: Final = 32
"""Characters of a secret that is used now."""

SHORTEST_EARLIER: Final = 16
"""Characters of an earlier secret, which still verifies what it signed."""

SHORTEST_PASSPHRASE: Final = 12
SHORTEST_STORE_SECRET: Final = 16
KEY_BYTES: Final = 32

OF_SEAL: Final = (
    *("CONTRACT_SIGNATURE_SECRET", "SEAL_PKCS12_PATH", "SEAL_PASSPHRASE", "SEAL_EARLIER_PATH", "SEAL_REVOKED"),
)
"""Variables of the sealing process alone."""

_FEWEST_CHARACTERS: Final = 8
_FEWEST_BYTES: Final = 16
"""Different ones; 32 random bytes have fewer once in 10¹⁹ keys."""

_LONGEST_PERIOD: Final = 16
_PLACEHOLDER = re.compile(
    r"^(change|secret|example|default|xxxxx|replace|password|dummy|sample|placeholder|insecure)"
    r"|changeme|changethis|yoursecret|todosecret|replaceme|placeholder|examplekey|insecure|supersecret"
)
_STORE_DEFAULTS: Final = frozenset(
    (
        *("minioadmin", "minio", "admin", "root", "test", "access", "accesskey", "s3", "s3admin", "rustfsadmin"),
        *("seaweedfs", "garage", "any", "user", "password", "secret", "changeme", "example", "akiaiosfodnn7example"),
    )
)
_DATABASE_DEFAULTS: Final = frozenset({"postgres", "password", "privet", "admin", "root", "secret", "test", "123456"})

_WIDEST_V4, _WIDEST_V6 = 8, 7
"""Shortest prefixes of trusted networks: 10.0.0.0/8 and fc00::/7 are the widest private ones."""


def weakness(secret: str, shortest: int = SHORTEST_SECRET) -> str | None:
    """Why a secret could be guessed, None when it could not; ends without a full stop."""
    if not secret.strip():
        return "is empty"
    if len(secret) < shortest:
        return f"is shorter than {shortest} characters"
    words = re.sub(r"[\s_.\-]", "", secret.lower())
    if _PLACEHOLDER.search(words):
        return "is a placeholder"
    if len(set(secret)) < _FEWEST_CHARACTERS or _period(secret) <= min(_LONGEST_PERIOD, len(secret) // 2):
        return "repeats a few characters"
    return None


def weakness_of_passphrase(passphrase: str) -> str | None:
    return weakness(passphrase, SHORTEST_PASSPHRASE)


def faults_of_named_secrets(text: str) -> list[str]:
    """Of `id:secret,id2:secret`; the first signs, the others only verify and may be shorter."""
    secrets = [secret for _, secret in _entries(text)]
    if not secrets:
        return ["is empty"]
    return [
        f"entry {place} {weak}"
        for place, secret in enumerate(secrets, start=1)
        if (weak := weakness(secret, SHORTEST_SECRET if place == 1 else SHORTEST_EARLIER))
    ]


def faults_of_data_keys(text: str) -> list[str]:
    """Of `id:base64,id2:base64`: each must be 32 bytes that look random."""
    entries = list(_entries(text))
    if not entries:
        return ["is empty"]
    return [
        f"entry {place} {weak}" for place, (_, key) in enumerate(entries, start=1) if (weak := _weakness_of_key(key))
    ]


def _weakness_of_key(encoded: str) -> str | None:
    try:
        key = b64decode(encoded, validate=True)
    except (BadBase64, ValueError):
        return "is not base64"
    if len(key) != KEY_BYTES:
        return f"has {len(key)} bytes, {KEY_BYTES} are needed"
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    if len(set(key)) < _FEWEST_BYTES or len(steps) < _FEWEST_BYTES // 2 or _period(key) <= _LONGEST_PERIOD:
        return "is not random"
    if key.isascii() and key.decode().isprintable():
        return "is a text, not random bytes"
    return None


def same_secrets(secrets: Mapping[str, Sequence[str]]) -> list[str]:
    """Pairs of variables that share a secret: whoever learns one purpose's secret must not have another's."""
    names = list(secrets)
    return [
        f"{one} and {other} must differ"
        for at, one in enumerate(names)
        for other in names[at + 1 :]
        if set(filter(None, secrets[one])) & set(filter(None, secrets[other]))
    ]


def parts_of_named(text: str) -> list[str]:
    """The secrets of `id:secret,id2:secret`."""
    return [secret for _, secret in _entries(text)]


def fault_of_store_keys(access: str, secret: str) -> str | None:
    if access.lower() in _STORE_DEFAULTS:
        return "S3_ACCESS_KEY is the default of an object store"
    if secret.lower() in _STORE_DEFAULTS:
        return "S3_SECRET_KEY is the default of an object store"
    if access == secret:
        return "S3_ACCESS_KEY and S3_SECRET_KEY must differ"
    weak = weakness(secret, SHORTEST_STORE_SECRET)
    return f"S3_SECRET_KEY {weak}" if weak else None


def fault_of_database(url: str) -> str | None:
    """A password that everybody tries first, at a server that others reach."""
    parts = urlsplit(url)
    if parts.password and not is_loopback(parts.hostname) and parts.password.lower() in _DATABASE_DEFAULTS:
        return "the password is the first that anybody tries"
    return None


def fault_of_proxies(text: str) -> str | None:
    """Whoever is believed in X-Forwarded-For chooses the address that limits, trails and signatures have."""
    for entry in filter(None, (part.strip() for part in text.split(","))):
        if entry == "*":
            return "* believes everybody; name the addresses or networks of your proxies"
        try:
            network = ip_network(entry)
        except ValueError:
            return "only addresses and networks, such as 10.0.0.5 or 172.31.240.0/24, separated by commas"
        if network.prefixlen < (_WIDEST_V4 if network.version == 4 else _WIDEST_V6):
            return f"{entry} is too wide; name the addresses or networks of your proxies"
    return None


def fault_of_origins(text: str) -> str | None:
    for entry in filter(None, (part.strip() for part in text.split(","))):
        if "*" in entry or entry == "null":
            return f"{entry} lets any page call the API; name the origins, such as https://app.example.ru"
        parts = urlsplit(entry)
        if not parts.scheme or not parts.hostname or parts.path or parts.query or parts.fragment or parts.username:
            return "an origin is a scheme and a host, such as https://app.example.ru, without a path"
    return None


def fault_of_public_address(address: str) -> str | None:
    """Plain HTTP shows sessions, codes and contracts to everybody on the way."""
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname:
        return None
    # Names below .test lead nowhere in public (RFC 6761).
    if parts.scheme == "http" and (is_loopback(parts.hostname) or (parts.hostname or "").endswith(".test")):
        return None
    return "must begin with https://; http:// is for this machine only"


def is_loopback(host: str | None) -> bool:
    if not host:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _entries(text: str) -> list[tuple[str, str]]:
    """As `domain.kernel.crypto` reads them: an entry without a colon is a secret alone."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return [(kid, secret) if colon else ("", kid) for kid, colon, secret in (part.partition(":") for part in parts)]


def _period(text: str | bytes) -> int:
    """Length of the shortest beginning whose repetition gives the whole."""
    return next(size for size in range(1, len(text) + 1) if text[size:] == text[: len(text) - size])
