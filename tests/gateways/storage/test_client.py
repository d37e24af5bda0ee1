"""Bytes go in and come out, links expire, and no upload is larger than its ticket says."""

import asyncio
import base64
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import get_args

import httpx
import pytest

from embedded.servers.store import Store
from gateways.storage.client import ObjectMissing, ObjectTooLarge, Storage, StorageUnavailable
from supervisor.ports import Reservation
from tests.gateways.storage.post_store import Forgotten, PostStore, serving

MINUTE = timedelta(minutes=1)


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address where a connection is never answered: the queue of the listener is all there is."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield f"http://127.0.0.1:{silent.getsockname()[1]}"


async def fetch(url: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as browser:
        return await browser.get(url)


@pytest.mark.parametrize("data", [b"", b"\x00", b"photo" * 100_000])
async def test_stored_bytes_come_back_as_they_were(storage: Storage, data: bytes) -> None:
    await storage.put("a/b/photo.jpg", data, "image/jpeg")
    assert await storage.get("a/b/photo.jpg", limit=len(data)) == data


async def test_a_second_put_replaces_the_first(storage: Storage) -> None:
    await storage.put("x.jpg", b"first, longer", "image/jpeg")
    await storage.put("x.jpg", b"second", "image/jpeg")
    assert await storage.get("x.jpg", 100) == b"second"


async def test_a_stream_larger_than_one_part_is_stored_whole(storage: Storage) -> None:
    data = bytes(range(256)) * (17 * 4096)
    await storage.put_stream("big.bin", BytesIO(data), len(data), "application/octet-stream")
    assert await storage.get("big.bin", len(data)) == data


async def test_a_stream_is_stored_from_where_it_stands_and_no_longer_than_asked(storage: Storage) -> None:
    file = BytesIO(b"header|body|rest")
    file.seek(7)
    await storage.put_stream("part.bin", file, 4, "application/octet-stream")
    assert await storage.get("part.bin", 100) == b"body"


async def test_a_stream_that_ends_too_soon_stores_nothing(storage: Storage) -> None:
    with pytest.raises(OSError, match="not enough data"):
        await storage.put_stream("short.bin", BytesIO(b"abc"), 10, "application/octet-stream")
    assert not await storage.exists("short.bin")


async def test_what_was_never_stored_is_missing(storage: Storage) -> None:
    with pytest.raises(ObjectMissing):
        await storage.get("nothing.jpg", 100)
    assert await storage.stat("nothing.jpg") is None
    assert not await storage.exists("nothing.jpg")


async def test_nobody_has_to_read_more_than_he_is_ready_for(storage: Storage) -> None:
    await storage.put("x.jpg", b"12345", "image/jpeg")
    assert await storage.get("x.jpg", 5) == b"12345"
    with pytest.raises(ObjectTooLarge):
        await storage.get("x.jpg", 4)


async def test_the_store_tells_size_and_type_without_the_bytes(storage: Storage) -> None:
    await storage.put("x.png", b"12345", "image/png")
    found = await storage.stat("x.png")
    assert found is not None
    assert (found.size, found.content_type) == (5, "image/png")
    assert found.etag


async def test_deleting_twice_is_deleting_once(storage: Storage) -> None:
    await storage.put("x.jpg", b"1", "image/jpeg")
    await storage.delete("x.jpg")
    assert not await storage.exists("x.jpg")
    await storage.delete("x.jpg")


async def test_many_at_once_all_arrive(storage: Storage) -> None:
    await asyncio.gather(*(storage.put(f"{n}.bin", str(n).encode(), "text/plain") for n in range(60)))
    found = await asyncio.gather(*(storage.get(f"{n}.bin", 10) for n in range(60)))
    assert found == [str(n).encode() for n in range(60)]


async def test_two_processes_may_make_the_bucket_at_the_same_time(s3: Store) -> None:
    both = [Storage(s3.endpoint, s3.access_key, s3.secret_key, "made-by-two", s3.region) for _ in range(2)]
    await asyncio.gather(*(storage.ensure_bucket() for storage in both))
    await asyncio.gather(*(storage.check() for storage in both))
    await both[0].put("key", b"bytes", "text/plain")
    assert await both[1].get("key", 5) == b"bytes"


async def test_a_link_opens_the_object_without_any_other_right(storage: Storage) -> None:
    await storage.put("photos/1.jpg", b"photo", "image/jpeg")
    link = storage.presigned_get("photos/1.jpg", MINUTE)
    answer = await fetch(link)
    assert (answer.status_code, answer.content) == (200, b"photo")
    assert (await fetch(link.split("?")[0])).status_code in (400, 403)
    assert (await fetch(link.replace("photos/1.jpg", "photos/2.jpg"))).status_code == 403
    assert (await fetch(link.replace("Expires=60", "Expires=600"))).status_code == 403


@pytest.mark.parametrize(
    ("key", "claimed", "served", "disposition"),
    [
        ("photo.JPG", "text/html", "image/jpeg", "inline"),
        ("contract.pdf", "application/pdf", "application/pdf", "inline"),
        ("evil.html", "text/html", "application/octet-stream", "attachment"),
        ("no-suffix", "image/svg+xml", "application/octet-stream", "attachment"),
    ],
)
async def test_a_link_fixes_the_type_whatever_the_uploader_claimed(
    storage: Storage, key: str, claimed: str, served: str, disposition: str
) -> None:
    await storage.put(key, b"bytes", claimed)
    answer = await fetch(storage.presigned_get(key, MINUTE))
    assert answer.content == b"bytes"
    assert (answer.headers["content-type"], answer.headers["content-disposition"]) == (served, disposition)


def test_links_and_tickets_name_the_public_address_and_need_no_network() -> None:
    storage = Storage(
        "http://store:9000", "access", "secret-secret", "privet", "us-east-1", "https://files.example.com/"
    )
    assert storage.presigned_get("1.jpg", MINUTE).startswith("https://files.example.com/privet/1.jpg?")
    assert storage.post_policy("1.jpg", "image/jpeg", 10, MINUTE)[0] == "https://files.example.com/privet"


def test_a_ticket_is_for_one_key_one_type_and_a_bounded_size() -> None:
    storage = Storage("http://store:9000", "access", "secret-secret", "privet", "us-east-1")
    _, fields = storage.post_policy("u/1.jpg", "image/jpeg", 10_000_000, timedelta(minutes=5))
    conditions = json.loads(base64.b64decode(fields["policy"]))["conditions"]
    assert ["eq", "$bucket", "privet"] in conditions
    assert ["eq", "$key", "u/1.jpg"] in conditions
    assert ["eq", "$Content-Type", "image/jpeg"] in conditions
    assert ["content-length-range", 1, 10_000_000] in conditions
    assert (fields["key"], fields["Content-Type"]) == ("u/1.jpg", "image/jpeg")


@pytest.mark.parametrize("endpoint", ["store:9000", "ftp://store", "http://store/s3", "http://", ""])
def test_an_endpoint_that_is_no_plain_url_stops_the_start(endpoint: str) -> None:
    with pytest.raises(ValueError, match="S3 endpoint"):
        Storage(endpoint, "access", "secret-secret", "privet", "us-east-1")


async def test_the_embedded_store_knows_no_upload_tickets(storage: Storage) -> None:
    assert await storage.supports_post_policy() is False


async def test_a_store_that_holds_uploads_to_their_policy_is_used_directly() -> None:
    store = PostStore("secret-secret")
    assert await tried(store) is True
    assert store.objects == {}


@pytest.mark.parametrize("forgotten", get_args(Forgotten))
async def test_a_store_that_forgets_any_part_of_the_policy_is_not_used_directly(forgotten: Forgotten) -> None:
    store = PostStore("secret-secret", forgets=forgotten)
    assert await tried(store) is False
    assert store.objects == {}


async def tried(store: PostStore) -> bool:
    with Reservation() as ports, serving(store, ports.take()) as endpoint:
        return await Storage(endpoint, "access", "secret-secret", "privet", "us-east-1").supports_post_policy()


async def test_a_silent_store_is_reported_within_seconds(nobody: str) -> None:
    storage = Storage(nobody, "access", "secret-secret", "privet", "us-east-1")
    async with asyncio.timeout(5):
        with pytest.raises(StorageUnavailable):
            await storage.check()


async def test_a_store_that_is_not_there_is_unavailable_and_not_empty() -> None:
    with Reservation() as ports:
        storage = Storage(f"http://127.0.0.1:{ports.take()}", "access", "secret-secret", "privet", "us-east-1")
        for call in (
            storage.check(),
            storage.stat("x"),
            storage.get("x", 1),
            storage.delete("x"),
            storage.ensure_bucket(),
        ):
            with pytest.raises(StorageUnavailable):
                await call


async def test_a_wrong_secret_is_no_missing_object(s3: Store) -> None:
    storage = Storage(s3.endpoint, s3.access_key, "another-secret", s3.bucket, s3.region)
    with pytest.raises(StorageUnavailable):
        await storage.get("x", 1)


async def test_a_missing_bucket_is_not_ready(s3: Store) -> None:
    storage = Storage(s3.endpoint, s3.access_key, s3.secret_key, "never-made", s3.region)
    with pytest.raises(StorageUnavailable, match="never-made"):
        await storage.check()
