"""Time stamps of the sandbox's authority: what it says, what OpenSSL says to it, and everything that goes wrong."""

import hashlib
import subprocess
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from asn1crypto import algos, cms, tsp
from fastapi import FastAPI

from gateways.outcome import NotDone, Rejected, TooMany, Unknown
from gateways.stamping.client import Stamping
from gateways.stamping.token import BadToken, check_token, roots_of
from sandbox.app import create_app
from sandbox.faults import Fault, Setting, Side
from sandbox.stamping.authority import NAME, make

DIGEST = hashlib.sha256(b"signed").digest()
OTHER = hashlib.sha256(b"something else").digest()
URL = "http://sandbox/tsa"


@pytest.fixture
def sandbox(tmp_path: Path) -> FastAPI:
    return create_app(tmp_path, seed=False)


@pytest.fixture
async def http(sandbox: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(sandbox)) as client:
        yield client


def fault(sandbox: FastAPI, fault: Fault, times: int | None = None, seconds: float = 1) -> None:
    sandbox.state.world.faults.set(Setting(Side.STAMPING, fault, times=times, seconds=seconds))


async def test_a_stamp_says_when_and_by_whom_and_holds_for_this_digest_alone(http: httpx.AsyncClient) -> None:
    roots = roots_of((await http.get(f"{URL}/ca.pem")).content)
    stamp = await Stamping(http, URL, roots).stamp(DIGEST)
    assert stamp.authority == NAME
    assert abs(stamp.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert await check_token(stamp.token, DIGEST, roots) == stamp
    with pytest.raises(BadToken):
        await check_token(stamp.token, OTHER, roots)


async def test_openssl_accepts_answer_and_bare_token(http: httpx.AsyncClient, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes((await http.get(f"{URL}/ca.pem")).content)
    (tmp_path / "data").write_bytes(b"signed")
    (tmp_path / "token").write_bytes((await Stamping(http, URL).stamp(DIGEST)).token)
    openssl(tmp_path, "ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query")
    headers = {"Content-Type": "application/timestamp-query"}
    answer = await http.post(URL, content=(tmp_path / "query").read_bytes(), headers=headers)
    (tmp_path / "answer").write_bytes(answer.content)
    for given in (
        ("-queryfile", "query", "-in", "answer"),
        ("-data", "data", "-in", "answer"),
        ("-data", "data", "-in", "token", "-token_in"),
    ):
        assert "Verification: OK" in openssl(tmp_path, "ts", "-verify", "-CAfile", "ca.pem", *given)
    (tmp_path / "data").write_bytes(b"changed")
    with pytest.raises(subprocess.CalledProcessError):
        openssl(tmp_path, "ts", "-verify", "-CAfile", "ca.pem", "-data", "data", "-in", "token", "-token_in")


async def test_the_authority_is_the_same_after_a_restart(http: httpx.AsyncClient, tmp_path: Path) -> None:
    before = (await http.get(f"{URL}/ca.pem")).content
    again = create_app(tmp_path, seed=False)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(again)) as other:
        assert (await other.get(f"{URL}/ca.pem")).content == before


@pytest.mark.parametrize(
    ("struck", "outcome"),
    [
        (Fault.SERVER_ERROR, Unknown),
        (Fault.HTML, Unknown),
        (Fault.TOO_MANY, TooMany),
        (Fault.REJECTED, Rejected),
        (Fault.WRONG_IMPRINT, Rejected),
    ],
)
async def test_no_stamp_comes_of_a_broken_answer(
    http: httpx.AsyncClient, sandbox: FastAPI, struck: Fault, outcome: type[Exception]
) -> None:
    fault(sandbox, struck, times=1)
    stamping = Stamping(http, URL)
    with pytest.raises(outcome):
        await stamping.stamp(DIGEST)
    assert (await stamping.stamp(DIGEST)).authority == NAME


async def test_a_slow_authority_is_not_waited_for(http: httpx.AsyncClient, sandbox: FastAPI) -> None:
    fault(sandbox, Fault.SLOW, seconds=30)
    with pytest.raises(Unknown):
        await Stamping(http, URL).stamp(DIGEST, seconds=0.05)


async def test_an_authority_that_is_away() -> None:
    async def away(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async with httpx.AsyncClient(transport=httpx.MockTransport(away)) as http:
        with pytest.raises(NotDone):
            await Stamping(http, URL).stamp(DIGEST)


@pytest.mark.parametrize("answer", [b"", b"<html>", b"\x30\x03\x02\x01\x00", b"\x30\x80" + bytes(100)])
async def test_an_answer_that_is_none(answer: bytes) -> None:
    async with answering(answer) as http:
        with pytest.raises(Unknown):
            await Stamping(http, URL).stamp(DIGEST)


async def test_an_endless_answer_is_cut() -> None:
    async with answering(bytes(1_000_000)) as http:
        with pytest.raises(Rejected):
            await Stamping(http, URL).stamp(DIGEST)


async def test_the_answer_to_another_request_is_refused(http: httpx.AsyncClient) -> None:
    """An answer that was recorded for the same digest has another nonce."""
    request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint(DIGEST), "nonce": 7, "cert_req": True})
    headers = {"Content-Type": "application/timestamp-query"}
    recorded = (await http.post(URL, content=request.dump(), headers=headers)).content
    async with answering(recorded) as played:
        with pytest.raises(Rejected, match="nonce"):
            await Stamping(played, URL).stamp(DIGEST)


