"""A photo as people upload it → a JPEG that we made ourselves: bounded, upright, and with nothing but pixels in it."""

import io
import struct
import zlib
from typing import Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from domain.kernel import sizes
from domain.kernel.refusal import PhotoRejected

MAX_PIXELS: Final = 40_000_000
LONGEST_SIDE: Final = 1200
QUALITY: Final = 85

_READ = ("JPEG", "PNG", "WEBP")
# A phone writes some of its JPEGs as a series of views (MPO); the first one is the photo.
_STILL = ("JPEG", "MPO")
_START_OF_SCAN, _MAX_SCANS = b"\xff\xda", 200

# What Pillow and its decoders raise for bytes that are no picture, or half of one.
_MALFORMED = (
    *(OSError, ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RuntimeError, EOFError),
    *(SyntaxError, struct.error, zlib.error, MemoryError),
)
_TOO_MANY_PIXELS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def clean_photo(data: bytes) -> bytes:
    """Re-encode an upload; its content decides, not its name or declared type; PhotoRejected says what to do."""
    if not data:
        raise PhotoRejected("Файл пуст. Загрузите фотографию ещё раз.")
    if len(data) > sizes.PHOTO:
        raise PhotoRejected(f"Файл больше {sizes.PHOTO // sizes.MEGABYTE} МБ. Загрузите фотографию меньшего размера.")
    try:
        return _encoded(_pixels(_opened(data)))
    except _TOO_MANY_PIXELS:
        raise _too_many_pixels() from None
    except _MALFORMED:
        raise PhotoRejected("Файл повреждён, открыть его как фотографию не удалось. Сделайте снимок заново.") from None


def _opened(data: bytes) -> Image.Image:
    """Header only: nothing is decoded before the size is known to be bearable."""
    try:
        image = Image.open(io.BytesIO(data), formats=_READ)
    except UnidentifiedImageError:
        raise PhotoRejected("Это не фотография. Подходят файлы JPEG, PNG и WEBP.") from None
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    if image.format not in _STILL and getattr(image, "n_frames", 1) > 1:
        raise PhotoRejected("Анимация не подходит. Загрузите обычную фотографию.")
    # Each scan of a progressive JPEG goes over all its pixels, and an empty one costs its sender ten bytes.
    if image.format in _STILL and data.count(_START_OF_SCAN) > _MAX_SCANS:
        raise PhotoRejected("Файл устроен необычно и не принят. Сделайте снимок заново.")
    return image


def _pixels(image: Image.Image) -> Image.Image:
    """Decoded, small, upright, sRGB on white; made small at once, for each copy of 40 MP would take 160 MB."""
    image.draft(None, (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
    image.load()
    profile = image.info.get("icc_profile")
    return _on_white(_in_srgb(_upright(_bounded(image)), profile))


def _bounded(image: Image.Image) -> Image.Image:
    if image.mode in ("1", "P", "PA"):
        # Between two numbers of a palette there is no colour to resample to.
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return image


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except _MALFORMED:
        # The pixels are whole (they are loaded); only the note on how the phone was held is not.
        return image


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    if not isinstance(profile, bytes) or image.mode not in ("RGB", "CMYK"):
        return image
    try:
        converted = ImageCms.profileToProfile(
            image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, *_MALFORMED):
        return image
    return converted or image


def _on_white(image: Image.Image) -> Image.Image:
    """A new RGB image, so that no metadata of the old one can follow its pixels."""
    if image.mode.startswith("I"):
        # 16 bits of grey: Pillow would clip them instead of scaling.
        image = image.convert("I").point(lambda level: level / 257).convert("L")
    white = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        with_alpha = image.convert("RGBA")
        white.paste(with_alpha, mask=with_alpha.getchannel("A"))
    else:
        white.paste(image.convert("RGB"))
    return white


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _too_many_pixels() -> PhotoRejected:
    return PhotoRejected("На фотографии больше 40 миллионов точек. Уменьшите её и загрузите снова.")
