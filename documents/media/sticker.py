"""A still sticker (WEBP, which Avito does not accept) → a PNG."""

import io
import struct
from typing import Final

from PIL import Image

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_SIDE: Final = 2048
"""Pixels; Telegram's own stickers have 512."""

_MALFORMED = (OSError, ValueError, LookupError, RuntimeError, EOFError, SyntaxError, struct.error, MemoryError)


class NotSticker(Exception):
    """Not a still WEBP picture within the size limits."""


def to_png(webp: bytes) -> bytes:
    """Convert to PNG on white, because dark letters on a transparent ground are unreadable in a dark theme."""
    if not webp or len(webp) > MAX_BYTES:
        raise NotSticker("empty or too large")
    try:
        return _png(Image.open(io.BytesIO(webp), formats=("WEBP",)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *_MALFORMED) as error:
        raise NotSticker(type(error).__name__) from None


def _png(image: Image.Image) -> bytes:
    """Checks the size before decoding."""
    if max(image.size) > MAX_SIDE:
        raise NotSticker("too many pixels")
    if getattr(image, "n_frames", 1) > 1:
        raise NotSticker("animated")
    picture = image.convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    out = io.BytesIO()
    paper.convert("RGB").save(out, "PNG")
    return out.getvalue()
