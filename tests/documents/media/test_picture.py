"""Pictures of staff for Avito: the content decides, and what Avito takes goes as it came."""

from io import BytesIO

import pytest
from PIL import Image
from pillow_heif import from_pillow

from documents.media.picture import Unfit, fit_for_avito


def encoded(kind: str, size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    out = BytesIO()
    image = Image.new("RGB", size, "red")
    if kind == "HEIF":
        from_pillow(image).save(out)
    else:
        image.save(out, kind, **more)
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [("JPEG", "image/jpeg"), ("MPO", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"), ("BMP", "image/bmp")],
)
def test_what_avito_takes_goes_as_it_came(kind: str, content_type: str) -> None:
    source = encoded(kind)
    fit = fit_for_avito(source)
    assert (fit.data, fit.content_type) == (source, content_type)


@pytest.mark.parametrize("kind", ["WEBP", "HEIF", "AVIF", "TIFF"])
def test_other_pictures_become_jpegs(kind: str) -> None:
    fit = fit_for_avito(encoded(kind))
    with Image.open(BytesIO(fit.data)) as image:
        assert (image.format, image.size, fit.content_type) == ("JPEG", (40, 30), "image/jpeg")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "file_empty"),
        (b"%PDF-1.7\n%%EOF", "document"),
        ("просто текст".encode(), "document"),
        (b"PK\x03\x04" + bytes(40), "document"),
        (b"\xff\xd8\xff", "image_broken"),
        (encoded("PNG")[:30], "image_broken"),
        (encoded("JPEG", (400, 300))[:900], "image_broken"),
        (encoded("PNG", (400, 300))[:300], "image_broken"),
        (encoded("HEIF")[:200], "image_broken"),
        (encoded("PNG", (10_000, 8_000)), "image_too_many_pixels"),
        (encoded("WEBP", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")]), "image_animated"),
        (encoded("TIFF", save_all=True, append_images=[Image.new("RGB", (40, 30), "blue")]), "document"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_cannot_go_has_its_reason(data: bytes, what: str) -> None:
    with pytest.raises(Unfit) as unfit:
        fit_for_avito(data)
    assert unfit.value.what == what
