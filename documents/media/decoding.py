"""Pictures from outside: known by their content, bounded before they are decoded, decoded upright and in sRGB."""

import io
import struct
import zlib
from dataclasses import dataclass, field
from typing import Final

import pillow_heif
from PIL import Image, ImageChops, ImageCms, ImageOps, UnidentifiedImageError

HEIF: Final = "HEIF"
"""Pictures of iPhones (HEIC); decoded by libheif without registering it in Pillow, whose list of formats is global."""

MALFORMED: Final = (
    *(OSError, ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RuntimeError, EOFError),
    *(SyntaxError, struct.error, zlib.error, MemoryError),
)
"""Exceptions of the decoders for invalid or truncated pictures."""

TOO_MANY_PIXELS: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)

STILL: Final = ("JPEG", "MPO")
"""Some phones write JPEGs as a series of views (MPO); the first one is the photo."""

LOST_ROWS: Final = 18
"""Rows of pixels that the end of a JPEG may lack: one row of blocks of 16, and one on each side, which is blended."""

LOST_SHARE: Final = 50
"""The same as a part of the height: a fiftieth."""

_END_OF_IMAGE: Final = b"\xff\xd9"
_GUESS: Final = bytes(range(1, 255)) * 16
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_BEGINNINGS: Final = (b"\xff\xd8\xff", _PNG, b"GIF8")
"""By these a picture is known whose header is damaged."""

_TEXTS: Final = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_MOST_PROFILE: Final = 1024 * 1024
_HEVC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_AV1: Final = frozenset({b"avif", b"avis"})
_GREY16: Final = ("I", "I;16", "I;16B", "I;16L", "I;16N")


class NoPicture(Exception):
    """The content is none of the formats asked for."""


@dataclass(frozen=True)
class Picture:
    """A picture whose header is read and whose pixels are not."""

    format: str
    width: int
    height: int
    frames: int
    data: bytes = field(repr=False)

    @property
    def pixels(self) -> int:
        return self.width * self.height

    def decoded(self, longest: int) -> Image.Image:
        """RGB on white, upright, in sRGB, without metadata, of at most `longest` pixels a side.

        Raises one of MALFORMED. Scaled first, because each copy of 40 MP takes 160 MB.
        """
        image = self._loaded(longest)
        profile = image.info.get("icc_profile")
        return _on_white(_in_srgb(_upright(_bounded(image, longest)), profile))

    def _loaded(self, longest: int) -> Image.Image:
        if self.format == HEIF:
            return pillow_heif.open_heif(self.data).to_pillow()
        try:
            return _pixels(self.data, self.format, longest)
        except OSError:
            if self.format not in STILL:
                raise
            return _completed(self.data, longest)


def picture_of(data: bytes, formats: tuple[str, ...]) -> Picture:
    """The picture by its header. Raises NoPicture, MALFORMED, or TOO_MANY_PIXELS far above any limit of ours."""
    if _is_heif(data):
        if HEIF not in formats:
            raise NoPicture
        heif = pillow_heif.open_heif(data)
        width, height = heif.size
        return Picture(HEIF, width, height, 1, data)
    if data.startswith(_PNG):
        data = _without_texts(data)
    try:
        image = Image.open(io.BytesIO(data), formats=_plugins(formats))
    except UnidentifiedImageError:
        if data.startswith(_BEGINNINGS):
            raise
        raise NoPicture from None
    frames = 1 if image.format in STILL else int(getattr(image, "n_frames", 1))
    return Picture(str(image.format), image.width, image.height, frames, data)


def _plugins(formats: tuple[str, ...]) -> list[str]:
    """Names by which Pillow opens the formats: JPEG's also opens MPO."""
    return ["JPEG" if one == "MPO" else one for one in formats if one != HEIF]


def _is_heif(data: bytes) -> bool:
    """An ISO file with a brand of HEVC pictures (ISO/IEC 23008-12), and none of AV1."""
    if data[4:8] != b"ftyp":
        return False
    end = min(int.from_bytes(data[:4]), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}
    return bool(brands & _HEVC) and not brands & _AV1


def _without_texts(png: bytes) -> bytes:
    """Without texts, which Pillow refuses by size, and without a colour profile of an impossible one."""
    kept, at = [_PNG], len(_PNG)
    while at + 8 <= len(png):
        length, kind = int.from_bytes(png[at : at + 4]), png[at + 4 : at + 8]
        end = at + 12 + length
        if kind not in _TEXTS and not (kind == b"iCCP" and _is_huge_profile(png[at + 8 : end - 4])):
            kept.append(png[at:end])
        at = end
    return b"".join(kept)


def _is_huge_profile(chunk: bytes) -> bool:
    """iCCP: a name, NUL, the method, the packed profile."""
    packed = chunk.partition(b"\0")[2][1:]
    try:
        return len(zlib.decompressobj().decompress(packed, _MOST_PROFILE + 1)) > _MOST_PROFILE
    except zlib.error:
        return False


def _pixels(data: bytes, kind: str, longest: int) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=_plugins((kind,)))
    image.draft(None, (2 * longest, 2 * longest))
    image.load()
    return image


def _completed(jpeg: bytes, longest: int) -> Image.Image:
    """A JPEG whose end is missing, if its pixels are there. Raises OSError.

    It is decoded twice, with nothing and with a guess instead of the rest: what differs is what is missing.
    """
    image = _pixels(jpeg + _END_OF_IMAGE, "JPEG", longest)
    guessed = _pixels(jpeg.rstrip(b"\xff") + _GUESS + _END_OF_IMAGE, "JPEG", longest)
    lost = ImageChops.difference(image, guessed).getbbox()
    if lost is not None and image.height - lost[1] > max(LOST_ROWS, image.height // LOST_SHARE):
        raise OSError("the end of the picture is missing")
    return image


def _bounded(image: Image.Image, longest: int) -> Image.Image:
    if image.mode in ("1", "P", "PA"):
        # Palette indexes cannot be resampled.
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    elif image.mode in _GREY16:
        image = _in_eight_bits(image)
    elif image.mode in ("L", "RGB") and image.has_transparency_data:
        # One colour stands for transparency: neither resampling nor a profile may change it first.
        image = image.convert("RGBA")
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return image


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Pillow would clip 16-bit grey instead of scaling it."""
    key = image.info.get("transparency")
    grey = image.convert("I").point(lambda level: level / 257).convert("L")
    grey.info |= {name: image.info[name] for name in ("icc_profile", "exif") if name in image.info}
    if isinstance(key, int):
        clear = image.convert("I").point([int(level == key) * 255 for level in range(65536)], "L")
        grey.putalpha(ImageChops.invert(clear))
    return grey


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except MALFORMED:
        # The pixels are loaded; only the orientation is damaged.
        return image


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """In sRGB, whatever the mode; a profile that is damaged, or of another kind of colours, is left out."""
    if not isinstance(profile, bytes):
        return image
    alpha = image.getchannel("A") if image.mode in ("RGBA", "LA") else None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}[source.profile.xcolor_space.strip()]
        if (mode == "CMYK") != (image.mode == "CMYK"):
            return image
        plain = image if image.mode == mode else image.convert(mode)
        converted = ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, *MALFORMED):
        return image
    if converted is None:
        return image
    if alpha is not None:
        converted.putalpha(alpha)
    return converted


def _on_white(image: Image.Image) -> Image.Image:
    """A new RGB image, without the metadata of the old one."""
    white = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        with_alpha = image.convert("RGBA")
        white.paste(with_alpha, mask=with_alpha.getchannel("A"))
    else:
        white.paste(image.convert("RGB"))
    return white


def as_jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
