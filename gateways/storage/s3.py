"""Typed layer over the S3 client library: own errors and time-outs, no retries."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

from minio import Minio
from minio.error import MinioException, S3Error
from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError

CONNECTIONS: Final = 16


class StorageError(Exception):
    """Base of the object store's errors."""


class StorageUnavailable(StorageError):
    """The store does not answer or answers wrongly; worth a later try."""


class ObjectMissing(StorageError):
    """No object under this key."""


class ObjectTooLarge(StorageError):
    """The object exceeds the reader's limit."""


class _Pool(PoolManager):
    """Errors as `application/xml`: the library does not know `text/xml`, which is the same (RFC 7303)."""

    def urlopen(  # type: ignore[override]  # as in the class above, whose own signature departs from its base
        self, method: str, url: str, redirect: bool = True, **kw: object
    ) -> BaseHTTPResponse:
        response = super().urlopen(method, url, redirect, **kw)
        if response.status >= 400 and response.headers.get("content-type", "").startswith("text/xml"):
            response.headers["content-type"] = "application/xml"
        return response


def pool(timeout: Timeout) -> PoolManager:
    """Connections with the system's certificates (and SSL_CERT_FILE), without retries."""
    return _Pool(timeout=timeout, retries=False, maxsize=CONNECTIONS, ssl_context=ssl.create_default_context())


def client(endpoint: str, access_key: str, secret_key: str, region: str, http: PoolManager) -> Minio:
    """A client of one endpoint; `ValueError` for no URL or one with a path. With a region, links are signed offline."""
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
        raise ValueError(f"an S3 endpoint is a URL such as http://127.0.0.1:9000, not {endpoint!r}")
    return Minio(
        parts.netloc,
        access_key=access_key,
        secret_key=secret_key,
        secure=parts.scheme == "https",
        region=region,
        http_client=http,
    )


@contextmanager
def translated() -> Iterator[None]:
    """The library's errors as ours, without URLs: those may be signed."""
    try:
        yield
    except S3Error as error:
        if error.code == "NoSuchKey":
            raise ObjectMissing("nothing is stored under this key") from error
        raise StorageUnavailable(f"the object store refused: {error.code}") from error
    except (MinioException, HTTPError) as error:
        raise StorageUnavailable(f"the object store does not answer: {type(error).__name__}") from error


def read_at_most(response: BaseHTTPResponse, limit: int) -> bytes:
    """The first `limit` raw bytes: an unpacked Content-Encoding could be of any size."""
    parts: list[bytes] = []
    left = limit
    while left > 0 and (part := response.read(left, decode_content=False)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
