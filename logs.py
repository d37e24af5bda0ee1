"""Log lines of every process: one JSON object each, with no value that came from a person."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, TextIO

from domain.kernel.refusal import Refusal

FIELDS: Final = "fields"
"""Attribute of a record with the fields of its line: `log.info("request", extra={FIELDS: {...}})`."""

QUIET: Final = (
    *("aiogram", "aiohttp", "asyncio", "httpcore", "httpx", "multipart", "pyhanko", "python_multipart"),
    *("sqlalchemy", "urllib3"),
)
"""Libraries that write addresses, paths or representations of objects below a warning."""


class JsonLines(logging.Formatter):
    """Time, level, logger, message, fields; of an exception its type and the places, never its words.

    The words of an exception may hold what somebody typed: PostgreSQL quotes the row, Pydantic the value.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        line.update(getattr(record, FIELDS, {}))
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def describe(error: BaseException) -> list[dict[str, object]]:
    """The exception and what caused it: types and places in the code."""
    chain: list[dict[str, object]] = []
    at: BaseException | None = error
    while at is not None and len(chain) < 8:
        chain.append({"type": f"{type(at).__module__}.{type(at).__qualname__}", "at": _places(at.__traceback__)})
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return chain


def set_up(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """For the entry points: everything that is logged goes through one handler, whatever libraries set up before."""
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(JsonLines())
    handler.addFilter(_is_no_refusal)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in list(root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").disabled = True


def _is_no_refusal(record: logging.LogRecord) -> bool:
    """A refusal is an answer: Temporal's SDK would warn of each that an activity gives."""
    return not (record.exc_info and isinstance(record.exc_info[1], Refusal))


def _message(record: logging.LogRecord) -> str:
    # asyncio puts the representation of a failed task, exception and all, into the lines below the first.
    return record.getMessage().split("\n", 1)[0][:500]


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{place.filename}:{place.lineno} {place.name}" for place in traceback.extract_tb(trace)[-12:]]
