"""Files as Telegram keeps them: an id for each, photos in several sizes, voices that must be OGG."""

import io
from typing import TYPE_CHECKING

from PIL import Image, UnidentifiedImageError

from sandbox.telegram.errors import absent, invalid
from sandbox.telegram.params import Upload
from sandbox.telegram.records import File, Json

if TYPE_CHECKING:
    from sandbox.telegram.state import Telegram

LARGEST_PHOTO, LARGEST_UPLOAD, LARGEST_DOWNLOAD = 10 * 1024**2, 50 * 1024**2, 20 * 1024**2
WIDEST_SUM, LONGEST_RATIO = 10_000, 20
THUMB = 90
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "video/mp4": "mp4",
    "audio/ogg": "oga",
    "audio/mpeg": "mp3",
    "application/pdf": "pdf",
    "application/x-tgsticker": "tgs",
}


def store(telegram: "Telegram", kind: str, data: bytes, name: str, mime: str, declared: int | None = None) -> File:
    """`declared`: a size to pretend, for files that are too large to download."""
    number = len(telegram.files) + 1
    extension = name.rsplit(".", 1)[-1] if "." in name else EXTENSIONS.get(mime, "bin")
    sha256 = telegram.blobs.put(data)
    file = File(f"{kind}-{number}-{sha256[:16]}", f"{kind}/file_{number}.{extension}", sha256, mime, name, len(data))
    if declared is not None:
        file = File(file.id, file.path, sha256, mime, name, declared)
    telegram.files[file.id] = file
    telegram.paths[file.path] = file.id
    return file


def brief(file: File) -> Json:
    """What every kind of file has in the Bot API."""
    return {"file_id": file.id, "file_unique_id": file.sha256[:16], "file_size": file.size}


def given(telegram: "Telegram", value: Upload | str | None, what: str) -> Upload:
    """The bytes of an upload or of a file_id. Refused: neither, or empty; addresses are not fetched here."""
    if value is None or (isinstance(value, Upload) and not value.data):
        raise invalid(f"there is no {what} in the request" if value is None else "file must be non-empty")
    if isinstance(value, Upload):
        if len(value.data) > LARGEST_UPLOAD:
            raise invalid("file is too big")
        return value
    if value not in telegram.files:
        raise invalid("wrong file identifier/HTTP URL specified")
    file = telegram.files[value]
    return Upload(telegram.blobs.get(file.sha256), file.name, file.mime)


def photo(telegram: "Telegram", upload: Upload) -> tuple[list[Json], str]:
    """PhotoSizes from small to large, and the SHA-256 of what was sent. Refused: not an image, or too large."""
    if len(upload.data) > LARGEST_PHOTO:
        raise invalid("file is too big for a photo")
    try:
        with Image.open(io.BytesIO(upload.data)) as image:
            image.load()
            width, height = image.size
            small = image.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError):
        raise invalid("IMAGE_PROCESS_FAILED") from None
    if width + height > WIDEST_SUM or max(width, height) > LONGEST_RATIO * min(width, height):
        raise invalid("PHOTO_INVALID_DIMENSIONS")
    small.thumbnail((THUMB, THUMB))
    squeezed = io.BytesIO()
    small.save(squeezed, "JPEG", quality=60)
    thumb = store(telegram, "photos", squeezed.getvalue(), "thumb.jpg", "image/jpeg")
    full = store(telegram, "photos", upload.data, upload.name, upload.mime)
    sizes = [
        brief(thumb) | {"width": small.width, "height": small.height},
        brief(full) | {"width": width, "height": height},
    ]
    return sizes, full.sha256


def voice(telegram: "Telegram", upload: Upload, duration: int) -> tuple[Json, str]:
    """Refused: what does not begin as OGG does."""
    if not upload.data.startswith(b"OggS"):
        raise invalid("wrong file type: a voice message is OGG with OPUS")
    file = store(telegram, "voice", upload.data, "voice.oga", "audio/ogg")
    return brief(file) | {"duration": duration, "mime_type": "audio/ogg"}, file.sha256


def document(telegram: "Telegram", upload: Upload) -> tuple[Json, str]:
    file = store(telegram, "documents", upload.data, upload.name, upload.mime)
    return brief(file) | {"file_name": upload.name, "mime_type": upload.mime}, file.sha256


def get_file(telegram: "Telegram", file_id: str) -> Json:
    file = telegram.files.get(file_id)
    if file is None:
        raise invalid("wrong file_id or the file is temporarily unavailable")
    if file.size > LARGEST_DOWNLOAD:
        raise absent("file is too big")
    return brief(file) | {"file_path": file.path}
