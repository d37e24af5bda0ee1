"""The page to play buyer and operator: what it may load, where it points, and that it offers what the sandbox takes."""

import re
from pathlib import Path

import httpx
import pytest

from sandbox.app import create_app
from sandbox.avito.samples import make_voice
from sandbox.faults import FAULTS_OF, Side
from sandbox.served_page import PAGE
from sandbox.telegram.kinds import KINDS
from tests.sandbox.conftest import Served

SCRIPTS = sorted(path.name for path in PAGE.glob("*.js"))
MARKUP_FROM_TEXT = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function")
ICONS = re.compile(r'(?:icon|iconButton|withIcon)\("([a-z]+)"')
LOADED = re.compile(r'(?:src|href)="([^"]+)"|from "([^"]+)"|url\(([^)]+)\)')


def text_of(name: str) -> str:
    return (PAGE / name).read_text()


async def test_page_may_load_from_this_server_only(shared_sandbox: Served) -> None:
    answer = await shared_sandbox.http.get("/")
    policy = answer.headers["content-security-policy"]
    assert answer.headers["content-type"].startswith("text/html")
    assert policy.startswith("default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:;")
    assert "unsafe" not in policy


async def test_everything_that_the_page_names_is_there(shared_sandbox: Served) -> None:
    missing, icons = [], set(re.findall(r'symbol id="([^"]+)"', text_of("icons.svg")))
    for name in ("index.html", "style.css", *SCRIPTS):
        for address in ("".join(found) for found in LOADED.findall(text_of(name))):
            path, _, icon = address.replace("./", "/page/").partition("#")
            answer = await shared_sandbox.http.get(path)
            if answer.status_code != 200 or (icon and "${" not in icon and icon not in icons):
                missing.append((name, address))
        missing += [(name, icon) for icon in ICONS.findall(text_of(name)) if icon not in icons]
    assert missing == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_people_wrote_never_becomes_markup(name: str) -> None:
    assert MARKUP_FROM_TEXT.search(text_of(name)) is None


@pytest.mark.parametrize("side", Side)
def test_page_has_a_switch_for_each_fault(side: Side) -> None:
    script = text_of("faults.js")
    both, own = script[: script.index("const FAULTS")], script[script.index(f"  {side}: {{") :].split("},")[0]
    assert {fault for fault in FAULTS_OF[side] if not re.search(rf'^ *"?{fault}"?: "', both + own, re.M)} == set()


def test_operator_writes_only_what_telegram_has() -> None:
    offered = set(re.findall(r'kind\("([a-z_]+)"\)', text_of("telegram.js")))
    assert len(offered) > 8
    assert offered <= KINDS


async def test_page_points_to_the_product_when_somebody_said_where(shared_sandbox: Served, tmp_path: Path) -> None:
    assert (await shared_sandbox.http.get("/sandbox/links")).json() == {}
    links = {"app": "http://127.0.0.1:8000", "temporal": "http://127.0.0.1:8233"}
    told = httpx.ASGITransport(create_app(tmp_path, seed=False, links=links))
    async with httpx.AsyncClient(transport=told, base_url="http://sandbox") as http:
        assert (await http.get("/sandbox/links")).json() == links


async def test_buyer_hears_the_voice_that_was_sent(shared_sandbox: Served) -> None:
    account = (await shared_sandbox.post("/accounts", name="Веломир"))["user_id"]
    chat = (await shared_sandbox.post(f"/accounts/{account}/chats", buyer_name="Ольга"))["chat_id"]
    await shared_sandbox.post(f"/accounts/{account}/chats/{chat}/messages", type="voice")
    seen = (await shared_sandbox.http.get("/sandbox/state")).json()["accounts"]
    message = next(one for one in seen if one["user_id"] == account)["chats"][0]["messages"][0]
    path = f"/sandbox/accounts/{account}/voices/{message['content']['voice']['voice_id']}"
    played = await shared_sandbox.http.get(path)
    assert (played.headers["content-type"], played.content[4:8]) == ("audio/mp4", make_voice()[4:8])
    assert (await shared_sandbox.http.get(path.replace(str(account), "1"))).status_code == 404
