"""Reads a file from multipart form data as a stream: bounded in memory and size, fields before the file."""

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

from fastapi import Request
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from api.context import Context
from domain.kernel import sizes
from domain.kernel.refusal import InvalidValue, TooLarge

FILE: Final = "file"


def form_of(*texts: str) -> dict[str, Any]:
    """OpenAPI description of a form with one file."""
    text, file = {"type": "string", "maxLength": 400}, {"type": "string", "format": "binary"}
    fields = {**dict.fromkeys(texts, text), FILE: file}
    schema = {"type": "object", "required": list(fields), "properties": fields}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


FILE_FORM: Final = form_of()

MOST_FIELDS: Final = 20
LONGEST_FIELD: Final = 4096
"""Bytes of one field, or of the headers of one part."""

NO_FORM: Final = "Отправьте файл как multipart/form-data в поле «file»."
TOO_LARGE: Final = "Файл больше {} МБ."


@dataclass
class Form:
    """`file` is rewound after the form is read; None if the form has no file."""

    fields: dict[str, str] = field(default_factory=dict)
    file: BinaryIO | None = None
    size: int = 0


@asynccontextmanager
async def received(
    request: Request, before_file: Callable[[dict[str, str]], None] | None = None, limit: int = sizes.PHOTO
) -> AsyncIterator[Form]:
    """Read a form, with its file on disk; `before_file` may refuse the fields before the file is stored.

    Raises `InvalidValue` for an invalid form or one without a file, `TooLarge` above `limit` bytes.
    """
    parts = _Parts(before_file or _nothing, limit)
    parser = MultipartParser(_boundary(request), parts.callbacks())  # type: ignore[arg-type]  # a dict with known keys
    try:
        async for chunk in request.stream():
            parser.write(chunk)
        parser.finalize()
        if parts.form.file is None:
            raise _no_form()
        parts.form.file.seek(0)
        yield parts.form
    except FormParserError:
        raise _no_form() from None
    finally:
        if parts.form.file is not None:
            parts.form.file.close()


async def store_photo(ctx: Context, request: Request, place: str) -> str:
    """Check and clean the photo, store it, and return its key. Raises `PhotoRejected` with the reason."""
    async with received(request) as form:
        assert form.file is not None
        jpeg = await ctx.photos.clean(form.file.read)
    return await ctx.uploads.store(place, jpeg)


class _Parts:
    """Callbacks of the parser: parts before the first file are fields, parts after it are ignored."""

    def __init__(self, before_file: Callable[[dict[str, str]], None], limit: int) -> None:
        self.form = Form()
        self._before_file, self._limit = before_file, limit
        self._header_name, self._header_value = b"", b""
        self._headers: dict[bytes, bytes] = {}
        self._name = ""
        self._value = b""
        self._in_file = False

    def callbacks(self) -> dict[str, Callable[..., None]]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._add_name,
            "on_header_value": self._add_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._add,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._headers, self._value = {}, b""
        self._header_name, self._header_value = b"", b""

    def _add_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name = _bounded(self._header_name + data[start:end])

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value = _bounded(self._header_value + data[start:end])

    def _end_header(self) -> None:
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name, self._header_value = b"", b""
        if len(self._headers) > MOST_FIELDS:
            raise _no_form()

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        self._in_file = self._name == FILE and self.form.file is None
        if self._in_file:
            self._before_file(self.form.fields)
            self.form.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `received`

    def _add(self, data: bytes, start: int, end: int) -> None:
        if self._in_file and self.form.file is not None:
            self.form.size += end - start
            if self.form.size > self._limit:
                raise TooLarge(TOO_LARGE.format(self._limit // sizes.MEGABYTE))
            self.form.file.write(data[start:end])
        elif self.form.file is None:
            self._value = _bounded(self._value + data[start:end])

    def _end(self) -> None:
        if self._in_file:
            self._in_file = False
        elif self.form.file is None:
            if len(self.form.fields) >= MOST_FIELDS:
                raise _no_form()
            self.form.fields[self._name] = self._value.decode("utf-8", "replace")


def _bounded(value: bytes) -> bytes:
    if len(value) > LONGEST_FIELD:
        raise _no_form()
    return value


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 200:
        raise _no_form()
    return boundary


def _nothing(_: dict[str, str]) -> None:
    """The default of `before_file`."""


def _no_form() -> InvalidValue:
    return InvalidValue(NO_FORM, errors=[{"loc": ["body", FILE], "msg": NO_FORM}])
