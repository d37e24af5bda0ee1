"""Answers with files of the built app: media type, ETag, and the compressed copy if accepted."""

import asyncio
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""Types of files that are served. Python's own table differs between machines."""

ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
"""In order of preference."""

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_REFUSED: Final = re.compile(r"0(\.0{1,3})?")


@dataclass(frozen=True)
class Found:
    body: bytes
    media_type: str
    encoding: str | None

    @property
    def tag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


async def find(folder: Path, name: str, accepted: str) -> Found | None:
    """A file directly in this folder, or its compressed copy; None for an unknown type or a name that is not plain."""
    media_type = TYPES.get(Path(name).suffix)
    if media_type is None or not _NAME.fullmatch(name):
        return None
    return await asyncio.to_thread(_read, folder / name, media_type, _codings(accepted))


def answer(request: Request, found: Found, headers: Mapping[str, str]) -> Response:
    """The response; 304 for a matching `If-None-Match`, only headers for HEAD."""
    own = {**headers, "ETag": found.tag, "Vary": "Accept-Encoding"}
    if own["ETag"] in [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=own)
    if found.encoding:
        own["Content-Encoding"] = found.encoding
    return whole(request, found.body, {**own, "Content-Type": found.media_type})


def whole(request: Request, body: bytes, headers: Mapping[str, str], status: int = 200) -> Response:
    length = {"Content-Length": str(len(body))}
    return Response(b"" if request.method == "HEAD" else body, status, {**headers, **length})


def _read(path: Path, media_type: str, codings: frozenset[str]) -> Found | None:
    if not _is_own(path):
        return None
    for encoding, suffix in ENCODINGS:
        smaller = path.with_name(path.name + suffix)
        if encoding in codings and _is_own(smaller):
            return Found(smaller.read_bytes(), media_type, encoding)
    return Found(path.read_bytes(), media_type, None)


def _is_own(path: Path) -> bool:
    """Whether the path is a regular file, not a link."""
    return path.is_file() and not path.is_symlink()


def _codings(accepted: str) -> frozenset[str]:
    """Accepted codings (RFC 9110 §12.5.3)."""
    found = set()
    for part in accepted.lower().split(","):
        coding, _, weight = part.partition(";")
        if not _REFUSED.fullmatch(weight.strip().removeprefix("q=")):
            found.add(coding.strip())
    return frozenset(found)
