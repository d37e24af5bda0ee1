"""The managers' app: its page at every address that is not the API's, its files, and what the page may do."""

import gzip
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

from activities.channels.bot_request_answers import ENTRANCE
from api.app import create_app
from api.web.app import FOR_EVER
from settings import Settings

SCRIPT = b"console.log('hello')" * 50
PAGE = '<!doctype html><title>Привет</title><script type="module" src="/assets/main-1.js"></script>'
STORE = "https://store.example.ru"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A build, beside something that nobody may read."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / ".vite").mkdir()
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "manifest.webmanifest").write_text("{}")
    (folder / ".vite" / "manifest.json").write_text("{}")
    (folder / ".built").write_text("{}")
    (folder / "notes.md").write_text("notes")
    (folder / "assets" / "main-1.js").write_bytes(SCRIPT)
    (folder / "assets" / "main-1.js.br").write_bytes(b"brotli")
    (folder / "assets" / "main-1.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "assets" / "style-1.css").write_text("body{}")
    (folder / "assets" / "font-1.woff2").write_bytes(b"font")
    (tmp_path / "secret.js").write_text("secret")
    return folder


@asynccontextmanager
async def served(settings: Settings, dist: Path) -> AsyncIterator[AsyncClient]:
    """Nothing that it stands on is started: none of this needs it."""
    app = create_app(settings.model_copy(update={"s3_public_endpoint": f"{STORE}/"}), dist=dist)
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://api.test", headers={"Accept-Encoding": ""}) as http:
        yield http


@pytest.fixture
async def http(api_settings: Settings, dist: Path) -> AsyncIterator[AsyncClient]:
    async with served(api_settings, dist) as http:
        yield http


@pytest.mark.parametrize(
    "path",
    ["/", "/sign-in", "/enter", "/clients", "/clients/7b6c/passport/", "/conversations", "/settings", "/figures", "/ж"],
)
async def test_every_address_of_the_app_is_its_page(http: AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


async def test_the_link_of_the_master_bot_leads_to_the_app_and_its_token_stays_in_the_browser(
    http: AsyncClient,
) -> None:
    path, mark, token = ENTRANCE.partition("#")
    assert (mark, token) == ("#", "")
    assert (await http.get(path)).text == PAGE


async def test_the_page_loads_nothing_from_elsewhere_but_files_of_the_store(http: AsyncClient) -> None:
    headers = (await http.get("/")).headers
    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert rules == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' blob: data: {STORE}",
        "media-src": STORE,
        "connect-src": f"'self' {STORE}",
        "font-src": "'self'",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert "camera=(self)" in headers["permissions-policy"]
    assert "microphone=()" in headers["permissions-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


async def test_a_new_build_is_served_without_a_restart(http: AsyncClient, dist: Path) -> None:
    assert (await http.get("/")).text == PAGE
    (dist / "index.new").write_text("новая")
    (dist / "index.new").replace(dist / "index.html")
    assert (await http.get("/clients")).text == "новая"
    (dist / "assets" / "new-2.js").write_text("2")
    assert (await http.get("/assets/new-2.js")).text == "2"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("main-1.js", "text/javascript; charset=utf-8"),
        ("style-1.css", "text/css; charset=utf-8"),
        ("font-1.woff2", "font/woff2"),
    ],
)
async def test_a_file_that_is_named_after_its_content_is_kept_for_ever(
    http: AsyncClient, dist: Path, name: str, kind: str
) -> None:
    answer = await http.get(f"/assets/{name}")
    assert (answer.status_code, answer.content) == (200, (dist / "assets" / name).read_bytes())
    assert (answer.headers["cache-control"], answer.headers["content-type"]) == (FOR_EVER, kind)
    again = await http.get(f"/assets/{name}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5,gzip", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("BR; q=0.000, GZIP", "gzip"),
        ("identity", None),
        ("gzip;q=0", None),
    ],
)
async def test_a_browser_gets_the_smallest_copy_that_it_can_read(
    http: AsyncClient, dist: Path, accepted: str, encoding: str | None
) -> None:
    suffix = {"br": ".br", "gzip": ".gz", None: ""}[encoding]
    async with http.stream("GET", "/assets/main-1.js", headers={"Accept-Encoding": accepted}) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert body == (dist / "assets" / f"main-1.js{suffix}").read_bytes()


