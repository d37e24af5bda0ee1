"""The content of a message has its kind, its files, and what its text is made of."""

from typing import Any

import pytest

from models import Attachment, Bot, Dialog
from models.conversations.message import SOURCE
from models.kernel.columns import unseal
from tests.activities.channels.inbox.updates import only_message, sticker, take, update
from tests.activities.channels_setup import ChannelsSetup


async def test_a_photo_keeps_where_its_bytes_are(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    photo = [
        {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 60, "file_size": 900},
        {"file_id": "large", "file_unique_id": "l", "width": 1280, "height": 853, "file_size": 90_000},
    ]
    await take(channels, bot, update(photo=photo, caption="Вот он", media_group_id="12345"))
    message, body = await only_message(channels)
    assert (message.kind, message.album, body["text"]) == ("image", "12345", "Вот он")
    [file] = await channels.rows(Attachment)
    assert (file.message_id, file.ordinal, file.kind, file.size) == (message.id, 0, "image", 90_000)
    assert file.source_sealed is not None
    assert unseal(channels.keyring, SOURCE, file.source_sealed)["file_id"] == "large"


def document(mime: str, name: str = "foto") -> dict[str, Any]:
    return {"document": {"file_id": "f", "file_unique_id": "u", "mime_type": mime, "file_name": name, "file_size": 5}}


@pytest.mark.parametrize(
    ("content", "kind", "files"),
    [
        (document("image/png"), "file", 1),
        (document("application/octet-stream", "foto.bin"), "file", 1),
        (document("application/pdf"), "file", 1),
        (sticker(), "sticker", 1),
        (sticker(is_animated=True), "unsupported", 0),
        ({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 2}}, "unsupported", 0),
        ({"contact": {"phone_number": "+79160000000", "first_name": "Иван"}}, "contact", 0),
        ({"location": {"latitude": 55.7, "longitude": 37.6}}, "location", 0),
        ({"something_new": {"x": 1}}, "unsupported", 0),
    ],
)
async def test_each_content_has_its_kind(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog, content: dict[str, Any], kind: str, files: int
) -> None:
    assert len(await take(channels, bot, update(**content))) == 1
    message, _ = await only_message(channels)
    assert (message.kind, len(await channels.rows(Attachment))) == (kind, files)


async def test_what_cannot_be_carried_is_named_as_the_refusals_name_it(
    channels: ChannelsSetup, bot: Bot, dialog: Dialog
) -> None:
    await take(channels, bot, update(**sticker(is_animated=True)))
    _, body = await only_message(channels)
    assert body["what"] == "sticker_animated"


async def test_a_place_keeps_what_its_text_is_made_of(channels: ChannelsSetup, bot: Bot, dialog: Dialog) -> None:
    place: dict[str, Any] = {
        "location": {"latitude": 55.7, "longitude": 37.6},
        "title": "Склад",
        "address": "ул. Мира, 5",
    }
    await take(channels, bot, update(venue=place, location=place["location"]))
    _, body = await only_message(channels)
    assert (body["latitude"], body["longitude"]) == (55.7, 37.6)
    assert (body["title"], body["address"]) == ("Склад", "ул. Мира, 5")
