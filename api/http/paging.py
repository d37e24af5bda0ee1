"""Pages by key: an opaque cursor that identifies the last row, and the `Link` to the next page (RFC 8288)."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from domain.kernel.refusal import InvalidValue

Mark = TypeVar("Mark")

Limit = Annotated[int, Query(ge=1, le=200, description="Rows of a page.")]
Cursor = Annotated[str | None, Query(max_length=500, description="From the `Link` header of the page before.")]

WRONG = "Эта ссылка на следующую страницу не подходит. Откройте список заново."


def read_cursor(cursor: str | None, build: Callable[..., Mark], name: str = "cursor") -> Mark | None:
    """Inverse of `write_cursor`; raises `InvalidValue` for an invalid cursor. `name` is the query parameter."""
    if cursor is None:
        return None
    try:
        parts = json.loads(urlsafe_b64decode(cursor.encode("ascii")))
        if not isinstance(parts, list):
            raise ValueError
        return build(*parts)
    # AttributeError: raised by UUID for a number.
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise InvalidValue(WRONG, errors=[{"loc": ["query", name], "msg": WRONG}]) from None


def write_cursor(*parts: Any) -> str:
    return urlsafe_b64encode(json.dumps(parts, default=str, separators=(",", ":")).encode()).decode()


def link_next(request: Request, response: Response, cursor: str, name: str = "cursor") -> None:
    """Set the `Link` header; `name` is the query parameter of the cursor."""
    query = {**request.query_params, name: cursor}
    response.headers["Link"] = f'<{request.url.path}?{urlencode(query)}>; rel="next"'
