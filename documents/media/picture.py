"""A picture of staff → one that Avito takes: JPEG, PNG, GIF and BMP as they are, the others as JPEG."""

from dataclasses import dataclass, field
from typing import Final

from documents.media.decoding import HEIF, MALFORMED, TOO_MANY_PIXELS, NoPicture, as_jpeg, picture_of

MAX_PIXELS: Final = 75_000_000
"""Avito's limit."""

MAX_DECODED: Final = 40_000_000
"""Pixels that are decoded in memory; a larger HEIC goes as it is, because Avito takes HEIC too."""

LOOK: Final = 64
"""Pixels a side in which a picture is looked at that goes as it is."""

LONGEST_SIDE: Final = 4096
QUALITY: Final = 90

_AS_IT_IS: Final = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "BMP": "image/bmp",
}
_READ: Final = (*_AS_IT_IS, "WEBP", "AVIF", "TIFF", HEIF)


class Unfit(Exception):
    """Not to be sent; `what` is a key of `domain.conversations.limits`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class Fit:
    data: bytes = field(repr=False)
    content_type: str


def fit_for_avito(data: bytes) -> Fit:
    """By the content, whatever its name and declared type are. Raises Unfit: empty, no picture, damaged, too large."""
    if not data:
        raise Unfit("file_empty")
    try:
        picture = picture_of(data, _READ)
        if picture.pixels > MAX_PIXELS:
            raise Unfit("image_too_many_pixels")
        if (content_type := _AS_IT_IS.get(picture.format)) is not None:
            if picture.pixels <= MAX_DECODED:
                # Half a picture is not for the buyer; a JPEG is decoded in small.
                picture.decoded(LOOK)
            return Fit(data, content_type)
        if picture.frames > 1:
            raise Unfit("document" if picture.format == "TIFF" else "image_animated")
        if picture.pixels > MAX_DECODED:
            if picture.format == HEIF:
                return Fit(data, "image/heic")
            raise Unfit("image_too_many_pixels")
        return Fit(as_jpeg(picture.decoded(LONGEST_SIDE), QUALITY), "image/jpeg")
    except NoPicture:
        raise Unfit("document") from None
    except TOO_MANY_PIXELS:
        raise Unfit("image_too_many_pixels") from None
    except MALFORMED:
        raise Unfit("image_broken") from None
