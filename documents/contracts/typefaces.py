"""The typefaces of the papers: PT Sans, and DejaVu Sans for what PT Sans lacks; a character without a glyph raises."""

import zlib
from functools import cache
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument, PDFStreamFilterZCompress
from reportlab.pdfbase.ttfonts import TTFont, TTFontFile

REGULAR, BOLD, ITALIC = "PTSans", "PTSans-Bold", "PTSans-Italic"
SPARE, SPARE_BOLD = "DejaVuSans", "DejaVuSans-Bold"

FONT_FILES = {
    REGULAR: "PT_Sans-Web-Regular.ttf",
    BOLD: "PT_Sans-Web-Bold.ttf",
    ITALIC: "PT_Sans-Web-Italic.ttf",
    SPARE: "DejaVuSans.ttf",
    SPARE_BOLD: "DejaVuSans-Bold.ttf",
}
FONTS = Path(__file__).parent / "fonts"

_NOTDEF = 0
_NOT_A_CHARACTER = 0xFFFF


class MissingGlyph(ValueError):
    """A character would be drawn as an empty box; the message has its code point only."""


class _Face(TTFont):  # type: ignore[misc]  # ReportLab is untyped
    """A face that draws no box, with light compression.

    3 % more bytes in half the time; compression is a fifth of a rendering.
    """

    def splitString(self, text: str, doc: PDFDocument, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: N802  # ReportLab's name
        """All drawn text passes here; ReportLab would draw glyph 0 for an unknown character."""
        for sign in text:
            if self.face.charToGlyph.get(ord(sign), _NOTDEF) == _NOTDEF:
                raise MissingGlyph(f"{self.fontName} has no glyph for U+{ord(sign):04X}")
        split: list[tuple[int, bytes]] = super().splitString(text, doc, encoding)
        return split

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802  # ReportLab's name
        super().addObjects(doc)
        for name, stream in doc.idToObject.items():
            if name.startswith("fontFile:"):
                stream.filters = [_LightZip()]


class _LightZip(PDFStreamFilterZCompress):  # type: ignore[misc]  # ReportLab is untyped
    def encode(self, data: bytes) -> bytes:
        return zlib.compress(data, 3)


def register() -> None:
    """Make the faces known to ReportLab, once per process; not safe in two threads at once."""
    if SPARE_BOLD in pdfmetrics.getRegisteredFontNames():
        return
    # Base-85 pages would cost a quarter of the time and of the size.
    rl_config.useA85 = 0
    for name, file in FONT_FILES.items():
        # With `asciiReadable` off, Latin and Cyrillic share one subset, so a face is embedded once.
        pdfmetrics.registerFont(_Face(name, str(FONTS / file), asciiReadable=0))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD)
    pdfmetrics.registerFontFamily(SPARE, normal=SPARE, bold=SPARE_BOLD, italic=SPARE, boldItalic=SPARE_BOLD)


@cache
def covered(*faces: str) -> frozenset[str]:
    """Characters of the Basic Multilingual Plane that every one of the faces has.

    ReportLab writes a wrong text layer for characters beyond it, so those are not used.
    """
    maps = [TTFontFile(str(FONTS / FONT_FILES[face])).charToGlyph for face in faces]
    return frozenset(
        chr(code)
        for code in set.intersection(*({code for code, glyph in one.items() if glyph != _NOTDEF} for one in maps))
        if code < _NOT_A_CHARACTER
    )
