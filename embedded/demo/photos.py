"""Generates photos of the size and noise of a phone camera's, so that the demo needs no files."""

import io
import random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (2048, 1536)


def photo(title: str, chance: random.Random) -> bytes:
    """A JPEG of about half a megabyte, different at each call."""
    background = tuple(chance.randrange(90, 200) for _ in range(3))
    image = Image.new("RGB", SIZE, background)
    draw = ImageDraw.Draw(image)
    for _ in range(60):
        x, y, width = (chance.randrange(limit) for limit in (*SIZE, 500))
        shade = tuple(chance.randrange(256) for _ in range(3))
        draw.rectangle((x, y, x + width, y + width // 2), fill=shade)
    soft = image.filter(ImageFilter.GaussianBlur(3))
    noise = Image.effect_noise(SIZE, 40).convert("RGB")
    mixed = Image.blend(soft, noise, 0.12)
    ImageDraw.Draw(mixed).text((80, 80), title, fill="white", font_size=72)
    target = io.BytesIO()
    mixed.save(target, "JPEG", quality=85)
    return target.getvalue()
