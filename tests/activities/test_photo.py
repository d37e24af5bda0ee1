"""Photos: only what was uploaded for this very place, only what is a photo, and only in a form of our own."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from activities.kernel.command import Command
from activities.onboarding.photo import clean_key
from domain.kernel import sizes
from domain.kernel.refusal import DraftGone, PhotoRejected
from models import Client, UploadTicket
from models.kernel.upload import device_place, manager_place, passport_place
from tests.activities.desk import DEVICE, Desk, refusal_of
from tests.factories import make_device, stored


def picture(width: int = 64, kind: str = "PNG") -> bytes:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "GPS of a home"
    Image.new("RGB", (width, 48), (10, 120, 200)).save(file, kind, exif=exif)
    return file.getvalue()


async def uploaded(desk: Desk, place: str, data: bytes | None) -> str:
    """The key of a ticket, with `data` stored under it unless nothing arrived."""
    key = f"uploads/{uuid4()}.png"
    expires = desk.clock() + timedelta(minutes=5)
    await stored(desk.sessions, UploadTicket(file_key=key, place=place, content_type="image/png", expires_at=expires))
    if data is not None:
        await desk.storage.put(key, data, "image/png")
    return key


async def passport_photo(desk: Desk, data: bytes | None) -> tuple[Client, str, Command]:
    client = await desk.new_client()
    key = await uploaded(desk, passport_place(client.id), data)
    return client, key, await desk.command(client, {"file_key": key})


async def test_an_accepted_photo_is_a_small_jpeg_without_metadata_and_the_upload_is_gone(desk: Desk) -> None:
    _, key, command = await passport_photo(desk, picture(width=3000))
    await desk.twice(lambda: desk.photos.accept_photo(command))
    clean = await desk.storage.get(clean_key(command.draft_id), sizes.PHOTO)
    with Image.open(BytesIO(clean)) as photo:
        assert (photo.format, max(photo.size), dict(photo.getexif())) == ("JPEG", 1200, {})
    assert b"GPS of a home" not in clean
    assert not await desk.storage.exists(key)
    assert (await desk.rows(UploadTicket))[0].used_at == desk.clock()


async def test_an_accepted_photo_becomes_the_passports(desk: Desk) -> None:
    client, _, command = await passport_photo(desk, picture())
    await desk.photos.accept_photo(command)
    applied = await desk.twice(lambda: desk.passports.record_passport_photo(command))
    await desk.photos.accept_photo(command)  # asked again after it was applied
    assert applied.state.client_id == client.id


@pytest.mark.parametrize(
    "data", [b"", b"<html></html>", b"%PDF-1.7", picture()[:-40]], ids=["empty", "html", "pdf", "cut"]
)
async def test_what_is_no_photo_is_refused_with_the_reason_and_deleted(desk: Desk, data: bytes) -> None:
    _, key, command = await passport_photo(desk, data)
    first = await refusal_of(desk.photos.accept_photo, command)
    assert (first.code, bool(first.detail)) == ("photo-rejected", True)
    assert not await desk.storage.exists(key)
    assert not await desk.storage.exists(clean_key(command.draft_id))
    assert (await refusal_of(desk.photos.accept_photo, command)).code == "photo-rejected"


async def test_more_than_ten_megabytes_are_refused_and_deleted(desk: Desk) -> None:
    _, key, command = await passport_photo(desk, b"\x89PNG" + bytes(sizes.PHOTO))
    refusal = await refusal_of(desk.photos.accept_photo, command)
    assert refusal.code == "photo-rejected"
    assert "10 МБ" in refusal.detail
    assert not await desk.storage.exists(key)


async def test_a_photo_that_never_arrived_may_be_uploaded_and_sent_again(desk: Desk) -> None:
    _, key, command = await passport_photo(desk, None)
    await desk.refuses(PhotoRejected, desk.photos.accept_photo, command)
    await desk.storage.put(key, picture(), "image/png")
    await desk.twice(lambda: desk.photos.accept_photo(command))


async def test_a_key_that_was_not_issued_for_this_place_is_refused_and_kept(desk: Desk) -> None:
    client, other = await desk.new_client(), await desk.new_client()
    mine, foreign = await make_device(desk.sessions, client), await make_device(desk.sessions, other)
    places = [passport_place(other.id), device_place(mine.id), manager_place(desk.manager.id or uuid4())]
    for place in places:
        key = await uploaded(desk, place, picture())
        command = await desk.command(client, {"file_key": key})
        await desk.refuses(PhotoRejected, desk.photos.accept_photo, command)
        assert await desk.storage.exists(key)
    key = await uploaded(desk, device_place(foreign.id), picture())
    command = await desk.command(client, {"file_key": key, "device_id": str(mine.id)})
    await desk.refuses(PhotoRejected, desk.photos.accept_photo, command)
    command = await desk.command(client, {"file_key": "uploads/never-issued.jpg"})
    await desk.refuses(PhotoRejected, desk.photos.accept_photo, command)


async def test_a_device_photo_goes_to_the_device_that_it_was_issued_for(desk: Desk) -> None:
    client = await desk.new_client()
    await desk.do(desk.devices.add_device, client, DEVICE)
    device = await make_device(desk.sessions, client)
    key = await uploaded(desk, device_place(device.id), picture())
    command = await desk.command(client, {"file_key": key, "device_id": str(device.id)})
    await desk.twice(lambda: desk.photos.accept_photo(command))
    await desk.twice(lambda: desk.devices.record_device_photo(command))


async def test_an_upload_is_used_once(desk: Desk) -> None:
    client, key, command = await passport_photo(desk, picture())
    await desk.photos.accept_photo(command)
    await desk.refuses(PhotoRejected, desk.photos.accept_photo, await desk.command(client, {"file_key": key}))
    await desk.photos.accept_photo(command)


async def test_a_worker_that_died_between_store_and_ticket_accepts_the_photo_again(desk: Desk) -> None:
    _, key, command = await passport_photo(desk, picture())
    await desk.storage.put(clean_key(command.draft_id), b"half", "image/jpeg")
    await desk.twice(lambda: desk.photos.accept_photo(command))
    clean = await desk.storage.get(clean_key(command.draft_id), sizes.PHOTO)
    assert clean.startswith(b"\xff\xd8")
    assert not await desk.storage.exists(key)


async def test_a_worker_that_died_before_deleting_the_upload_deletes_it_in_the_next_try(desk: Desk) -> None:
    _, key, command = await passport_photo(desk, picture())
    await desk.photos.accept_photo(command)
    await desk.storage.put(key, picture(), "image/png")  # as if it were there still
    await desk.photos.accept_photo(command)
    assert not await desk.storage.exists(key)


async def test_another_command_does_not_delete_what_it_may_not_use(desk: Desk) -> None:
    client, key, command = await passport_photo(desk, picture())
    await desk.photos.accept_photo(command)
    await refusal_of(desk.photos.accept_photo, await desk.command(client, {"file_key": key}))
    assert await desk.storage.exists(clean_key(command.draft_id))


async def test_a_photo_without_its_draft_is_refused(desk: Desk) -> None:
    client = await desk.new_client()
    await desk.refuses(DraftGone, desk.photos.accept_photo, Command(client.id, uuid4(), desk.manager))


async def test_objects_that_no_row_points_to_are_deleted_be_they_there_or_not(desk: Desk) -> None:
    keys = [f"photos/{uuid4()}.jpg" for _ in range(2)]
    await desk.storage.put(keys[0], b"1", "image/jpeg")
    await desk.twice(lambda: desk.photos.delete_objects(keys))
    assert not await desk.storage.exists(keys[0])
