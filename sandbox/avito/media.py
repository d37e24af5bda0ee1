"""Images and voices: what may be uploaded, under which addresses they are found, and for how long."""

import io
import secrets
from functools import cached_property

from PIL import Image as Picture

from sandbox.avito.records import Everything, Image, Json, Link, Voice
from sandbox.avito.refused import Refused, invalid
from sandbox.avito.samples import make_voice
from sandbox.avito.shapes import MEDIA
from sandbox.blobs import Blobs
from sandbox.clock import Now

MAX_BYTES = 24 * 1024 * 1024
MAX_PIXELS = 75_000_000
SIZES = ("1280x960", "640x480", "140x105", "32x32")
LARGEST = SIZES[0]
LINK_SECONDS = 3600.0
"""The guide: a link to a voice works for one hour."""
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "BMP": "image/bmp"}
HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"})


class Media:
    def __init__(self, kept: Everything, blobs: Blobs, now: Now) -> None:
        self._kept = kept
        self._blobs = blobs
        self._now = now

    @cached_property
    def sample_voice(self) -> bytes:
        return make_voice()

    def add_image(self, user_id: int, data: bytes) -> str:
        """Its id. Refused: not one of the five formats, or too large."""
        content_type = _checked(data)
        image_id = f"{len(self._kept.images) + 10_000}.{secrets.token_hex(11)}"
        self._kept.images[image_id] = Image(user_id, content_type, self._blobs.put(data), len(data))
        return image_id

    def image_of(self, user_id: int, image_id: str) -> Image:
        image = self._kept.images.get(image_id)
        if image is None or image.user_id != user_id:
            raise invalid(image_id="no such image of this account")
        return image

    def sizes(self, image_id: str) -> Json:
        return {size: f"{MEDIA}/images/{image_id}/{size}" for size in SIZES}

    def picture(self, image_id: str, size: str) -> tuple[bytes, str]:
        """Bytes and type: the largest size is the file as it came, smaller ones are scaled."""
        image = self._kept.images.get(image_id)
        if image is None or size not in SIZES:
            raise Refused(404)
        data = self._bytes(image.sha256)
        if size == LARGEST or image.content_type == "image/heic":
            return data, image.content_type
        return _scaled(data, size), "image/jpeg"

    def add_voice(self, user_id: int, data: bytes | None) -> str:
        voice_id = f"{secrets.token_hex(4)}-{secrets.token_hex(8)}"
        self._kept.voices[voice_id] = Voice(user_id, self._blobs.put(data or self.sample_voice))
        return voice_id

    def voice_link(self, user_id: int, voice_id: str) -> str | None:
        """A new path each time; None: no such voice in the chats of this account."""
        voice = self._kept.voices.get(voice_id)
        if voice is None or voice.user_id != user_id:
            return None
        key = secrets.token_urlsafe(18)
        self._kept.links[key] = Link(voice_id, self._now() + LINK_SECONDS)
        return f"{MEDIA}/voices/{key}.mp4"

    def recorded(self, user_id: int, voice_id: str) -> bytes:
        """For the page, without a link. Refused: no such voice in the chats of this account."""
        voice = self._kept.voices.get(voice_id)
        if voice is None or voice.user_id != user_id:
            raise Refused(404)
        return self._bytes(voice.sha256)

    def voice(self, key: str) -> bytes:
        link = self._kept.links.get(key)
        if link is None:
            raise Refused(404)
        if link.expires <= self._now():
            raise Refused(403)
        return self._bytes(self._kept.voices[link.voice_id].sha256)

    def _bytes(self, sha256: str) -> bytes:
        try:
            return self._blobs.get(sha256)
        except KeyError as error:
            raise Refused(404) from error


def _checked(data: bytes) -> str:
    """The type of the picture."""
    if len(data) > MAX_BYTES:
        raise invalid(uploadfile="more than 24 MB")
    if data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS:
        return "image/heic"
    try:
        with Picture.open(io.BytesIO(data), formats=tuple(FORMATS)) as picture:
            width, height = picture.size
            content_type = FORMATS[str(picture.format)]
    except (OSError, Picture.DecompressionBombError) as error:
        raise invalid(uploadfile="not a JPEG, HEIC, GIF, BMP or PNG image") from error
    if width * height > MAX_PIXELS:
        raise invalid(uploadfile="more than 75 megapixels")
    return content_type


def _scaled(data: bytes, size: str) -> bytes:
    width, height = (int(side) for side in size.split("x"))
    out = io.BytesIO()
    with Picture.open(io.BytesIO(data)) as picture:
        small = picture.convert("RGB")
        small.thumbnail((width, height))
        small.save(out, "JPEG")
    return out.getvalue()
