"""Photos as a telephone makes them."""

from io import BytesIO

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

MAKER = "Zenit-Telefon"


def photo_with_gps(size: tuple[int, int] = (1600, 900)) -> bytes:
    """A JPEG that says where and with what it was taken."""
    image = Image.effect_noise(size, 40).convert("RGB")
    exif = Image.Exif()
    exif[Base.Make] = MAKER
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N",
            GPS.GPSLatitude: (55.0, 45.0, 7.0),
            GPS.GPSLongitudeRef: "E",
            GPS.GPSLongitude: (37.0, 37.0, 3.0),
        }
    )
    out = BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"taken at home")
    return out.getvalue()


def says_where(jpeg: bytes) -> bool:
    """Whether anything in the file beside its pixels tells of place, maker or words."""
    with Image.open(BytesIO(jpeg)) as image:
        exif = image.getexif()
        told = bool(exif) or bool(exif.get_ifd(IFD.GPSInfo)) or "comment" in image.info
    return told or MAKER.encode() in jpeg
