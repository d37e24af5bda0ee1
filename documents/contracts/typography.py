"""Typography of documents: the styles, and escaping of values."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from xml.sax import saxutils

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph
from reportlab.platypus.paraparser import ParaFrag

from documents.contracts.glyphs import plain, runs
from documents.contracts.typefaces import BOLD, ITALIC, REGULAR, SPARE, SPARE_BOLD, register

NO_BREAK_HYPHEN = "\u2011"

INK: Color = HexColor(0x1A1C20)
GREY: Color = HexColor(0x6B7280)
HAIRLINE: Color = HexColor(0xC9CED6)
TINT: Color = HexColor(0xF3F5F8)

_ONE_AT_A_TIME = Lock()
_SPARES = {REGULAR: SPARE, ITALIC: SPARE, BOLD: SPARE_BOLD}
_BLANK_LINES = re.compile(r"\n{3,}")


@contextmanager
def typesetting() -> Iterator[None]:
    """Context for all work on a document, from the first paragraph to the bytes; one document per process at a time.

    ReportLab's parser and fonts are shared by all threads; the work is pure Python, so the lock costs nothing.
    """
    with _ONE_AT_A_TIME:
        register()
        yield


class Text(Paragraph):  # type: ignore[misc]  # ReportLab is untyped
    """A paragraph that sets in the spare typeface what PT Sans lacks, and caches its line breaks per width.

    The layout wraps a paragraph two or three times.
    """

    _measured: tuple[float, float] | None = None

    def _setup(self, *given: object) -> None:
        super()._setup(*given)
        self.frags: list[ParaFrag] = [part for frag in self.frags for part in _in_faces(frag)]

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        # Splitting discards the lines.
        if self._measured is None or self._measured[0] != width or not hasattr(self, "blPara"):
            self._measured = super().wrap(width, height)
        return self._measured


def _in_faces(frag: ParaFrag) -> Iterator[ParaFrag]:
    """A piece of a paragraph, cut where the typeface changes; markup cannot do it, because `<font>` ends the bold."""
    spare_face = _SPARES.get(frag.fontName)
    if spare_face is None or not getattr(frag, "text", ""):
        yield frag
        return
    for spare, text in runs(frag.text):
        yield frag.clone(text=text, fontName=spare_face if spare else frag.fontName)


def escape(value: str) -> str:
    """A value as markup of a paragraph, in one line of text.

    Invisible signs are removed: they could make the printed line differ from the data.
    """
    return saxutils.escape(printable(value))


def escape_lines(value: str) -> str:
    """`escape` that keeps the ends of lines; of several blank lines one stays."""
    lines = "\n".join(line.strip(" ") for line in plain(value).strip().split("\n"))
    return saxutils.escape(_BLANK_LINES.sub("\n\n", lines)).replace("\n", "<br/>")


def printable(value: str) -> str:
    """A value in one line, without markup."""
    return plain(value).replace("\n", " ")


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
