"""Files come from Avito's hosts and from nowhere else, and never more of them than was allowed."""

import httpx
import pytest

from gateways.avito.media import ForbiddenUrl, Media
from gateways.outcome import NotDone, NotFound, Rejected, TooBig, TooMany, Unknown
from tests.fake_http_server import Dropped, FakeHttpServer, Half, Reply, unused_port

LIMIT = 1000
PICTURE = Reply(200, b"\xff\xd8pixels", "image/JPEG; charset=binary")


class NoNetwork(httpx.AsyncBaseTransport):
    """Notes where a request would have gone."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.reached.append(str(request.url))
        return httpx.Response(200, stream=httpx.ByteStream(b"pixels"), headers={"Content-Type": "image/png"})


@pytest.fixture
def media(server: FakeHttpServer, http: httpx.AsyncClient) -> Media:
    return Media(http, server.base)


async def test_file_of_the_own_origin_is_fetched_with_no_token(server: FakeHttpServer, media: Media) -> None:
    server.say(PICTURE)
    fetched = await media.fetch(f"{server.base}/media/1.jpg?x=1", LIMIT)
    assert (fetched.data, fetched.content_type) == (b"\xff\xd8pixels", "image/jpeg")
    assert server.asked[0].target == "/media/1.jpg?x=1"
    assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize(
    "url",
    [
        "https://10.img.avito.st/image/1/1.jpg",
        "https://api.avito.ru/voice/v.mp4?signature=a%2Fb",
        "https://a.b.c.avito.ru:443/",
        "HTTPS://API.Avito.RU/x",
    ],
)
async def test_avitos_own_hosts_are_allowed_over_https(url: str) -> None:
    network = NoNetwork()
    async with httpx.AsyncClient(transport=network) as http:
        await Media(http, "https://api.avito.ru").fetch(url, LIMIT)
    assert len(network.reached) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://10.img.avito.st/1.jpg",
        "https://avito.ru.evil.com/1.jpg",
        "https://evilavito.ru/1.jpg",
        "https://avito.ru/1.jpg",
        "https://avito.st.evil/1.jpg",
        "https://api.avito.ru@evil.com/1.jpg",
        "https://api.avito.ru:pass@evil.com/1.jpg",
        "https://user@api.avito.ru/1.jpg",
        "https://evil.com/@api.avito.ru/1.jpg",
        "https://evil.com?.avito.ru",
        "https://evil.com#.avito.ru",
        "https://evil.com\\@api.avito.ru/1.jpg",
        "https://evil.com\\.avito.ru/1.jpg",
        "https:\\\\api.avito.ru\\1.jpg",
        "https://api.avito.ru./1.jpg",
        "https://api.avito.ru:8443/1.jpg",
        "https://api.avito.ru:0/1.jpg",
        "https://api.avito.ru:443x/1.jpg",
        "https://аpi.avito.ru/1.jpg",
        "https://api.аvito.ru/1.jpg",
        "https://api.avito。ru/1.jpg",
        "https://api.avito.ru%2eevil.com/1.jpg",
        "https://api.avito.ru%00.evil.com/",
        "https://evil.com%23.avito.ru/1.jpg",
        "https://[::1]/1.jpg",
        "https://[api.avito.ru]/1.jpg",
        "https://[::ffff:127.0.0.1]:443/",
        "https://127.0.0.1/1.jpg",
        "https://2130706433/",
        "http://127.0.0.1:1/1.jpg",
        "http://localhost/1.jpg",
        "http://169.254.169.254/latest/meta-data",
        "//api.avito.ru/1.jpg",
        "/etc/passwd",
        "file:///etc/passwd",
        "ftp://api.avito.ru/1.jpg",
        "gopher://api.avito.ru/1.jpg",
        "data:image/png;base64,AAAA",
        "https:///api.avito.ru/1.jpg",
        "https://.avito.ru/1.jpg",
        "https://api.avito.ru/1.jpg\r\nX-Evil: 1",
        "https://api.avito.ru/ 1.jpg",
        "\thttps://api.avito.ru/1.jpg",
        "",
        "https://api.avito.ru/" + "a" * 5000,
    ],
)
async def test_no_other_url_is_asked(url: str) -> None:
    network = NoNetwork()
    async with httpx.AsyncClient(transport=network) as http:
        with pytest.raises(ForbiddenUrl) as caught:
            await Media(http, "https://api.avito.ru").fetch(url, LIMIT)
    assert network.reached == []
    assert "evil" not in str(caught.value)


async def test_own_origin_is_the_very_host_scheme_and_port(server: FakeHttpServer, media: Media) -> None:
    port = server.base.rpartition(":")[2]
    for url in (
        f"http://localhost:{port}/",
        f"https://127.0.0.1:{port}/",
        "http://127.0.0.1/",
        f"http://127.1:{port}/",
    ):
        with pytest.raises(ForbiddenUrl):
            await media.fetch(url, LIMIT)
    assert server.asked == []


async def test_redirect_within_the_origin_is_followed(server: FakeHttpServer, media: Media) -> None:
    server.say(Reply(302, b"", headers={"Location": "/b"}), PICTURE)
    assert (await media.fetch(f"{server.base}/a", LIMIT)).data == b"\xff\xd8pixels"
    assert [one.target for one in server.asked] == ["/a", "/b"]


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/", "https://evil.com/", "//evil.com/", "file:///etc/passwd", "http://["]
)
async def test_redirect_to_elsewhere_is_not(server: FakeHttpServer, media: Media, target: str) -> None:
    server.say(Reply(302, b"", headers={"Location": target}), PICTURE)
    with pytest.raises(ForbiddenUrl):
        await media.fetch(f"{server.base}/a", LIMIT)
    assert len(server.asked) == 1


async def test_redirects_come_to_an_end(server: FakeHttpServer, media: Media) -> None:
    server.say(*[Reply(302, b"", headers={"Location": "/a"})] * 9)
    with pytest.raises(Rejected):
        await media.fetch(f"{server.base}/a", LIMIT)
    assert len(server.asked) == 4


async def test_file_of_the_limit_passes_and_one_byte_more_does_not(server: FakeHttpServer, media: Media) -> None:
    server.say(Reply(200, b"x" * LIMIT, "image/png"), Reply(200, b"x" * (LIMIT + 1), "image/png"))
    assert len((await media.fetch(f"{server.base}/a", LIMIT)).data) == LIMIT
    with pytest.raises(TooBig):
        await media.fetch(f"{server.base}/a", LIMIT)


async def test_size_that_is_only_claimed_is_enough_to_refuse(server: FakeHttpServer, media: Media) -> None:
    server.say(Reply(200, b"x", "image/png", length=10**12))
    with pytest.raises(TooBig):
        await media.fetch(f"{server.base}/a", LIMIT)


async def test_size_that_was_never_told_is_counted(server: FakeHttpServer, media: Media) -> None:
    chunks = (b"3E8\r\n" + b"x" * 1000 + b"\r\n") * 2 + b"0\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.say(Half(head + chunks))
    with pytest.raises(TooBig):
        await media.fetch(f"{server.base}/a", LIMIT)


async def test_packed_file_is_not_unpacked(server: FakeHttpServer, media: Media) -> None:
    server.say(Reply(200, b"\x1f\x8b", "image/png", {"Content-Encoding": "gzip"}))
    with pytest.raises(Rejected):
        await media.fetch(f"{server.base}/a", LIMIT)
    assert server.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (Reply(404), NotFound),
        (Reply(410), NotFound),
        (Reply(403), Rejected),
        (Reply(429, b"", headers={"Retry-After": "3"}), TooMany),
        (Reply(502, b"<html>", "text/html"), Unknown),
        (Reply(200, b"<html>antibot", "text/html"), Unknown),
        (Reply(200, b"", "image/png"), Unknown),
        (Reply(304), Unknown),
        (Dropped(), Unknown),
        (Half(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 100\r\n\r\npix"), Unknown),
    ],
)
async def test_trouble_is_told_by_its_outcome(
    server: FakeHttpServer, media: Media, answer: Reply | Dropped | Half, meaning: type[Exception]
) -> None:
    server.say(answer)
    with pytest.raises(meaning):
        await media.fetch(f"{server.base}/a", LIMIT)


async def test_host_that_is_down_is_not_done(http: httpx.AsyncClient) -> None:
    base = f"http://127.0.0.1:{unused_port()}"
    with pytest.raises(NotDone):
        await Media(http, base).fetch(f"{base}/a", LIMIT)
