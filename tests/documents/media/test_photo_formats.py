"""Colours that a profile tells, and pictures of phones."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from documents.media.photo import clean_photo
from domain.kernel.refusal import PhotoRejected
from tests.documents.media.icc import ADOBE_RGB, DISPLAY_P3, Primaries, cmyk_profile, grey_profile, rgb_profile
from tests.documents.media.pictures import (
    BLUE,
    RED,
    ROTATED,
    encoded,
    grainy,
    half_red_half_blue,
    heic,
    is_refused_or_clean,
    near,
    opened,
)

# Pillow remarks on what is odd about a file; the files here are odd on purpose.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::PIL.Image.DecompressionBombWarning")


@pytest.mark.parametrize("primaries", [ADOBE_RGB, DISPLAY_P3])
@pytest.mark.parametrize(
    ("mode", "kind"),
    [*(("RGB", kind) for kind in ("JPEG", "PNG", "WEBP", "HEIF")), ("RGBA", "PNG"), ("RGBA", "WEBP"), ("P", "PNG")],
)
def test_colours_of_a_profile_become_those_of_srgb(primaries: Primaries, mode: str, kind: str) -> None:
    """A green of a wide profile is a stronger one in sRGB."""
    green = Image.new("RGB", (64, 64), (90, 180, 90))
    image = green.quantize(4) if mode == "P" else green.convert(mode)
    more = {"icc_profile": rgb_profile(primaries)}
    source = heic(image, **more) if kind == "HEIF" else encoded(image, kind, **more)
    pixel = opened(clean_photo(source)).getpixel((32, 32))
    assert isinstance(pixel, tuple)
    red, level, _ = pixel
    assert red < 75
    assert 176 < level < 190


def test_a_transparent_picture_with_a_profile_stays_transparent() -> None:
    image = Image.new("RGBA", (64, 64), (90, 180, 90, 255))
    image.paste((0, 0, 0, 0), (0, 0, 32, 64))
    photo = opened(clean_photo(encoded(image, "PNG", icc_profile=rgb_profile(ADOBE_RGB))))
    assert near(photo, (10, 32), (255, 255, 255))
    keyed = image.convert("RGB")
    photo = opened(clean_photo(encoded(keyed, "PNG", transparency=(0, 0, 0), icc_profile=rgb_profile(ADOBE_RGB))))
    assert near(photo, (10, 32), (255, 255, 255))


@pytest.mark.parametrize(("mode", "level"), [("L", 128), ("LA", (128, 255)), ("I;16", 32896)])
def test_grey_with_a_profile_becomes_that_of_srgb(mode: str, level: float | tuple[int, int]) -> None:
    """Half the light is 188 in sRGB."""
    photo = opened(clean_photo(encoded(Image.new(mode, (40, 40), level), "PNG", icc_profile=grey_profile(1.0))))
    assert near(photo, (20, 20), (188, 188, 188))


def test_inks_with_a_profile_become_the_colours_that_it_tells() -> None:
    photo = opened(clean_photo(encoded(half_red_half_blue(mode="CMYK"), icc_profile=cmyk_profile())))
    assert photo.getpixel((50, 100)) == photo.getpixel((350, 100))


def test_a_profile_of_other_colours_than_the_pictures_is_left_out() -> None:
    photo = clean_photo(encoded(half_red_half_blue(), icc_profile=cmyk_profile()))
    assert near(opened(photo), (50, 100), RED)


def test_a_picture_of_an_iphone_is_decoded_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = ROTATED
    exif[0x010F] = "SecretPhone"
    photo = clean_photo(heic(half_red_half_blue((2400, 1200)), exif=exif.tobytes()))
    assert opened(photo).size == (600, 1200)
    assert near(opened(photo), (300, 200), RED)
    assert b"Secret" not in photo


def test_an_iphones_picture_with_transparency_is_put_on_white() -> None:
    assert near(opened(clean_photo(heic(Image.new("RGBA", (64, 64))))), (20, 20), (255, 255, 255))


def test_a_picture_in_avif_is_decoded() -> None:
    assert near(opened(clean_photo(encoded(half_red_half_blue(), "AVIF"))), (350, 100), BLUE)


def test_half_a_picture_of_an_iphone_is_refused() -> None:
    source = heic(grainy())
    with pytest.raises(PhotoRejected, match="повреждён"):
        clean_photo(source[: len(source) // 2])


def test_an_iphones_bomb_is_refused_before_it_is_decoded() -> None:
    source = heic(half_red_half_blue((64, 64)))
    at = source.index(b"ispe") + 8
    with pytest.raises(PhotoRejected, match="40 миллионов"):
        clean_photo(source[:at] + struct.pack(">II", 8000, 8000) + source[at + 8 :])


HEIC = heic(half_red_half_blue((64, 64)))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_mangled_picture_of_an_iphone_is_refused_cleanly_or_cleaned(data: st.DataObject) -> None:
    mangled = bytearray(HEIC)
    for _ in range(data.draw(st.integers(1, 8))):
        mangled[data.draw(st.integers(0, len(mangled) - 1))] = data.draw(st.integers(0, 255))
    assert is_refused_or_clean(bytes(mangled))