@pytest.mark.parametrize("off", [timedelta(days=-1), timedelta(minutes=-11), timedelta(minutes=11)])
async def test_a_time_that_cannot_be_is_refused(off: timedelta, http: httpx.AsyncClient) -> None:
    """The nonce says that the stamp was made just now: either clock is wrong, and a stamp is written once."""
    with pytest.raises(Rejected, match="clock"):
        await Stamping(http, URL, now=lambda: datetime.now(UTC) + off).stamp(DIGEST)
    assert await Stamping(http, URL, now=lambda: datetime.now(UTC) + off / 200).stamp(DIGEST)


async def test_a_foreign_authority_is_refused_once_roots_are_given(http: httpx.AsyncClient) -> None:
    foreign = roots_of(make().root_pem)
    with pytest.raises(Rejected, match="trusted"):
        await Stamping(http, URL, foreign).stamp(DIGEST)


async def test_every_flipped_byte_of_a_token_is_noticed_or_does_not_matter(http: httpx.AsyncClient) -> None:
    """No change gives another time, another authority, or an exception that nobody expects."""
    roots = roots_of((await http.get(f"{URL}/ca.pem")).content)
    stamp = await Stamping(http, URL, roots).stamp(DIGEST)
    for at in range(0, len(stamp.token), 3):
        changed = bytearray(stamp.token)
        changed[at] ^= 0xFF
        try:
            read = await check_token(bytes(changed), DIGEST, roots)
        except BadToken:
            continue
        assert (read.at, read.authority) == (stamp.at, stamp.authority)


async def test_a_token_stays_good_after_the_authority_has_expired() -> None:
    """The path is checked at the time of the stamp."""
    begins = datetime.now(UTC) - timedelta(days=900)
    authority = make(begins=begins, lasts=timedelta(days=300))
    request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint(DIGEST), "cert_req": True})
    token = authority.token(request, begins + timedelta(days=100)).dump()
    roots = roots_of(authority.root_pem)
    assert (await check_token(token, DIGEST, roots)).at == (begins + timedelta(days=100)).replace(microsecond=0)
    late = authority.token(request, begins + timedelta(days=400)).dump()
    with pytest.raises(BadToken):
        await check_token(late, DIGEST, roots)


async def test_a_certificate_for_something_else_stamps_nothing() -> None:
    """The purpose must be time stamping: any other certificate of the same authority signs no time."""
    authority = make()
    request = tsp.TimeStampReq({"version": 1, "message_imprint": imprint(DIGEST), "cert_req": True})
    token = authority.token(request, datetime.now(UTC)).dump()
    content = cms.ContentInfo.load(token)
    assert content["content"]["certificates"][0].chosen.extended_key_usage_value.native == ["time_stamping"]
    as_root = type(authority)(authority.key, authority.root, authority.root)
    with pytest.raises(BadToken):
        await check_token(as_root.token(request, datetime.now(UTC)).dump(), DIGEST)


def imprint(digest: bytes) -> tsp.MessageImprint:
    return tsp.MessageImprint(
        {"hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}), "hashed_message": digest}
    )


def answering(body: bytes) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=body)))


def openssl(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr
