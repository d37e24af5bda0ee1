"""The link by which a client opens his contract: whose it is, how long it lives, and what is noted of it."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx import Response
from sqlmodel import select

from api.context import LINK_LIFETIME
from domain.contracts.link import OpenedBy, link_token, read_link
from domain.contracts.status import ContractStatus
from models import Contract, ContractOpening, UserSession
from tests.api.own_api import AGENT, HOME, OwnApi, Person
from tests.factories import make_client, make_contract, make_user

PDF = b"%PDF-1.7 the contract of Anna"


@dataclass
class Paper:
    own_api: OwnApi
    anna: Person
    contract: Contract

    async def url(self, person: Person | None = None) -> str:
        shown = (await (person or self.anna).http.get(f"/api/v1/contracts/{self.contract.id}")).json()
        url: str = shown["contract_url"]
        return url

    async def opens(self, url: str, method: str = "GET", **headers: str) -> Response:
        """Without a bearer, as a browser does."""
        return await self.own_api.visitor().request(method, path_of(url), headers=headers)

    async def openings(self) -> list[ContractOpening]:
        async with self.own_api.sessions() as session:
            return list((await session.exec(select(ContractOpening))).all())


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


@pytest.fixture
async def paper(own_api: OwnApi) -> Paper:
    user = await make_user(own_api.sessions)
    client = await make_client(own_api.sessions, user)
    contract = await make_contract(
        own_api.sessions,
        own_api.keyring,
        client,
        status=ContractStatus.SENT,
        file_key=f"contracts/{user.id}.pdf",
        sha256=hashlib.sha256(PDF).hexdigest(),
    )
    await own_api.context.storage.put(contract.file_key or "", PDF, "application/pdf")
    return Paper(own_api, await own_api.signs_in(user), contract)


async def test_the_link_shows_the_pdf_and_its_opening_is_noted(paper: Paper) -> None:
    url = await paper.url()
    assert url.startswith(f"{paper.own_api.context.settings.web_url}/api/v1/contracts/{paper.contract.id}/file?t=")
    assert await paper.openings() == [], "a link that nobody follows opens nothing"
    answer = await paper.opens(url)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.headers["cache-control"] == "no-store"
    [noted] = await paper.openings()
    assert (noted.contract_id, noted.sha256) == (paper.contract.id, hashlib.sha256(PDF).hexdigest())
    assert (noted.first_at, noted.last_at) == (paper.own_api.clock.now, paper.own_api.clock.now)
    assert (noted.ip, noted.user_agent) == (HOME, AGENT)


async def test_a_session_has_one_opening_with_its_first_and_last_time(paper: Paper) -> None:
    url, first = await paper.url(), paper.own_api.clock.now
    await paper.opens(url)
    last = paper.own_api.clock.advance(timedelta(minutes=1))
    await paper.opens(url)
    [noted] = await paper.openings()
    assert (noted.first_at, noted.last_at) == (first, last)


async def test_a_head_asks_without_opening_and_a_range_is_answered_with_the_whole(paper: Paper) -> None:
    url = await paper.url()
    asked = await paper.opens(url, "HEAD")
    assert (asked.status_code, asked.content, asked.headers["content-length"]) == (200, b"", str(len(PDF)))
    assert await paper.openings() == []
    part = await paper.opens(url, Range="bytes=0-3")
    assert (part.status_code, part.content, part.headers["accept-ranges"]) == (200, PDF, "none")
    assert len(await paper.openings()) == 1


async def test_a_link_is_over_after_minutes_and_with_its_session(paper: Paper) -> None:
    url = await paper.url()
    async with paper.own_api.sessions.begin() as session:
        for one in (await session.exec(select(UserSession))).all():
            one.revoked_at = paper.own_api.clock.now
    assert (await paper.opens(url)).status_code == 404
    async with paper.own_api.sessions.begin() as session:
        for one in (await session.exec(select(UserSession))).all():
            one.revoked_at = None
    assert (await paper.opens(url)).status_code == 200
    paper.own_api.clock.advance(LINK_LIFETIME)
    over = await paper.opens(url)
    assert (over.status_code, over.json()["code"]) == (404, "not-found")


async def test_no_link_opens_another_contract_and_nobody_can_make_one(paper: Paper) -> None:
    own_api = paper.own_api
    stranger = await make_user(own_api.sessions)
    theirs = await make_contract(
        own_api.sessions, own_api.keyring, await make_client(own_api.sessions, stranger), status=ContractStatus.SENT
    )
    [token] = parse_qs(urlsplit(await paper.url()).query)["t"]
    path = f"/api/v1/contracts/{paper.contract.id}/file"
    changed = [token[:-1] + other for other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef0123456789-_" if other != token[-1]]
    for tried in (f"/api/v1/contracts/{theirs.id}/file?t={token}", f"{path}?t=", path):
        assert (await paper.opens(tried)).status_code == 404, tried
    for one in changed:
        assert (await paper.opens(f"{path}?t={one}")).status_code == 404, one
    for junk in ("%00", "%D1%8B", "=" * 40, "A" * 50, "A" * 49):
        assert (await paper.opens(f"{path}?t={junk}")).status_code == 404, junk
    assert (await paper.opens(f"{path}?t={'A' * 201}")).status_code == 422
    assert await paper.openings() == []


async def test_a_file_that_is_not_the_one_that_was_sent_is_never_shown(paper: Paper) -> None:
    url = await paper.url()
    await paper.own_api.context.storage.put(paper.contract.file_key or "", PDF + b"\n", "application/pdf")
    answer = await paper.opens(url)
    assert answer.status_code == 404
    assert "отличается" in answer.json()["detail"]
    await paper.own_api.context.storage.delete(paper.contract.file_key or "")
    assert (await paper.opens(url)).status_code == 404
    assert await paper.openings() == []


def test_a_token_is_good_under_every_key_that_is_kept(paper: Paper) -> None:
    now = paper.own_api.clock.now
    by = OpenedBy(paper.contract.id, (now + timedelta(minutes=1)).replace(microsecond=0))
    token = link_token(paper.contract.id, by, b"old")
    assert read_link(paper.contract.id, token, [b"new", b"old"], now) == by
    assert read_link(paper.contract.id, token, [b"new"], now) is None
    assert read_link(paper.contract.id, token, [b"old"], by.expires_at) is None