async def test_copies_of_one_file_have_tags_of_their_own(http: AsyncClient) -> None:
    plain = await http.get("/assets/main-1.js")
    small = await http.head("/assets/main-1.js", headers={"Accept-Encoding": "br"})
    assert plain.headers["etag"] != small.headers["etag"]


@pytest.mark.parametrize("name", ["favicon.svg", "manifest.webmanifest"])
async def test_other_files_of_the_build_are_kept_for_an_hour(http: AsyncClient, name: str) -> None:
    answer = await http.get(f"/{name}")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=3600")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../../secret.js",
        "/assets/%2e%2e/%2e%2e/secret.js",
        "/assets/..%2f..%2fsecret.js",
        "/assets/..%5c..%5csecret.js",
        "/assets//etc/passwd",
        "/assets/%00.js",
        "/assets/main-1.js%00",
        "/assets/.hidden.js",
        "/assets/main-1.js.br",
        "/assets/missing.js",
        "/assets",
        "/assets/",
        "/..%2fsecret.js",
        "/../secret.js",
        "/.built",
        "/.env",
        "/.vite/manifest.json",
        "/notes.md",
        "/index.html",
        "/wp-login.php",
    ],
)
async def test_nothing_else_on_the_disk_can_be_read(http: AsyncClient, path: str) -> None:
    """The path as it is: the client would clean it up."""
    request = http.build_request("GET", "/")
    request.url = request.url.copy_with(raw_path=path.encode())
    answer = await http.send(request)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_link_out_of_the_build_is_not_followed(http: AsyncClient, dist: Path, tmp_path: Path) -> None:
    os.symlink(tmp_path / "secret.js", dist / "assets" / "link.js")
    assert (await http.get("/assets/link.js")).status_code == 404


@pytest.mark.parametrize("path", ["/api/nowhere", "/api", "/api/manager/nowhere", "/codec/nowhere", "/docs/nowhere"])
async def test_an_unknown_address_of_the_api_is_still_a_problem(http: AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


async def test_the_api_keeps_its_own_pages_and_methods(http: AsyncClient) -> None:
    assert "API" in (await http.get("/docs")).text
    assert (await http.get("/openapi.json")).headers["content-type"] == "application/json"
    assert (await http.get("/verify")).text != PAGE
    assert (await http.get("/healthz")).json() == {"status": "ok"}
    assert (await http.get("/api/auth/login")).status_code == 405
    assert (await http.post("/clients")).status_code == 405


@pytest.mark.parametrize("path", ["/", "/clients/1", "/assets/main-1.js", "/favicon.svg", "/assets/missing.js"])
async def test_head_has_the_headers_of_get_and_no_body(http: AsyncClient, path: str) -> None:
    head, get = await http.head(path), await http.get(path)
    assert head.status_code == get.status_code
    for name in ("content-type", "content-length", "cache-control", "etag"):
        if get.status_code == 200:
            assert head.headers.get(name) == get.headers.get(name)
            assert head.content == b""


async def test_without_a_build_the_page_says_what_to_do(api_settings: Settings, tmp_path: Path) -> None:
    async with served(api_settings, tmp_path / "none") as http:
        answer = await http.get("/clients")
        assert answer.status_code == 503
        assert "make up" in answer.text
        assert "Приложение не собрано" in answer.text
        assert "has not been built" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        assert (await http.get("/assets/main-1.js")).status_code == 404
        assert (await http.get("/healthz")).status_code == 200
