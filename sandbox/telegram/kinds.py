"""What people send in Telegram: for each kind of message its content in the Bot API's shape, with sample files."""

import io
import struct
import zlib
from collections.abc import Callable
from typing import TypeAlias

from PIL import Image

from sandbox.telegram import files
from sandbox.telegram.params import Upload
from sandbox.telegram.records import Json
from sandbox.telegram.state import Telegram

Made: TypeAlias = tuple[Json, list[str]]
"""Content and the SHA-256 of its files."""
Maker: TypeAlias = Callable[[Telegram, Upload | None, int | None], Made]
"""Given bytes or None for a sample, and a size to pretend."""

SAMPLE_OGG = b"OggS\x00\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01" + bytes(10)
SAMPLE_MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"
SAMPLE_MP3 = b"ID3\x04\x00\x00\x00\x00\x00\x00"
SAMPLE_PDF = b"%PDF-1.4\n%%EOF\n"


def sample_png(red: int = 200, width: int = 320, height: int = 240) -> bytes:
    """A plain picture; another colour makes other bytes."""
    row = b"\x00" + bytes((red % 256, 120, 80)) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(row * height)), (b"IEND", b""))
    parts = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def sample_webp() -> bytes:
    made = io.BytesIO()
    Image.new("RGBA", (512, 512), (0, 120, 200, 128)).save(made, "WEBP")
    return made.getvalue()


def photo(telegram: Telegram, given: Upload | None, _size: int | None = None) -> Made:
    sizes, sha256 = files.photo(telegram, given or Upload(sample_png(len(telegram.files)), "photo.jpg", "image/jpeg"))
    return {"photo": sizes}, [sha256]


def _media(key: str, folder: str, sample: Upload, more: Json) -> Maker:
    def make(telegram: Telegram, given: Upload | None, size: int | None) -> Made:
        upload = given or sample
        file = files.store(telegram, folder, upload.data, upload.name, upload.mime, size)
        named = {"file_name": upload.name} if key in ("document", "video", "audio", "animation") else {}
        typed = {} if key in ("sticker", "video_note") else {"mime_type": upload.mime}
        return {key: files.brief(file) | named | typed | more}, [file.sha256]

    return make


def _sticker(telegram: Telegram, given: Upload | None, size: int | None) -> Made:
    more = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👍"}
    sample = Upload(sample_webp(), "sticker.webp", "image/webp")
    return _media("sticker", "stickers", sample, more)(telegram, given, size)


def _animation(telegram: Telegram, given: Upload | None, size: int | None) -> Made:
    """An animation is told as a document as well."""
    sample = Upload(SAMPLE_MP4, "animation.mp4", "video/mp4")
    more = {"width": 320, "height": 240, "duration": 2}
    content, sha256 = _media("animation", "animations", sample, more)(telegram, given, size)
    return content | {"document": content["animation"]}, sha256


def _image_document(telegram: Telegram, given: Upload | None, size: int | None) -> Made:
    sample = Upload(sample_png(len(telegram.files)), "photo.png", "image/png")
    return _media("document", "documents", sample, {})(telegram, given, size)


ANIMATED = {"type": "regular", "width": 512, "height": 512, "is_animated": True, "is_video": False, "emoji": "😀"}
MOVING = {"width": 640, "height": 480, "duration": 5}
POLL = {
    "id": "1",
    "question": "Когда удобно?",
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": True,
    "members_only": False,
    "options": [
        {"persistent_id": str(number), "text": text, "voter_count": 0} for number, text in enumerate(("Утром", "Днём"))
    ],
}
PLAIN: dict[str, Json] = {
    "location": {"location": {"latitude": 55.751244, "longitude": 37.618423}},
    "contact": {"contact": {"phone_number": "+79990000000", "first_name": "Анна"}},
    "poll": {"poll": POLL},
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
}
MEDIA: dict[str, Maker] = {
    "photo": photo,
    "voice": _media("voice", "voice", Upload(SAMPLE_OGG, "voice.oga", "audio/ogg"), {"duration": 3}),
    "video": _media("video", "videos", Upload(SAMPLE_MP4, "video.mp4", "video/mp4"), MOVING),
    "video_note": _media(
        "video_note", "video_notes", Upload(SAMPLE_MP4, "note.mp4", "video/mp4"), {"length": 240, "duration": 5}
    ),
    "animation": _animation,
    "sticker": _media("sticker", "stickers", Upload(b"\x1f\x8b\x08", "s.tgs", "application/x-tgsticker"), ANIMATED),
    "static_sticker": _sticker,
    "document": _media("document", "documents", Upload(SAMPLE_PDF, "price.pdf", "application/pdf"), {}),
    "image_document": _image_document,
    "audio": _media("audio", "music", Upload(SAMPLE_MP3, "song.mp3", "audio/mpeg"), {"duration": 60}),
}
KINDS = frozenset({"text", *PLAIN, *MEDIA})


def content_of(telegram: Telegram, kind: str, given: Upload | None, size: int | None) -> Made:
    """KeyError: no such kind. Text is not made here."""
    if kind in PLAIN:
        return dict(PLAIN[kind]), []
    return MEDIA[kind](telegram, given, size)
