"""Style of all tables."""

from documents.contracts.typography import HAIRLINE, REGULAR, TINT

# Otherwise ReportLab refers to Helvetica, which is not embedded.
FACE = ("FONTNAME", (0, 0), (-1, -1), REGULAR)
ROWS = (
    FACE,
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("TOPPADDING", (0, 0), (-1, -1), 3.5),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 4.5),
    ("LEFTPADDING", (0, 0), (-1, -1), 5),
    ("RIGHTPADDING", (0, 0), (-1, -1), 5),
    ("LINEBELOW", (0, 0), (-1, -1), 0.5, HAIRLINE),
)
HEAD = (("BACKGROUND", (0, 0), (-1, 0), TINT), ("LINEABOVE", (0, 0), (-1, 0), 0.5, HAIRLINE))
