"""Documents of staff: the content decides whether one goes to the buyer, and nothing of the rest is lost in silence."""

import base64
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pillow_heif import from_pillow

from domain.conversations.limits import CAPTION_GOES, CAPTION_STAYS, CAPTION_WENT
from domain.kernel.trouble import Trouble
from gateways.outcome import Rejected, TooMany, Unknown
from models import Bot
from models.conversations.message import Delivery
from tests.activities.conversations.faulty_gateways import ChangedTelegram
from tests.activities.conversations.test_answer_hazards import odd
from tests.conversation_setup import ConversationSetup

PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF"


def picture(kind: str = "JPEG", colour: str = "red") -> bytes:
    out = BytesIO()
    image = Image.new("RGB", (40, 30), colour)
    if kind == "HEIF":
        from_pillow(image).save(out)
    else:
        image.save(out, kind)
    return out.getvalue()


async def document(
    conversation: ConversationSetup, data: bytes, mime: str = "image/jpeg", name: str = "файл.jpg", **more: Any
) -> int:
    file = base64.b64encode(data).decode()
    return await conversation.staff(kind="image_document", file=file, mime=mime, file_name=name, **more)


def uploaded(conversation: ConversationSetup) -> list[str]:
    images = conversation.sandbox.world.avito.kept.images.values()
    return [image.content_type for image in images if image.user_id == conversation.user_id]


@pytest.mark.parametrize(
    ("mime", "name"),
    [
        ("application/octet-stream", "IMG_1.jpg"),
        ("image/jpg", "IMG_1.jpg"),
        ("image/pjpeg", "IMG_1.jpg"),
        ("image/x-png", "IMG_1"),
        ("application/pdf", "скан.pdf"),
        ("video/mp4", "видео.mp4"),
        ("text/plain", "фото.txt"),
    ],
)
async def test_a_picture_goes_whatever_it_calls_itself(conversation: ConversationSetup, mime: str, name: str) -> None:
    written = await document(conversation, picture(), mime, name)
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["[image]"]
    assert uploaded(conversation) == ["image/jpeg"]
    assert await conversation.reactions(written) == ["👌"]


async def test_a_picture_without_a_type_goes(conversation: ConversationSetup) -> None:
    file = base64.b64encode(picture("PNG")).decode()
    dialog = await conversation.dialog()
    place = f"/groups/{conversation.group}/topics/{dialog.telegram_topic_id}/messages"
    await conversation.sandbox.post(place, kind="image_document", file=file, file_name="фото")
    async with conversation.sessions() as session:
        bot = await session.get_one(Bot, conversation.bot_id)
    for raw in await conversation.telegram.bot(conversation.token).updates(conversation.offset, 0):
        conversation.offset = int(str(raw["update_id"])) + 1
        message: Any = raw.get("message")
        for name in ("mime_type", "file_name"):
            message["document"].pop(name, None)
        await conversation.made["inbox"].store_update(bot, raw)
    await conversation.answer()
    assert uploaded(conversation) == ["image/png"]


@pytest.mark.parametrize(
    ("kind", "became"),
    [
        ("PNG", "image/png"),
        ("GIF", "image/gif"),
        ("BMP", "image/bmp"),
        ("WEBP", "image/jpeg"),
        ("HEIF", "image/jpeg"),
        ("AVIF", "image/jpeg"),
        ("TIFF", "image/jpeg"),
    ],
)
async def test_each_kind_of_picture_reaches_the_buyer(conversation: ConversationSetup, kind: str, became: str) -> None:
    await document(conversation, picture(kind), "application/octet-stream")
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["[image]"]
    assert uploaded(conversation) == [became]


@pytest.mark.parametrize(
    ("data", "words"),
    [(PDF, "Файл не ушёл"), (b"", "пустой"), (b"\xff\xd8\xff", "не читается"), (picture("PNG")[:60], "не читается")],
    ids=["pdf", "empty", "three bytes", "half"],
)
@pytest.mark.parametrize("caption", [None, "Вот документы"])
async def test_what_is_no_picture_is_told_with_its_caption(
    conversation: ConversationSetup, data: bytes, words: str, caption: str | None
) -> None:
    written = await document(conversation, data, caption=caption)
    standing = await conversation.answer()
    assert conversation.sent_to_buyer() == []
    told = (await conversation.topic())[-1]
    assert words in told["text"]
    assert (CAPTION_STAYS.strip() in told["text"]) == (caption is not None)
    assert told["reply_to"] == written
    assert await conversation.reactions(written) == ["💔"]
    assert not standing.to_send


@pytest.mark.parametrize(
    ("mime", "name", "words"),
    [
        ("image/jpeg", "фото.jpg", "больше 20 МБ"),
        ("application/octet-stream", "фото.jpg", "больше 20 МБ"),
        ("application/pdf", "скан.pdf", "до 20 МБ"),
    ],
)
async def test_a_file_that_telegram_does_not_give_is_told_of(
    conversation: ConversationSetup, mime: str, name: str, words: str
) -> None:
    await document(conversation, picture(), mime, name, size=21 * 1024 * 1024, caption="Вот")
    await conversation.answer()
    assert conversation.sent_to_buyer() == []
    told = (await conversation.said())[-1]
    assert words in told
    assert told.endswith(CAPTION_STAYS.strip())


@pytest.mark.parametrize("kind", ["voice", "video", "audio", "animation"])
async def test_a_caption_of_what_avito_never_takes_is_told_of(conversation: ConversationSetup, kind: str) -> None:
    await conversation.staff(kind=kind, caption="Послушайте")
    await conversation.answer()
    assert conversation.sent_to_buyer() == []
    assert (await conversation.said())[-1].endswith(CAPTION_STAYS.strip())


