"""Time stamps by the sandbox's authority, without HTTP."""

from datetime import UTC, datetime

from asn1crypto import tsp

from sandbox.stamping.authority import Authority


def stamp_of(authority: Authority, digest: bytes, at: datetime | None = None) -> bytes:
    """DER of a token for a SHA-256 digest."""
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
    request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint, "cert_req": True})
    return bytes(authority.token(request, at or datetime.now(UTC)).dump())
