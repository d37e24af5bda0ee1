"""A time stamping authority over HTTP (RFC 3161, 3.4)."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from secrets import randbits
from typing import Final

import httpx
from asn1crypto import cms, core, tsp, x509

from domain.kernel.clock import Clock, utc_now
from gateways.http_outcome import refusal, translated
from gateways.outcome import NotDone, Rejected, Unknown
from gateways.stamping.token import SHA256, BadToken, Stamp, check_token

SECONDS: Final = 15.0
"""Limit of a whole call."""

LONGEST_ANSWER: Final = 16 * 1024
"""Bytes; an answer with a chain of certificates has one to six thousand. It has to fit into a seal."""

CLOCKS_APART: Final = timedelta(minutes=10)
"""How far the time of a stamp that was asked for just now may be from ours (RFC 3161, 2.2)."""

_GRANTED: Final = ("granted", "granted_with_mods")
_HEADERS: Final = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
_LATER: Final = ("system_failure", "time_not_available")


class _Answer(core.Sequence):  # type: ignore[misc]  # asn1crypto is untyped
    """`TimeStampResp` of RFC 3161, 2.4.2; the library's own cannot be without a token."""

    _fields: Final = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


class Stamping:
    """Stamps digests at one address; believes only tokens that `check_token` finds good."""

    def __init__(
        self, http: httpx.AsyncClient, url: str, roots: Sequence[x509.Certificate] = (), now: Clock = utc_now
    ) -> None:
        """`roots`: of the authority; without them its certificate is believed as it comes."""
        self.http, self.url, self.roots, self.now = http, url, roots, now

    async def stamp(self, sha256: bytes, seconds: float = SECONDS) -> Stamp:
        """A time stamp of a SHA-256 digest; asking again is harmless.

        Raises `NotDone` if the authority is not reached or is not able now, `Unknown` if no whole answer came in
        time, `Rejected` if it refuses, or its answer is not one to this request or has a time far from ours.
        """
        nonce = randbits(63) | 1 << 62
        token = _token_of(await self._ask(_request(sha256, nonce), seconds))
        try:
            stamp = await check_token(token, sha256, self.roots, nonce)
        except BadToken as wrong:
            raise Rejected(httpx.codes.OK, str(wrong)) from None
        if abs(stamp.at - self.now()) > CLOCKS_APART:
            raise Rejected(httpx.codes.OK, f"its clock is not ours: {stamp.at:%Y-%m-%d %H:%M:%S} UTC")
        return stamp

    async def _ask(self, body: bytes, seconds: float) -> bytes:
        with translated():
            async with asyncio.timeout(seconds):
                async with self.http.stream("POST", self.url, content=body, headers=_HEADERS) as answer:
                    if answer.status_code != httpx.codes.OK:
                        raise refusal(answer.status_code, "", answer.headers)
                    return await _bounded(answer)


async def _bounded(answer: httpx.Response) -> bytes:
    whole = bytearray()
    async for part in answer.aiter_bytes():
        whole += part
        if len(whole) > LONGEST_ANSWER:
            raise Rejected(httpx.codes.OK, "answer too long")
    return bytes(whole)


def _request(sha256: bytes, nonce: int) -> bytes:
    imprint = {"hash_algorithm": {"algorithm": SHA256}, "hashed_message": sha256}
    request = {"version": 1, "message_imprint": imprint, "nonce": nonce, "cert_req": True}
    return bytes(tsp.TimeStampReq(request).dump())


def _token_of(body: bytes) -> bytes:
    """DER of the token in an answer; a page of a proxy instead of an answer leaves the outcome unknown."""
    try:
        answer = _Answer.load(body, strict=True)
        status = answer["status"]["status"].native
        failures = answer["status"]["fail_info"].native or set()
        token = answer["time_stamp_token"]
        der = bytes(token.dump()) if status in _GRANTED else b""
    except (ValueError, TypeError, LookupError):
        raise Unknown("no time stamp answer") from None
    if status in _GRANTED:
        return der
    reason = ", ".join(sorted(failures)) or str(status)
    if any(name in failures for name in _LATER):
        raise NotDone(reason)
    raise Rejected(httpx.codes.OK, reason)
