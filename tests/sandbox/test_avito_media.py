"""Pictures and voices of the stand-in for Avito: what may be uploaded, and where the files are found."""

import io
from typing import Any
from urllib.parse import urlsplit

import av
import pytest
from PIL import Image

from tests.sandbox.avito_world import HOUR, Seller, World, picture


async def test_a_picture_is_uploaded_sent_and_found_under_its_largest_size(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    data = picture("PNG")
    uploaded = await seller.call(
        "POST", "/messenger/v1/accounts/ME/uploadImages", files={"uploadfile[]": ("a.png", data, "image/png")}
    )
    [(image_id, sizes)] = uploaded.json().items()
    body = {"image_id": image_id}
    sent = await seller.call("POST", f"/messenger/v1/accounts/ME/chats/{chat}/messages/image", json=body)
    assert (sent.json()["type"], sent.json()["author_id"]) == ("image", seller.id)
    assert sent.json()["content"]["image"]["sizes"] == sizes
    assert (await world.http.get(sizes["1280x960"])).content == data
    small = Image.open(io.BytesIO((await world.http.get(sizes["140x105"])).content))
    assert max(small.size) == 140
    shown = seller.seen(chat)["messages"][0]["content"]["image"]["sizes"]["1280x960"]
    assert urlsplit(sizes["1280x960"]).path == shown


@pytest.mark.parametrize(
    "files",
    [
        [("uploadfile[]", ("a.webp", picture("WEBP"), "image/webp"))],
        [("uploadfile[]", ("a.png", b"no picture", "image/png"))],
        [("uploadfile[]", ("a.bmp", picture("BMP") + bytes(24 * 1024 * 1024), "image/bmp"))],
        [("uploadfile[]", ("a.png", picture("PNG"), "image/png"))] * 2,
        [("uploadfile", ("a.png", picture("PNG"), "image/png"))],
    ],
    ids=["webp", "no picture", "24 MB", "two", "wrong field"],
)
async def test_only_one_picture_of_a_known_format_can_be_uploaded(
    world: World, seller: Seller, files: list[Any]
) -> None:
    refused = await seller.call("POST", "/messenger/v1/accounts/ME/uploadImages", files=files)
    assert (refused.status_code, len(world.violations())) == (400, 1)
    assert world.avito.view()["images"] == {}


@pytest.mark.parametrize("kind", ["JPEG", "GIF", "BMP"])
async def test_every_published_format_is_taken(seller: Seller, kind: str) -> None:
    files = {"uploadfile[]": ("a", picture(kind), f"image/{kind.lower()}")}
    assert (await seller.call("POST", "/messenger/v1/accounts/ME/uploadImages", files=files)).status_code == 200


async def test_a_picture_of_another_account_cannot_be_sent(world: World, seller: Seller) -> None:
    chat, other = await seller.chat(), await world.seller()
    files = {"uploadfile[]": ("a.png", picture("PNG"), "image/png")}
    uploaded = await other.call("POST", "/messenger/v1/accounts/ME/uploadImages", files=files)
    body = {"image_id": next(iter(uploaded.json()))}
    refused = await seller.call("POST", f"/messenger/v1/accounts/ME/chats/{chat}/messages/image", json=body)
    assert (refused.status_code, seller.seen(chat)["posts"]) == (400, 0)


async def test_a_voice_is_opus_in_mp4_behind_a_link_that_lives_an_hour(world: World, seller: Seller) -> None:
    chat = await seller.chat()
    await seller.hears(chat, type="voice")
    voice_id = (await seller.listed(chat))[0]["content"]["voice"]["voice_id"]
    path = f"/messenger/v1/accounts/ME/getVoiceFiles?voice_ids={voice_id}"
    link = (await seller.get(path))["voices_urls"][voice_id]
    world.clock.advance(HOUR - 1)
    with av.open(io.BytesIO((await world.http.get(link)).content)) as container:
        assert container.format.name.startswith("mov,mp4")
        assert container.streams.audio[0].codec_context.name == "opus"
    world.clock.advance(1)
    assert (await world.http.get(link)).status_code == 403
    again = (await seller.get(path))["voices_urls"][voice_id]
    assert (await world.http.get(again)).status_code == 200
    other = await world.seller()
    assert (await other.get(path))["voices_urls"] == {}
