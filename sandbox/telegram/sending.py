"""Bot API methods that put a new message into a chat."""

from sandbox.telegram import files
from sandbox.telegram.calls import Call, caption_of
from sandbox.telegram.errors import Refused, invalid
from sandbox.telegram.records import Json
from sandbox.telegram.wording import LONGEST_TEXT, checked

SMALLEST_ALBUM, LARGEST_ALBUM = 2, 10


def text_of(call: Call) -> Json:
    """Refused: nothing to read, or more than 4096 units of it."""
    given, entities = call.params.text("text") or "", call.params.objects("entities")
    text, found = checked(given, entities, call.params.text("parse_mode"), LONGEST_TEXT, "message is too long")
    if not text.strip():
        raise invalid("message text is empty")
    return {"text": text} | ({"entities": found} if found else {})


async def send_message(call: Call) -> Json:
    chat, thread_id = call.place()
    return call.send(chat, thread_id, text_of(call))


async def send_photo(call: Call) -> Json:
    chat, thread_id = call.place()
    caption = call.caption()
    sizes, sha256 = files.photo(call.telegram, files.given(call.telegram, call.params.upload("photo"), "photo"))
    return call.send(chat, thread_id, {"photo": sizes} | caption, sha256=[sha256])


async def send_voice(call: Call) -> Json:
    chat, thread_id = call.place()
    caption = call.caption()
    upload = files.given(call.telegram, call.params.upload("voice"), "voice")
    voice, sha256 = files.voice(call.telegram, upload, call.params.number("duration") or 1)
    return call.send(chat, thread_id, {"voice": voice} | caption, sha256=[sha256])


async def send_document(call: Call) -> Json:
    chat, thread_id = call.place()
    caption = call.caption()
    upload = files.given(call.telegram, call.params.upload("document"), "document")
    document, sha256 = files.document(call.telegram, upload)
    return call.send(chat, thread_id, {"document": document} | caption, sha256=[sha256])


async def send_location(call: Call) -> Json:
    chat, thread_id = call.place()
    return call.send(chat, thread_id, {"location": _location(call)})


async def send_venue(call: Call) -> Json:
    chat, thread_id = call.place()
    title, address = call.params.text("title"), call.params.text("address")
    if not title or not address:
        raise invalid("title and address of a venue must be non-empty")
    location = _location(call)
    return call.send(chat, thread_id, {"venue": {"location": location, "title": title, "address": address}})


async def send_media_group(call: Call) -> list[Json]:
    """Photos or documents, 2 to 10, never mixed; they appear as messages of one media_group_id."""
    chat, thread_id = call.place()
    media = call.params.objects("media")
    if not SMALLEST_ALBUM <= len(media) <= LARGEST_ALBUM:
        raise invalid("there must be 2-10 messages in a media group")
    if len({item.get("type") for item in media}) != 1:
        raise invalid("documents can't be mixed with other media types")
    answered = call.answered(chat)
    contents = [_album_item(call, item) for item in media]
    chat.limit.spend(call.telegram.now(), len(contents))
    group, sender = f"{chat.id}-{chat.next_message}", call.bot.user()
    messages = [
        call.telegram.post(
            *(chat, thread_id, sender, content),
            bot_id=call.bot.id,
            reply_to=answered,
            media_group_id=group,
            sha256=[sha256],
        )
        for content, sha256 in contents
    ]
    return [call.telegram.shape(chat, message) for message in messages]


async def send_chat_action(call: Call) -> bool:
    call.place()
    return True


def _album_item(call: Call, item: Json) -> tuple[Json, str]:
    caption = caption_of(item.get("caption"), item.get("caption_entities") or [], item.get("parse_mode"))
    kind = item.get("type")
    upload = files.given(call.telegram, call.params.attached(str(item.get("media", ""))), "media")
    if kind == "photo":
        sizes, sha256 = files.photo(call.telegram, upload)
        return {"photo": sizes} | caption, sha256
    if kind == "document":
        document, sha256 = files.document(call.telegram, upload)
        return {"document": document} | caption, sha256
    raise invalid("media group of that kind (the sandbox takes photos and documents)")


def _location(call: Call) -> Json:
    latitude, longitude = call.params.real("latitude"), call.params.real("longitude")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise invalid("location must be within -90…90, -180…180")
    return {"latitude": latitude, "longitude": longitude}


def voice_forbidden() -> Refused:
    return Refused(400, "Bad Request: VOICE_MESSAGES_FORBIDDEN")
