"""Style of all tables, and a table whose rows stay whole on their page."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TypeAlias

from reportlab.platypus import LongTable, TableStyle

from documents.contracts.page import HEIGHT
from documents.contracts.typefaces import REGULAR
from documents.contracts.typography import HAIRLINE, TINT, Text

Cell: TypeAlias = list[Text]
Row: TypeAlias = Sequence[Cell]

# Otherwise ReportLab refers to Helvetica, which is not embedded.
FACE = ("FONTNAME", (0, 0), (-1, -1), REGULAR)
_ABOVE, _BELOW, _BESIDE = 3.5, 4.5, 5
_RULE = (0.5, HAIRLINE)
ROWS = (
    FACE,
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("TOPPADDING", (0, 0), (-1, -1), _ABOVE),
    ("BOTTOMPADDING", (0, 0), (-1, -1), _BELOW),
    ("LEFTPADDING", (0, 0), (-1, -1), _BESIDE),
    ("RIGHTPADDING", (0, 0), (-1, -1), _BESIDE),
)
HEAD = (("BACKGROUND", (0, 0), (-1, 0), TINT), ("LINEABOVE", (0, 0), (-1, 0), *_RULE))

_PART = 8 * 11.5
"""Height of the parts, in points, into which a row is cut that is higher than a page: eight lines of a cell."""


class Grid:
    """A table of paragraphs that breaks between its rows only, and repeats its head on every page.

    A row higher than a page is cut into parts of some lines, which follow each other without a rule between them.
    ReportLab's own `splitInRow` repeats the head in front of the second part of a row on the same page.
    """

    def __init__(self, widths: Sequence[float], rows: Sequence[Row], *, head: Row | None = None) -> None:
        self.widths, self.head = widths, head
        self.head_height = _height(head, widths) if head else 0.0
        self.rows = [list(_parts(row, widths, HEIGHT - self.head_height)) for row in rows]

    @property
    def least(self) -> float:
        """Height of the head with the first row or its first part, in points."""
        return self.head_height + (_height(self.rows[0][0], self.widths) if self.rows else 0.0)

    def table(self, *more: tuple[object, ...], **options: object) -> LongTable:
        data: list[Row] = [self.head] if self.head else []
        style: list[tuple[object, ...]] = [*ROWS, *(HEAD if self.head else ()), *more]
        if self.head:
            style.append(("LINEBELOW", (0, 0), (-1, 0), *_RULE))
        for parts in self.rows:
            for part in parts:
                at = len(data)
                data.append(part)
                if part is not parts[0]:
                    style.append(("TOPPADDING", (0, at), (-1, at), 0))
                if part is not parts[-1]:
                    style.append(("BOTTOMPADDING", (0, at), (-1, at), 0))
            style.append(("LINEBELOW", (0, len(data) - 1), (-1, len(data) - 1), *_RULE))
        return LongTable(
            data,
            colWidths=self.widths,
            repeatRows=1 if self.head else 0,
            splitInRow=0,
            style=TableStyle(style),
            **options,
        )


def _parts(row: Row, widths: Sequence[float], most: float) -> Iterator[Row]:
    if _height(row, widths) <= most:
        yield row
        return
    columns = [list(_slices(cell, width - 2 * _BESIDE)) for cell, width in zip(row, widths, strict=True)]
    for cells in zip_longest(*columns, fillvalue=[]):
        yield list(cells)


def _slices(cell: Cell, width: float) -> Iterator[Cell]:
    """A cell cut into parts of at most `_PART` points; a paragraph goes on in the next part."""
    part: Cell = []
    height = 0.0
    for text in (piece for whole in cell for piece in _pieces(whole, width)):
        more = text.wrap(width, HEIGHT)[1]
        if part and height + more > _PART:
            yield part
            part, height = [], 0.0
        part.append(text)
        height += more
    yield part


def _pieces(text: Text, width: float) -> Iterator[Text]:
    """Cut by halves, because each cut breaks the rest into lines anew."""
    height = text.wrap(width, HEIGHT)[1]
    halves = text.split(width, _PART * max(1, height // _PART // 2)) if height > _PART else []
    if len(halves) != 2:
        yield text
        return
    for half in halves:
        yield from _pieces(half, width)


def _height(row: Row, widths: Sequence[float]) -> float:
    return _ABOVE + _BELOW + max(_content(cell, width) for cell, width in zip(row, widths, strict=True))


def _content(cell: Cell, width: float) -> float:
    return sum(text.wrap(width - 2 * _BESIDE, HEIGHT)[1] for text in cell)
