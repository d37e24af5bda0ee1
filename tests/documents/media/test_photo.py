"""Photos: what is taken, what is refused, and that nothing but pixels comes out."""

import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from documents.media.photo import LONGEST_SIDE, clean_photo
from domain.kernel import sizes
from domain.kernel.refusal import PhotoRejected
from tests.documents.media.pictures import (
    BLUE,
    RED,
    encoded,
    half_red_half_blue,
    is_refused_or_clean,
    near,
    opened,
    with_location,
)

# Pillow remarks on what is odd about a file; the files here are odd on purpose.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::PIL.Image.DecompressionBombWarning")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_comes_out_as_a_jpeg_of_its_own_size(kind: str) -> None:
    photo = clean_photo(encoded(half_red_half_blue(), kind))
    image = opened(photo)
    assert opened(photo).size == (400, 200)
    assert near(image, (50, 100), RED)
    assert near(image, (350, 100), BLUE)


@pytest.mark.parametrize(
    ("size", "bounded"),
    [((4000, 3000), (1200, 900)), ((1000, 5000), (240, 1200)), ((1200, 1200), (1200, 1200)), ((30000, 2), (1200, 1))],
)
def test_the_longest_side_is_bounded(size: tuple[int, int], bounded: tuple[int, int]) -> None:
    photo = clean_photo(encoded(half_red_half_blue(size)))
    assert opened(photo).size == bounded
    assert max(opened(photo).size) <= LONGEST_SIDE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_held_sideways_stands_upright_and_tells_no_place(kind: str) -> None:
    source = encoded(half_red_half_blue((2400, 1200)), kind, exif=with_location(), xmp=b"<x:xmpmeta>Secret</x:xmpmeta>")
    assert Image.open(BytesIO(source)).getexif().get_ifd(0x8825)
    photo = clean_photo(source)
    image = opened(photo)
    assert opened(photo).size == (600, 1200)
    assert near(image, (300, 200), RED)
    assert near(image, (300, 1000), BLUE)
    assert not image.getexif()
    assert b"Secret" not in photo
    assert b"Exif" not in photo
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_comment_and_colour_profile_do_not_come_through() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = clean_photo(encoded(half_red_half_blue(), comment=b"SecretComment", icc_profile=profile))
    assert "icc_profile" not in opened(photo).info
    assert b"SecretComment" not in photo
    assert near(opened(photo), (50, 100), RED)


def test_a_broken_colour_profile_or_orientation_is_no_reason_to_refuse() -> None:
    assert opened(clean_photo(encoded(half_red_half_blue(), icc_profile=b"junk"))).width == 400
    assert opened(clean_photo(encoded(half_red_half_blue(), exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff"))).width == 400


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("CMYK", "JPEG"), ("P", "PNG"), ("RGBA", "PNG"), ("RGBA", "WEBP")],
)
def test_other_colour_models_look_the_same(mode: str, kind: str) -> None:
    image = opened(clean_photo(encoded(half_red_half_blue(mode=mode), kind)))
    assert near(image, (50, 100), RED)
    assert near(image, (350, 100), BLUE)


@pytest.mark.parametrize(
    ("mode", "level", "grey"), [("L", 128, 128), ("1", 1, 255), ("I;16", 32896, 128), ("I;16", 65535, 255)]
)
def test_grey_keeps_its_lightness(mode: str, level: int, grey: int) -> None:
    image = opened(clean_photo(encoded(Image.new(mode, (40, 40), level), "PNG")))
    assert near(image, (20, 20), (grey, grey, grey))


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_becomes_white(mode: str) -> None:
    clear = Image.new(mode, (40, 40), (0,) * len(mode))
    assert near(opened(clean_photo(encoded(clear, "PNG"))), (20, 20), (255, 255, 255))


def test_a_transparent_palette_becomes_white() -> None:
    image = Image.new("P", (40, 40), 0)
    image.putpalette([0, 0, 0, 255, 0, 0])
    assert near(opened(clean_photo(encoded(image, "PNG", transparency=0))), (20, 20), (255, 255, 255))


def test_a_phones_series_of_views_gives_its_first() -> None:
    series = encoded(half_red_half_blue(), "MPO", save_all=True, append_images=[Image.new("RGB", (400, 200), "white")])
    assert near(opened(clean_photo(series)), (50, 100), RED)


def test_the_same_upload_gives_the_same_photo() -> None:
    source = encoded(half_red_half_blue())
    assert clean_photo(source) == clean_photo(source)


def test_what_follows_the_picture_is_left_behind() -> None:
    photo = clean_photo(encoded(half_red_half_blue()) + b"<html><script>alert(1)</script>PK\x03\x04")
    assert b"script" not in photo
    assert b"PK\x03\x04" not in photo


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(6400, 6400), (12000, 12000), (20000, 20000), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(PhotoRejected, match="40 миллионов"):
        clean_photo(png_that_claims(*size))


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    source = encoded(half_red_half_blue(), progressive=True)
    with pytest.raises(PhotoRejected, match="необычно"):
        clean_photo(source[:-2] + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" * 1000 + source[-2:])


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_refused(kind: str) -> None:
    moving = encoded(half_red_half_blue(), kind, save_all=True, append_images=[Image.new("RGB", (400, 200), "white")])
    with pytest.raises(PhotoRejected, match="Анимация"):
        clean_photo(moving)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_file_is_refused(kind: str) -> None:
    source = encoded(Image.effect_noise((300, 300), 80).convert("RGB"), kind)
    with pytest.raises(PhotoRejected, match="повреждён"):
        clean_photo(source[: len(source) // 2])


@pytest.mark.parametrize(
    "data",
    [
        "просто текст".encode(),
        b"<html><img src=x></html>",
        b"%PDF-1.7\n%%EOF",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x00\x00\x00\x00WEBP",
        encoded(Image.new("RGB", (20, 20)), "GIF"),
        encoded(Image.new("RGB", (20, 20)), "BMP"),
        encoded(Image.new("RGB", (20, 20)), "TIFF"),
        b"GIF89a<script>alert(1)</script>",
    ],
)
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(PhotoRejected, match=r"Подходят файлы JPEG|повреждён"):
        clean_photo(data)


def test_an_empty_or_too_large_file_is_refused_with_its_reason() -> None:
    with pytest.raises(PhotoRejected, match="пуст"):
        clean_photo(b"")
    with pytest.raises(PhotoRejected, match="10 МБ"):
        clean_photo(encoded(half_red_half_blue()) + bytes(sizes.PHOTO))


def test_a_refusal_names_its_code() -> None:
    with pytest.raises(PhotoRejected) as refusal:
        clean_photo(b"text")
    assert refusal.value.code == "photo-rejected"


SMALL = {kind: encoded(half_red_half_blue((24, 16)), kind, exif=with_location()) for kind in ("JPEG", "PNG", "WEBP")}


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBPVP8 "]),
    st.binary(max_size=300),
)
def test_any_bytes_are_refused_cleanly_or_cleaned(head: bytes, tail: bytes) -> None:
    assert is_refused_or_clean(head + tail)


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(sorted(SMALL)), st.data())
def test_a_mangled_photo_is_refused_cleanly_or_cleaned(kind: str, data: st.DataObject) -> None:
    mangled = bytearray(SMALL[kind])
    for _ in range(data.draw(st.integers(1, 8))):
        mangled[data.draw(st.integers(0, len(mangled) - 1))] = data.draw(st.integers(0, 255))
    assert is_refused_or_clean(bytes(mangled))
