"""Log lines of every process: one JSON object each, without values that people entered."""

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
"""Libraries that log addresses, paths or representations of objects below the level of warnings."""


class JsonLines(logging.Formatter):
    """Formats time, level, logger, message and fields; of an exception only type and code places, without its message.

    The message of an exception may contain personal data: PostgreSQL quotes the row, Pydantic the value.
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
    """The exception and its causes: types and places in the code."""
    chain: list[dict[str, object]] = []
    at: BaseException | None = error
    while at is not None and len(chain) < 8:
        chain.append({"type": f"{type(at).__module__}.{type(at).__qualname__}", "at": _places(at.__traceback__)})
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return chain


def set_up(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """For the entry points: send all records through one handler, replacing the handlers of libraries."""
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
    """Drops refusals, because they are answers; Temporal's SDK logs a warning for each."""
    return not (record.exc_info and isinstance(record.exc_info[1], Refusal))


def _message(record: logging.LogRecord) -> str:
    # asyncio writes the representation of a failed task with its exception into the lines after the first.
    return record.getMessage().split("\n", 1)[0][:500]


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{place.filename}:{place.lineno} {place.name}" for place in traceback.extract_tb(trace)[-12:]]
