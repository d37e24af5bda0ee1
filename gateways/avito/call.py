"""One HTTP call to Avito: the JSON of a success, an outcome for everything else."""

import asyncio
import json as json_codec
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

import httpx

from gateways.avito.fields import Misshapen
from gateways.http_outcome import CALL_SECONDS, refusal, translated
from gateways.outcome import Unknown

T = TypeVar("T")

_REASON_CHARS: Final = 200


@dataclass(frozen=True)
class Answer:
    body: object = field(repr=False)

    def read(self, reader: Callable[[object], T]) -> T:
        """Raises Unknown for an answer of an unknown shape: the call may have had its effect."""
        try:
            return reader(self.body)
        except Misshapen as error:
            raise Unknown(f"answer not understood: {error}") from None


async def call(
    http: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    token: str | None = None,
    seen: Callable[[int | None, int | None], None] | None = None,
    params: dict[str, str] | None = None,
    json: object = None,
    data: dict[str, str] | None = None,
    files: dict[str, tuple[str, bytes, str]] | None = None,
) -> Answer:
    headers = {"Accept": "application/json"} | ({} if token is None else {"Authorization": f"Bearer {token}"})
    with translated():
        async with asyncio.timeout(CALL_SECONDS):
            response = await http.request(
                method,
                url,
                params=params,
                json=json,
                data=data,
                files=files,
                headers=headers,
                follow_redirects=False,
            )
    if seen is not None:
        seen(_count(response, "x-ratelimit-limit"), _count(response, "x-ratelimit-remaining"))
    return _answer(response)


def _answer(response: httpx.Response) -> Answer:
    body, understood = _decoded(response)
    if not response.is_success:
        raise refusal(response.status_code, _reason(response, body), response.headers)
    if not understood:
        raise Unknown(f"{response.status_code} with a body that is no JSON")
    if (status := _refused_inside(body)) is not None:
        raise refusal(status, _reason(response, body), response.headers)
    return Answer(body)


def _decoded(response: httpx.Response) -> tuple[object, bool]:
    """The JSON, and whether there was any; an empty body counts (the blacklist sends one)."""
    if "html" in response.headers.get("content-type", "").lower():
        return None, False
    if not response.content.strip():
        return None, True
    try:
        return json_codec.loads(response.content), True
    except (ValueError, RecursionError):
        return None, False


def _refused_inside(body: object) -> int | None:
    """Status of a refusal inside a 200: {"error": {"code": 4…}}, {"error": "invalid_…"}, {"result": {"status": …}}"""
    if not isinstance(body, dict):
        return None
    error, result = body.get("error"), body.get("result")
    if isinstance(error, dict):
        code = error.get("code")
        return code if isinstance(code, int) and code >= httpx.codes.BAD_REQUEST else httpx.codes.BAD_REQUEST
    if isinstance(error, str) and error:
        return httpx.codes.UNAUTHORIZED if error == "invalid_client" else httpx.codes.BAD_REQUEST
    if isinstance(result, dict) and result.get("status") is False:
        return httpx.codes.BAD_REQUEST
    return None


def _reason(response: httpx.Response, body: object) -> str:
    """Avito's own words in any of its shapes, in one line; else the name of the status."""
    said = " ".join(_words(body).split())
    return said[:_REASON_CHARS] or response.reason_phrase


def _words(body: object) -> str:
    if not isinstance(body, dict):
        return ""
    for part in (body.get("error"), body, body.get("result")):
        if isinstance(part, str):
            return f"{part} {_text(body.get('error_description'))}"
        if isinstance(part, dict) and (words := _text(part.get("message")) or _text(part.get("messages"))):
            return words
    return _text(body.get("errors"))


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return _text(value.get("message")) or "; ".join(_text(one) for one in value.values())
    if isinstance(value, list):
        return "; ".join(_text(one) for one in value)
    return ""


def _count(response: httpx.Response, header: str) -> int | None:
    said = response.headers.get(header, "")
    return int(said) if said.isascii() and said.isdigit() else None
