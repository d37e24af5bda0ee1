"""Typography of documents: the typeface, the styles, and escaping of values."""

import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from xml.sax import saxutils

from reportlab import rl_config
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument, PDFStreamFilterZCompress
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

REGULAR, BOLD, ITALIC = "PTSans", "PTSans-Bold", "PTSans-Italic"

FONT_FILES = {
    REGULAR: "PT_Sans-Web-Regular.ttf",
    BOLD: "PT_Sans-Web-Bold.ttf",
    ITALIC: "PT_Sans-Web-Italic.ttf",
}
FONTS = Path(__file__).parent / "fonts"

NO_BREAK_SPACE, NO_BREAK_HYPHEN = "\u00a0", "\u2011"

INK: Color = HexColor(0x1A1C20)
GREY: Color = HexColor(0x6B7280)
HAIRLINE: Color = HexColor(0xC9CED6)
TINT: Color = HexColor(0xF3F5F8)

_ONE_AT_A_TIME = Lock()


class _Face(TTFont):  # type: ignore[misc]  # ReportLab is untyped
    """A face with light compression: 3 % more bytes in half the time; compression is a fifth of a rendering."""

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802  # ReportLab's name
        super().addObjects(doc)
        for name, stream in doc.idToObject.items():
            if name.startswith("fontFile:"):
                stream.filters = [_LightZip()]


class _LightZip(PDFStreamFilterZCompress):  # type: ignore[misc]  # ReportLab is untyped
    def encode(self, data: bytes) -> bytes:
        return zlib.compress(data, 3)


@contextmanager
def typesetting() -> Iterator[None]:
    """Context for all work on a document, from the first paragraph to the bytes; one document per process at a time.

    ReportLab's parser and fonts are shared by all threads; the work is pure Python, so the lock costs nothing.
    """
    with _ONE_AT_A_TIME:
        _register_fonts()
        yield


def _register_fonts() -> None:
    if ITALIC in pdfmetrics.getRegisteredFontNames():
        return
    # Base-85 pages would cost a quarter of the time and of the size.
    rl_config.useA85 = 0
    for name, file in FONT_FILES.items():
        # With `asciiReadable` off, Latin and Cyrillic share one subset, so a face is embedded once.
        pdfmetrics.registerFont(_Face(name, str(FONTS / file), asciiReadable=0))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=ITALIC, boldItalic=BOLD)


class Text(Paragraph):  # type: ignore[misc]  # ReportLab is untyped
    """A paragraph that caches its line breaks per width; the layout wraps it two or three times."""

    _measured: tuple[float, float] | None = None

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        # Splitting discards the lines.
        if self._measured is None or self._measured[0] != width or not hasattr(self, "blPara"):
            self._measured = super().wrap(width, height)
        return self._measured


def escape(value: str) -> str:
    """Escape a value for a paragraph: markup is escaped and invisible signs are removed.

    Control, bidi and zero-width signs could make the printed line differ from the data.
    """
    return saxutils.escape(printable(value))


def printable(value: str) -> str:
    return "".join(
        " " if sign in "\t\r\n\u2028\u2029" else sign
        for sign in unicodedata.normalize("NFC", value).replace("\u202f", NO_BREAK_SPACE)
        if sign in "\t\r\n" or not unicodedata.category(sign).startswith("C")
    )


def _style(name: str, size: float, leading: float, **more: object) -> ParagraphStyle:
    # No widows and orphans.
    plain = {"fontName": REGULAR, "fontSize": size, "leading": leading, "textColor": INK}
    return ParagraphStyle(name, **plain | {"allowWidows": 0, "allowOrphans": 0} | more)


TITLE = _style("title", 17, 21, fontName=BOLD, spaceAfter=3)
SUBTITLE = _style("subtitle", 10, 14, textColor=GREY, spaceAfter=9)
HEADING = _style("heading", 11, 14, fontName=BOLD, spaceBefore=10, spaceAfter=4, keepWithNext=1)
BODY = _style("body", 9.75, 13.5, spaceAfter=5)
CLAUSE = _style("clause", 9.75, 13.5, spaceAfter=4, leftIndent=27, bulletFontName=REGULAR, bulletFontSize=9.75)
BODY_BEFORE_TABLE = ParagraphStyle("body-before-table", BODY, keepWithNext=1)
CLAUSE_BEFORE_TABLE = ParagraphStyle("clause-before-table", CLAUSE, keepWithNext=1)
CELL = _style("cell", 8.75, 11.5)
CELL_BOLD = _style("cell-bold", 8.75, 11.5, fontName=BOLD)
CELL_HEAD = _style("cell-head", 8, 10.5, textColor=GREY)
CELL_HEAD_RIGHT = _style("cell-head-right", 8, 10.5, textColor=GREY, alignment=TA_RIGHT)
CELL_RIGHT = _style("cell-right", 8.75, 11.5, alignment=TA_RIGHT)
CELL_RIGHT_BOLD = _style("cell-right-bold", 8.75, 11.5, alignment=TA_RIGHT, fontName=BOLD)
CELL_NOTE = _style("cell-note", 8, 10.5, textColor=GREY)
CELL_LABEL = _style("cell-label", 8, 11.5, textColor=GREY)