async def test_an_album_of_documents_sends_its_pictures_and_its_words(conversation: ConversationSetup) -> None:
    album = {"media_group_id": "77"}
    await document(conversation, PDF, caption="Всё здесь", **album)
    await document(conversation, picture(), "application/octet-stream", **album)
    await document(conversation, picture(colour="blue"), "image/pjpeg", **album)
    conversation.wait(2)
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Всё здесь", "[image]", "[image]"]
    told = [text for text in await conversation.said() if "не ушёл" in text]
    assert [text.endswith(CAPTION_GOES.strip()) for text in told] == [True]


async def test_an_album_without_a_picture_tells_of_each_caption(conversation: ConversationSetup) -> None:
    for caption in ("Первый", None, "Третий"):
        await document(conversation, PDF, caption=caption, media_group_id="77")
    conversation.wait(2)
    await conversation.answer()
    assert conversation.sent_to_buyer() == []
    told = [text for text in await conversation.said() if "не ушёл" in text]
    assert [text.endswith(CAPTION_STAYS.strip()) for text in told] == [True, False, True]


async def test_a_document_under_a_note_stays_among_the_staff(conversation: ConversationSetup) -> None:
    await document(conversation, picture(), caption="// для своих")
    await conversation.answer()
    assert conversation.sent_to_buyer() == []
    assert not any("не уш" in text for text in await conversation.said())


async def test_an_answer_behind_a_document_waits_for_it_in_order(conversation: ConversationSetup) -> None:
    async def away(_inner: Any, *_args: Any) -> None:
        raise TooMany("429", 7)

    conversation.build(telegram=ChangedTelegram(conversation.telegram, download=away))
    await document(conversation, picture(), caption="Вот", media_group_id="78")
    await document(conversation, picture(colour="blue"), media_group_id="78")
    await conversation.staff("Видно?")
    conversation.wait(2)
    standing = await conversation.answer()
    assert conversation.sent_to_buyer() == []
    assert standing.trouble is Trouble.TELEGRAM
    assert standing.send_at is not None
    assert 6 < (standing.send_at - conversation.now()).total_seconds() <= 7
    conversation.build()
    conversation.wait(7)
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Вот", "[image]", "[image]", "Видно?"]


async def test_a_picture_waits_as_long_as_telegram_is_away(conversation: ConversationSetup) -> None:
    async def away(_inner: Any, *_args: Any) -> None:
        raise Unknown("502")

    conversation.build(telegram=ChangedTelegram(conversation.telegram, download=away, me=away))
    await document(conversation, picture())
    await conversation.staff(kind="photo", file=base64.b64encode(picture()).decode())
    for tries in range(30):
        assert (await conversation.answer(tries)).to_send
        conversation.wait(61)
    conversation.build()
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["[image]", "[image]"]
    assert not any("не ушло" in text for text in await conversation.said())


async def test_a_picture_that_telegram_alone_never_gives_fails_and_may_be_tried_again(
    conversation: ConversationSetup,
) -> None:
    async def broken(_inner: Any, *_args: Any) -> None:
        raise Unknown("502")

    conversation.build(telegram=ChangedTelegram(conversation.telegram, download=broken))
    await document(conversation, picture(), caption="Вот")
    await conversation.staff("Видно?")
    for _ in range(12):
        await conversation.answer()
        conversation.wait(61)
    assert conversation.sent_to_buyer() == ["Вот", "Видно?"]
    told = (await conversation.said())[-1]
    assert "Изображение не ушло" in told
    assert told.endswith(CAPTION_WENT.strip())
    conversation.build()
    await conversation.change("retry")
    await conversation.answer()
    assert conversation.sent_to_buyer() == ["Вот", "Видно?", "[image]"]


@pytest.mark.parametrize("tries", [0, 50])
async def test_a_picture_waits_as_long_as_avito_is_away(conversation: ConversationSetup, tries: int) -> None:
    """Neither failures of the conversation nor those of Avito as a whole are the picture's."""
    await conversation.staff(kind="photo", file=base64.b64encode(picture()).decode())
    await conversation.sandbox.fault("avito", "server-error")
    for _ in range(30):
        assert (await conversation.answer(tries)).to_send
        conversation.wait(61)
    conversation.sandbox.world.faults.clear()
    await conversation.answer(tries)
    assert conversation.sent_to_buyer() == ["[image]"]
    assert not any("не ушло" in text for text in await conversation.said())


async def test_a_picture_that_avito_refuses_is_told_of_with_its_caption(conversation: ConversationSetup) -> None:
    async def refused(_inner: Any, *_args: Any) -> str:
        raise Rejected(400, "bad picture")

    conversation.build(avito=odd(conversation, "upload_image", refused))
    await document(conversation, picture(), caption="Вот")
    await conversation.answer()
    told = (await conversation.said())[-1]
    assert "bad picture" in told
    assert told.endswith(CAPTION_WENT.strip())


async def test_a_refused_document_is_no_failed_message(conversation: ConversationSetup) -> None:
    """It would be counted, and sent again with others, for ever."""
    await document(conversation, PDF)
    await conversation.answer()
    row = next(row for row in await conversation.messages() if row.status is Delivery.FAILED)
    assert row.kind == "unsupported"
    await conversation.staff("/retry")
    await conversation.answer()
    assert "нечего" in (await conversation.said())[-1]
