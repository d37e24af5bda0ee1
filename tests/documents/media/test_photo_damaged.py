"""Photos whose file lacks its end or carries too much beside the picture."""

from typing import Any

import pytest
from PIL import PngImagePlugin

from documents.media.photo import clean_photo
from domain.kernel.refusal import PhotoRejected
from tests.documents.media.pictures import BLUE, encoded, grainy, half_red_half_blue, near, opened

# Pillow remarks on what is odd about a file; the files here are odd on purpose.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::PIL.Image.DecompressionBombWarning")


@pytest.mark.parametrize("missing", [1, 2, 3, 6])
@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"subsampling": 0}, {"restart_marker_rows": 1}])
def test_a_jpeg_without_its_last_bytes_is_a_whole_picture(how: dict[str, Any], missing: int) -> None:
    source = encoded(grainy(), **how)
    photo = opened(clean_photo(source[:-missing]))
    assert photo.size == (400, 300)
    whole = opened(clean_photo(source))
    for at in ((10, 10), (200, 150), (390, 280)):
        assert photo.getpixel(at) == whole.getpixel(at)


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_a_jpeg_of_other_colours_may_lack_its_end_as_well(mode: str) -> None:
    assert opened(clean_photo(encoded(half_red_half_blue(mode=mode))[:-2])).size == (400, 200)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("kept", [0.9, 0.6])
def test_a_jpeg_without_a_tenth_of_its_rows_is_refused(kept: float, progressive: bool) -> None:
    source = encoded(grainy(), progressive=progressive)
    with pytest.raises(PhotoRejected, match="повреждён"):
        clean_photo(source[: int(len(source) * kept)])


def test_a_jpeg_that_is_cut_inside_a_stuffed_byte_is_refused() -> None:
    source = encoded(grainy())
    middle = source.index(b"\xff\x00", len(source) // 2)
    with pytest.raises(PhotoRejected, match="повреждён"):
        clean_photo(source[: middle + 1])


@pytest.mark.parametrize("missing", [1, 8, 12, 16])
def test_a_png_without_its_last_chunk_is_a_whole_picture(missing: int) -> None:
    assert near(opened(clean_photo(encoded(half_red_half_blue(), "PNG")[:-missing])), (350, 100), BLUE)


@pytest.mark.parametrize("size", [2_000_000, 70_000_000])
@pytest.mark.parametrize("kind", ["tEXt", "zTXt", "iTXt"])
def test_a_png_with_a_large_text_is_a_whole_picture(kind: str, size: int) -> None:
    texts = PngImagePlugin.PngInfo()
    if kind == "iTXt":
        texts.add_itxt("XML:com.adobe.xmp", "x" * size, zip=True)
    else:
        texts.add_text("Comment", "x" * (size if kind == "zTXt" else 2_000_000), zip=kind == "zTXt")
    source = encoded(half_red_half_blue(), "PNG", pnginfo=texts)
    assert kind.encode() in source
    assert near(opened(clean_photo(source)), (350, 100), BLUE)


def test_a_png_with_a_damaged_text_is_a_whole_picture() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add(b"zTXt", b"Comment\x00\x00not packed at all", after_idat=False)
    source = encoded(half_red_half_blue(), "PNG", pnginfo=texts)
    assert near(opened(clean_photo(source)), (350, 100), BLUE)


def test_a_profile_of_impossible_size_is_left_out() -> None:
    source = encoded(half_red_half_blue(), "PNG", icc_profile=bytes(3_000_000))
    assert near(opened(clean_photo(source)), (350, 100), BLUE)
