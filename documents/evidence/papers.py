"""What a sealed PDF of a bundle holds: who sealed it, and the files under its seal."""

from io import BytesIO

from asn1crypto import cms
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

MOST_FILES = 20

_UNREADABLE = (PdfError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RuntimeError, OSError)


def signers_of(pdf: bytes) -> list[bytes]:
    """Certificates (DER) of the seals in a PDF; of a file that is no PDF none."""
    try:
        return [one.signer_cert.dump() for one in PdfFileReader(BytesIO(pdf)).embedded_regular_signatures]
    except _UNREADABLE:
        return []


def stamps_in(pdf: bytes) -> list[bytes]:
    """The tokens (DER) of the time stamps in a PDF: inside of its seals, and over the whole document."""
    try:
        reader = PdfFileReader(BytesIO(pdf))
        signed = [one.attached_timestamp_data for one in reader.embedded_regular_signatures]
        signed += [one.signed_data for one in reader.embedded_timestamp_signatures]
        return [bytes(cms.ContentInfo({"content_type": "signed_data", "content": one}).dump()) for one in signed if one]
    except _UNREADABLE:
        return []


def attached_files(pdf: bytes) -> dict[str, bytes]:
    """Files attached to a PDF, by name; raises ValueError for one that cannot be read."""
    try:
        root = PdfFileReader(BytesIO(pdf)).root
        if "/Names" not in root or "/EmbeddedFiles" not in root["/Names"]:
            return {}
        listed = root["/Names"]["/EmbeddedFiles"]["/Names"]
        if len(listed) > 2 * MOST_FILES:
            raise ValueError("more files than we attach")
        return {str(listed[place]): listed[place + 1]["/EF"]["/F"].data for place in range(0, len(listed) - 1, 2)}
    except ValueError:
        raise
    except _UNREADABLE as error:
        raise ValueError("the attached files cannot be read") from error
