"""Largest sizes of values, shared by tables, the API and documents."""

from typing import Final

LINE: Final = 200
"""A name, a title, a key of Avito."""

LONG_LINE: Final = 500
"""An address, a reason, a User-Agent header."""

PARAGRAPH: Final = 1000
LONG_TEXT: Final = 4000
EMAIL: Final = 254
FILE_KEY: Final = 300

MEGABYTE: Final = 1024 * 1024
PHOTO: Final = 10 * MEGABYTE
PDF: Final = 20 * MEGABYTE

EXACT_INTEGER: Final = 2**53 - 1
"""Largest integer that is exact in every JSON reader."""

BIGINT: Final = 2**63 - 1
"""Largest value of a PostgreSQL bigint."""
