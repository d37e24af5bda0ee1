"""Page layout of all documents: A4, a running header, and «страница x из y»."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from documents.contracts.glyphs import runs
from documents.contracts.typefaces import REGULAR, SPARE
from documents.contracts.typography import GREY, HAIRLINE

LEFT, RIGHT, TOP, BOTTOM = 24 * mm, 18 * mm, 24 * mm, 20 * mm
WIDTH = A4[0] - LEFT - RIGHT
HEIGHT = A4[1] - TOP - BOTTOM

_SMALL = 8


@dataclass(frozen=True)
class Running:
    """Header and footer of every page; `title`, `author` and `subject` are document properties."""

    header_left: str
    header_right: str
    footer_left: str
    title: str
    author: str
    subject: str


class _CountingCanvas(Canvas):  # type: ignore[misc]  # ReportLab is untyped
    """Buffers the pages until their number is known."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._held: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802  # ReportLab's name
        self._held.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._held, start=1):
            self.__dict__.update(page)
            self.setFont(REGULAR, _SMALL)
            self.setFillColor(GREY)
            self.drawRightString(A4[0] - RIGHT, BOTTOM - 9 * mm, f"страница {number} из {len(self._held)}")
            super().showPage()
        super().save()


def build(story: Sequence[Flowable], running: Running) -> bytes:
    """Build the PDF of a story, with the same bytes in any process; call inside `typesetting`."""
    out = BytesIO()
    frame = Frame(LEFT, BOTTOM, WIDTH, HEIGHT, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0)
    document = BaseDocTemplate(
        out,
        pagesize=A4,
        pageTemplates=[PageTemplate(frames=[frame], onPage=lambda canvas, _: _draw_margins(canvas, running))],
        title=running.title,
        author=running.author,
        subject=running.subject,
        creator="Privet",
        lang="ru-RU",
        displayDocTitle=1,
        initialFontName=REGULAR,
        # Otherwise the PDF contains the current time and a random id.
        invariant=1,
    )
    document.build(list(story), canvasmaker=_CountingCanvas)
    return out.getvalue()


def _draw_margins(canvas: Canvas, running: Running) -> None:
    canvas.saveState()
    canvas.setFont(REGULAR, _SMALL)
    canvas.setFillColor(GREY)
    top = A4[1] - TOP + 8 * mm
    _draw(canvas, LEFT, top, running.header_left)
    canvas.drawRightString(A4[0] - RIGHT, top, running.header_right)
    _draw(canvas, LEFT, BOTTOM - 9 * mm, running.footer_left)
    canvas.setStrokeColor(HAIRLINE)
    canvas.setLineWidth(0.5)
    canvas.line(LEFT, top - 2.2 * mm, A4[0] - RIGHT, top - 2.2 * mm)
    canvas.line(LEFT, BOTTOM - 5 * mm, A4[0] - RIGHT, BOTTOM - 5 * mm)
    canvas.restoreState()


def _draw(canvas: Canvas, x: float, y: float, line: str) -> None:
    """A line that may need the spare typeface, as the number of a contract does for a rare letter."""
    text = canvas.beginText(x, y)
    for spare, run in runs(line):
        text.setFont(SPARE if spare else REGULAR, _SMALL)
        text.textOut(run)
    canvas.drawText(text)
