"""Pictures that the tests of photos are made of, and looks at what comes out."""

from io import BytesIO

from PIL import Image
from pillow_heif import from_pillow

from documents.media.photo import clean_photo
from domain.kernel.refusal import PhotoRejected

RED, BLUE = (220, 20, 20), (20, 20, 220)
ROTATED = 6


def encoded(image: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def heic(image: Image.Image, **more: object) -> bytes:
    out = BytesIO()
    from_pillow(image).save(out, **more)
    return out.getvalue()


def grainy(size: tuple[int, int] = (400, 300)) -> Image.Image:
    """A picture whose bytes are spread evenly over its rows."""
    return Image.effect_noise(size, 40).convert("RGB")


def half_red_half_blue(size: tuple[int, int] = (400, 200), mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image.quantize(8) if mode == "P" else image.convert(mode)


def opened(photo: bytes) -> Image.Image:
    image = Image.open(BytesIO(photo))
    image.load()
    assert (image.format, image.mode) == ("JPEG", "RGB")
    return image


def is_refused_or_clean(data: bytes) -> bool:
    """Nothing but pixels came out, if anything did."""
    try:
        image = opened(clean_photo(data))
    except PhotoRejected:
        return True
    return not image.getexif()


def near(image: Image.Image, at: tuple[int, int], colour: tuple[int, int, int]) -> bool:
    pixel = image.getpixel(at)
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 16 for one, other in zip(pixel, colour, strict=True))


def with_location() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = ROTATED
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 45.0, 7.0), 3: "E", 4: (37.0, 37.0, 3.0)})
    return exif
