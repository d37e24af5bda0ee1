"""An uploaded photo → a re-encoded JPEG: bounded, upright, and without metadata."""

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
# Some phones write JPEGs as a series of views (MPO); the first one is the photo.
_STILL = ("JPEG", "MPO")
_START_OF_SCAN, _MAX_SCANS = b"\xff\xda", 200

# Exceptions of Pillow and its decoders for invalid or truncated pictures.
_MALFORMED = (
    *(OSError, ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RuntimeError, EOFError),
    *(SyntaxError, struct.error, zlib.error, MemoryError),
)
_TOO_MANY_PIXELS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def clean_photo(data: bytes) -> bytes:
    """Re-encode an upload, by its content and not its name or declared type; raises PhotoRejected with advice."""
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
    """Read only the header, so that the size is checked before decoding."""
    try:
        image = Image.open(io.BytesIO(data), formats=_READ)
    except UnidentifiedImageError:
        raise PhotoRejected("Это не фотография. Подходят файлы JPEG, PNG и WEBP.") from None
    if image.width * image.height > MAX_PIXELS:
        raise _too_many_pixels()
    if image.format not in _STILL and getattr(image, "n_frames", 1) > 1:
        raise PhotoRejected("Анимация не подходит. Загрузите обычную фотографию.")
    # Each scan of a progressive JPEG costs a pass over all pixels, while an empty scan takes only ten bytes.
    if image.format in _STILL and data.count(_START_OF_SCAN) > _MAX_SCANS:
        raise PhotoRejected("Файл устроен необычно и не принят. Сделайте снимок заново.")
    return image


def _pixels(image: Image.Image) -> Image.Image:
    """Decoded, scaled, upright, sRGB on white; scaled first, because each copy of 40 MP takes 160 MB."""
    image.draft(None, (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
    image.load()
    profile = image.info.get("icc_profile")
    return _on_white(_in_srgb(_upright(_bounded(image)), profile))


def _bounded(image: Image.Image) -> Image.Image:
    if image.mode in ("1", "P", "PA"):
        # Palette indexes cannot be resampled.
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return image


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except _MALFORMED:
        # The pixels are loaded; only the orientation is damaged.
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
    """A new RGB image, without the metadata of the old one."""
    if image.mode.startswith("I"):
        # Pillow would clip 16-bit grey instead of scaling it.
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
