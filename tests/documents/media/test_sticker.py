"""A still sticker becomes a picture that Avito takes."""

import io

import pytest
from PIL import Image

from documents.media.sticker import MAX_BYTES, NotSticker, to_png


def webp(size: tuple[int, int] = (512, 512), frames: int = 1) -> bytes:
    """A red square on nothing."""
    pictures = []
    for shade in range(frames):
        picture = Image.new("RGBA", size, (0, 0, 0, 0))
        picture.paste((255 - shade, 0, 0, 255), (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
        pictures.append(picture)
    out = io.BytesIO()
    pictures[0].save(out, "WEBP", lossless=True, save_all=frames > 1, append_images=pictures[1:])
    return out.getvalue()


def test_sticker_becomes_a_png_on_white() -> None:
    png = Image.open(io.BytesIO(to_png(webp())))
    assert (png.format, png.size, png.mode) == ("PNG", (512, 512), "RGB")
    assert png.getpixel((0, 0)) == (255, 255, 255)
    assert png.getpixel((200, 200)) == (255, 0, 0)


def test_moving_sticker_is_refused() -> None:
    with pytest.raises(NotSticker, match="animated"):
        to_png(webp(frames=2))


def test_huge_picture_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(NotSticker, match="pixels"):
        to_png(webp((4096, 16)))


@pytest.mark.parametrize("data", [b"", b"RIFF\x00\x00\x00\x00WEBP", b"\x89PNG\r\n", webp()[:40], bytes(MAX_BYTES + 1)])
def test_what_is_no_sticker_is_refused(data: bytes) -> None:
    with pytest.raises(NotSticker):
        to_png(data)
