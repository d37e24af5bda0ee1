"""An uploaded photo → a re-encoded JPEG: bounded, upright, and without metadata."""

from typing import Final

from documents.media.decoding import HEIF, MALFORMED, STILL, TOO_MANY_PIXELS, NoPicture, Picture, as_jpeg, picture_of
from domain.kernel import sizes
from domain.kernel.refusal import PhotoRejected

MAX_PIXELS: Final = 40_000_000
LONGEST_SIDE: Final = 1200
QUALITY: Final = 85

_READ: Final = ("JPEG", "PNG", "WEBP", "AVIF", HEIF)
_START_OF_SCAN, _MAX_SCANS = b"\xff\xda", 200

_ANOTHER: Final = "Выберите другой файл или снимите фотографию заново."


def clean_photo(data: bytes) -> bytes:
    """Re-encode an upload, by its content and not its name or declared type; raises PhotoRejected with advice.

    A JPEG whose last bytes are missing is taken as long as its pixels are there (`decoding.LOST_ROWS`).
    """
    if not data:
        raise PhotoRejected("Файл пуст. Загрузите фотографию ещё раз.")
    if len(data) > sizes.PHOTO:
        raise PhotoRejected(f"Файл больше {sizes.PHOTO // sizes.MEGABYTE} МБ. Загрузите фотографию меньшего размера.")
    try:
        return as_jpeg(_checked(data).decoded(LONGEST_SIDE), QUALITY)
    except TOO_MANY_PIXELS:
        raise _too_many_pixels() from None
    except NoPicture:
        raise PhotoRejected("Это не фотография. Подходят файлы JPEG, PNG, WEBP и HEIC.") from None
    except MALFORMED:
        raise PhotoRejected(f"Файл повреждён, открыть его как фотографию не удалось. {_ANOTHER}") from None


def _checked(data: bytes) -> Picture:
    """Read only the header, so that the size is checked before decoding."""
    picture = picture_of(data, _READ)
    if picture.pixels > MAX_PIXELS:
        raise _too_many_pixels()
    if picture.frames > 1:
        raise PhotoRejected("Анимация не подходит. Загрузите обычную фотографию.")
    # Each scan of a progressive JPEG costs a pass over all pixels, while an empty scan takes only ten bytes.
    if picture.format in STILL and data.count(_START_OF_SCAN) > _MAX_SCANS:
        raise PhotoRejected(f"Файл устроен необычно и не принят. {_ANOTHER}")
    return picture


def _too_many_pixels() -> PhotoRejected:
    return PhotoRejected("На фотографии больше 40 миллионов точек. Уменьшите её и загрузите снова.")
