"""Photos: only what was uploaded for this very place, only what is a photo, and only in a form of our own."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from activities.clients.command import ClientCommand
from activities.onboarding.photo import clean_key
from domain.kernel import sizes
from domain.kernel.refusal import DraftGone, PhotoRejected
from models import Client, DevicePhoto, UploadTicket
from models.kernel.upload import device_place, manager_place, passport_place
from tests.factories import make_device, stored
from tests.onboarding_setup import DEVICE, OnboardingSetup, refusal_of


def picture(width: int = 64, kind: str = "PNG") -> bytes:
    file = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "GPS of a home"
    Image.new("RGB", (width, 48), (10, 120, 200)).save(file, kind, exif=exif)
    return file.getvalue()


async def uploaded(onboarding: OnboardingSetup, place: str, data: bytes | None) -> str:
    """The key of a ticket, with `data` stored under it unless nothing arrived."""
    key = f"uploads/{uuid4()}.png"
    expires = onboarding.clock() + timedelta(minutes=5)
    await stored(
        onboarding.sessions, UploadTicket(file_key=key, place=place, content_type="image/png", expires_at=expires)
    )
    if data is not None:
        await onboarding.storage.put(key, data, "image/png")
    return key


async def passport_photo(onboarding: OnboardingSetup, data: bytes | None) -> tuple[Client, str, ClientCommand]:
    client = await onboarding.new_client()
    key = await uploaded(onboarding, passport_place(client.id), data)
    return client, key, await onboarding.command(client, {"file_key": key})


async def test_an_accepted_photo_is_a_small_jpeg_without_metadata_and_the_upload_is_gone(
    onboarding: OnboardingSetup,
) -> None:
    _, key, command = await passport_photo(onboarding, picture(width=3000))
    await onboarding.twice(lambda: onboarding.photos.accept_photo(command))
    clean = await onboarding.storage.get(clean_key(command.draft_id), sizes.PHOTO)
    with Image.open(BytesIO(clean)) as photo:
        assert (photo.format, max(photo.size), dict(photo.getexif())) == ("JPEG", 1200, {})
    assert b"GPS of a home" not in clean
    assert not await onboarding.storage.exists(key)
    assert (await onboarding.rows(UploadTicket))[0].used_at == onboarding.clock()


async def test_an_accepted_photo_becomes_the_passports(onboarding: OnboardingSetup) -> None:
    client, _, command = await passport_photo(onboarding, picture())
    await onboarding.photos.accept_photo(command)
    applied = await onboarding.twice(lambda: onboarding.passports.record_passport_photo(command))
    await onboarding.photos.accept_photo(command)  # asked again after it was applied
    assert applied.state.client_id == client.id


@pytest.mark.parametrize(
    "data", [b"", b"<html></html>", b"%PDF-1.7", picture()[:-40]], ids=["empty", "html", "pdf", "cut"]
)
async def test_what_is_no_photo_is_refused_with_the_reason_and_deleted(
    onboarding: OnboardingSetup, data: bytes
) -> None:
    _, key, command = await passport_photo(onboarding, data)
    first = await refusal_of(onboarding.photos.accept_photo, command)
    assert (first.code, bool(first.detail)) == ("photo-rejected", True)
    assert not await onboarding.storage.exists(key)
    assert not await onboarding.storage.exists(clean_key(command.draft_id))
    assert (await refusal_of(onboarding.photos.accept_photo, command)).code == "photo-rejected"


async def test_more_than_ten_megabytes_are_refused_and_deleted(onboarding: OnboardingSetup) -> None:
    _, key, command = await passport_photo(onboarding, b"\x89PNG" + bytes(sizes.PHOTO))
    refusal = await refusal_of(onboarding.photos.accept_photo, command)
    assert refusal.code == "photo-rejected"
    assert "10 МБ" in refusal.detail
    assert not await onboarding.storage.exists(key)


async def test_a_photo_that_never_arrived_may_be_uploaded_and_sent_again(onboarding: OnboardingSetup) -> None:
    _, key, command = await passport_photo(onboarding, None)
    await onboarding.refuses(PhotoRejected, onboarding.photos.accept_photo, command)
    await onboarding.storage.put(key, picture(), "image/png")
    await onboarding.twice(lambda: onboarding.photos.accept_photo(command))


async def test_a_key_that_was_not_issued_for_this_place_is_refused_and_kept(onboarding: OnboardingSetup) -> None:
    client, other = await onboarding.new_client(), await onboarding.new_client()
    mine, foreign = await make_device(onboarding.sessions, client), await make_device(onboarding.sessions, other)
    places = [passport_place(other.id), device_place(mine.id), manager_place(onboarding.manager.id or uuid4())]
    for place in places:
        key = await uploaded(onboarding, place, picture())
        command = await onboarding.command(client, {"file_key": key})
        await onboarding.refuses(PhotoRejected, onboarding.photos.accept_photo, command)
        assert await onboarding.storage.exists(key)
    key = await uploaded(onboarding, device_place(foreign.id), picture())
    command = await onboarding.command(client, {"file_key": key, "device_id": str(mine.id)})
    await onboarding.refuses(PhotoRejected, onboarding.photos.accept_photo, command)
    command = await onboarding.command(client, {"file_key": "uploads/never-issued.jpg"})
    await onboarding.refuses(PhotoRejected, onboarding.photos.accept_photo, command)


async def test_a_device_photo_goes_to_the_device_that_it_was_issued_for(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.do(onboarding.devices.add_device, client, DEVICE)
    device = await make_device(onboarding.sessions, client)
    key = await uploaded(onboarding, device_place(device.id), picture())
    command = await onboarding.command(client, {"file_key": key, "device_id": str(device.id)})
    await onboarding.twice(lambda: onboarding.photos.accept_photo(command))
    await onboarding.twice(lambda: onboarding.devices.record_device_photo(command))
    [photo] = await onboarding.rows(DevicePhoto)
    assert photo.device_id == device.id
    assert await onboarding.storage.exists(photo.file_key)


async def test_an_upload_is_used_once(onboarding: OnboardingSetup) -> None:
    client, key, command = await passport_photo(onboarding, picture())
    await onboarding.photos.accept_photo(command)
    await onboarding.refuses(
        PhotoRejected, onboarding.photos.accept_photo, await onboarding.command(client, {"file_key": key})
    )
    await onboarding.photos.accept_photo(command)


async def test_a_worker_that_died_between_store_and_ticket_accepts_the_photo_again(onboarding: OnboardingSetup) -> None:
    _, key, command = await passport_photo(onboarding, picture())
    await onboarding.storage.put(clean_key(command.draft_id), b"half", "image/jpeg")
    await onboarding.twice(lambda: onboarding.photos.accept_photo(command))
    clean = await onboarding.storage.get(clean_key(command.draft_id), sizes.PHOTO)
    assert clean.startswith(b"\xff\xd8")
    assert not await onboarding.storage.exists(key)


async def test_a_worker_that_died_before_deleting_the_upload_deletes_it_in_the_next_try(
    onboarding: OnboardingSetup,
) -> None:
    _, key, command = await passport_photo(onboarding, picture())
    await onboarding.photos.accept_photo(command)
    await onboarding.storage.put(key, picture(), "image/png")  # as if it were there still
    await onboarding.photos.accept_photo(command)
    assert not await onboarding.storage.exists(key)


async def test_another_command_does_not_delete_what_it_may_not_use(onboarding: OnboardingSetup) -> None:
    client, key, command = await passport_photo(onboarding, picture())
    await onboarding.photos.accept_photo(command)
    await refusal_of(onboarding.photos.accept_photo, await onboarding.command(client, {"file_key": key}))
    assert await onboarding.storage.exists(clean_key(command.draft_id))


async def test_a_photo_without_its_draft_is_refused(onboarding: OnboardingSetup) -> None:
    client = await onboarding.new_client()
    await onboarding.refuses(
        DraftGone, onboarding.photos.accept_photo, ClientCommand(client.id, uuid4(), onboarding.manager)
    )


async def test_objects_that_no_row_points_to_are_deleted_be_they_there_or_not(onboarding: OnboardingSetup) -> None:
    keys = [f"photos/{uuid4()}.jpg" for _ in range(2)]
    await onboarding.storage.put(keys[0], b"1", "image/jpeg")
    await onboarding.twice(lambda: onboarding.photos.delete_objects(keys))
    assert not await onboarding.storage.exists(keys[0])
