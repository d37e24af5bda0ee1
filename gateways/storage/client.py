"""S3 object store: reads, writes, expiring links, and upload policies of bounded size."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO, Final, ParamSpec, TypeVar
from uuid import uuid4

from minio import Minio
from minio.datatypes import PostPolicy
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from gateways.storage.s3 import (
    CONNECTIONS,
    ObjectMissing,
    ObjectTooLarge,
    StorageError,
    StorageUnavailable,
    client,
    pool,
    read_at_most,
    translated,
)

__all__ = ["ObjectInfo", "ObjectMissing", "ObjectTooLarge", "Storage", "StorageError", "StorageUnavailable"]

P = ParamSpec("P")
R = TypeVar("R")

PART_BYTES: Final = 16 * 1024 * 1024
TIMEOUT: Final = Timeout(connect=2, read=15)
CHECK_TIMEOUT: Final = Timeout(connect=1, read=1)
CHECK_SECONDS: Final = 2.5
PROBE_BYTES: Final = 64
FETCH_BYTES: Final = 1024 * 1024

# Types that a browser may show in place; others are downloads of unknown type.
SHOWN_TYPES: Final = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
}


@dataclass(frozen=True)
class ObjectInfo:
    """Metadata of an object; the type is the uploader's claim."""

    size: int
    content_type: str
    etag: str


class Storage:
    """One bucket, without retries: Temporal repeats.

    `endpoint` is used by this process, `public_endpoint` (default: the same) in links for browsers; URLs without a
    path.
    """

    def __init__(
        self,
        endpoint: str,
        access_key: str,
        secret_key: str,
        bucket: str,
        region: str,
        public_endpoint: str | None = None,
    ) -> None:
        self.bucket = bucket
        self._endpoint = endpoint.rstrip("/")
        self._public_endpoint = (public_endpoint or endpoint).rstrip("/")
        self._pool = pool(TIMEOUT)
        self._store = client(self._endpoint, access_key, secret_key, region, self._pool)
        self._signer = client(self._public_endpoint, access_key, secret_key, region, self._pool)
        self._checker = client(self._endpoint, access_key, secret_key, region, pool(CHECK_TIMEOUT))
        # Own threads, so that a slow store does not block other work in threads.
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="storage")

    async def ensure_bucket(self) -> None:
        """Makes the bucket if missing; safe when two start together."""
        await self._in_thread(self._ensure_bucket)

    async def put(self, key: str, data: bytes, content_type: str) -> None:
        """Stores or replaces; readers never see a part of an object."""
        await self.put_stream(key, BytesIO(data), len(data), content_type)

    async def put_stream(self, key: str, fileobj: BinaryIO, length: int, content_type: str) -> None:
        """Stores exactly `length` bytes from the file's position; `OSError` if it has fewer."""
        await self._in_thread(self._put, key, fileobj, length, content_type)

    async def get(self, key: str, limit: int) -> bytes:
        """The object's bytes. Raises `ObjectMissing`, or `ObjectTooLarge` above `limit`."""
        return await self._in_thread(self._get, key, limit)

    async def fetch(self, key: str, target: BinaryIO, limit: int) -> int:
        """Writes the object to a file, for objects that do not fit into memory; returns its size in bytes.

        Raises `ObjectMissing`, or `ObjectTooLarge` above `limit`.
        """
        return await self._in_thread(self._fetch, key, target, limit)

    async def stat(self, key: str) -> ObjectInfo | None:
        return await self._in_thread(self._stat, key)

    async def exists(self, key: str) -> bool:
        return await self.stat(key) is not None

    async def delete(self, key: str) -> None:
        """Deletes the object if it exists."""
        await self._in_thread(self._delete, key)

    def presigned_get(self, key: str, expires: timedelta) -> str:
        """A signed link, made offline.

        The type follows the key's suffix, not the uploader's claim, so that no stored file runs as a page.
        """
        content_type = SHOWN_TYPES.get(PurePosixPath(key).suffix.lower())
        return self._signer.presigned_get_object(
            self.bucket,
            key,
            expires=expires,
            response_headers={
                "response-content-type": content_type or "application/octet-stream",
                "response-content-disposition": "inline" if content_type else "attachment",
            },
        )

    def post_policy(
        self, key: str, content_type: str, max_bytes: int, expires: timedelta
    ) -> tuple[str, dict[str, str]]:
        """URL and form fields for one browser upload: this key, this type, 1 to `max_bytes` bytes."""
        return f"{self._public_endpoint}/{self.bucket}", self._post_fields(key, content_type, max_bytes, expires)

    async def supports_post_policy(self) -> bool:
        """Whether the store accepts POST uploads and enforces their policy, found out by trying.

        Otherwise uploads go through the API's gateway. Raises `StorageUnavailable` if the store does not answer.
        """
        await self.check()
        return await self._in_thread(self._try_post_policy)

    async def check(self) -> None:
        """Readiness check; raises `StorageUnavailable` unless the bucket answers within seconds."""
        try:
            # Not in the own threads: many uploads do not make the store unavailable.
            async with asyncio.timeout(CHECK_SECONDS):
                found = await asyncio.to_thread(self._bucket_exists, self._checker)
        except TimeoutError:
            raise StorageUnavailable("the object store does not answer in time") from None
        if not found:
            raise StorageUnavailable(f"there is no bucket {self.bucket!r}")

    def close(self) -> None:
        """Releases threads and connections; running calls end by themselves."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._pool.clear()

    async def _in_thread(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(work, *args, **kwargs))

    def _bucket_exists(self, store: Minio) -> bool:
        with translated():
            return store.bucket_exists(self.bucket)

    def _ensure_bucket(self) -> None:
        if self._bucket_exists(self._store):
            return
        try:
            with translated():
                self._store.make_bucket(self.bucket)
        except StorageUnavailable:
            if not self._bucket_exists(self._store):
                raise

    def _put(self, key: str, fileobj: BinaryIO, length: int, content_type: str) -> None:
        with translated():
            self._store.put_object(
                self.bucket, key, fileobj, length, content_type, part_size=PART_BYTES, num_parallel_uploads=1
            )

    def _get(self, key: str, limit: int) -> bytes:
        with translated():
            response = self._store.get_object(self.bucket, key)
            try:
                data = read_at_most(response, limit + 1)
            finally:
                # Closed instead of returned to the pool: the rest of a large object is not read.
                response.close()
        if len(data) > limit:
            raise ObjectTooLarge(f"larger than {limit} bytes")
        return data

    def _fetch(self, key: str, target: BinaryIO, limit: int) -> int:
        size = 0
        with translated():
            response = self._store.get_object(self.bucket, key)
            try:
                while part := response.read(FETCH_BYTES, decode_content=False):
                    size += len(part)
                    if size > limit:
                        raise ObjectTooLarge(f"larger than {limit} bytes")
                    target.write(part)
            finally:
                response.close()
        return size

    def _stat(self, key: str) -> ObjectInfo | None:
        try:
            with translated():
                found = self._store.stat_object(self.bucket, key)
        except ObjectMissing:
            return None
        return ObjectInfo(found.size or 0, found.content_type or "", found.etag or "")

    def _delete(self, key: str) -> None:
        try:
            with translated():
                self._store.remove_object(self.bucket, key)
        except ObjectMissing:
            return

    def _post_fields(self, key: str, content_type: str, max_bytes: int, expires: timedelta) -> dict[str, str]:
        policy = PostPolicy(self.bucket, datetime.now(UTC) + expires)
        policy.add_equals_condition("key", key)
        policy.add_equals_condition("Content-Type", content_type)
        policy.add_content_length_range_condition(1, max_bytes)
        return {"key": key, "Content-Type": content_type, **self._store.presigned_post_policy(policy)}

    def _try_post_policy(self) -> bool:
        good, other = f"probe/{uuid4()}.jpg", f"probe/{uuid4()}.jpg"
        fields = self._post_fields(good, "image/jpeg", PROBE_BYTES, timedelta(minutes=1))
        forged = fields | {"x-amz-signature": "0" * 64}
        try:
            return (
                not self._post({**fields, "key": other}, PROBE_BYTES)
                and not self._post({**fields, "Content-Type": "text/html"}, PROBE_BYTES)
                and not self._post(forged, PROBE_BYTES)
                and not self._post(fields, PROBE_BYTES + 1)
                and not self._post(fields, 0)
                and self._stat(good) is None
                and self._stat(other) is None
                and self._post(fields, PROBE_BYTES)
                and self._get(good, PROBE_BYTES) == b"p" * PROBE_BYTES
            )
        except (ObjectMissing, ObjectTooLarge):
            return False
        finally:
            self._delete(good)
            self._delete(other)

    def _post(self, fields: dict[str, str], size: int) -> bool:
        """Whether the store accepts the upload; a closed connection counts as a refusal."""
        file = ("probe.jpg", b"p" * size, fields["Content-Type"])
        try:
            answer = self._pool.request(
                "POST", f"{self._endpoint}/{self.bucket}", fields={**fields, "file": file}, retries=False
            )
        except HTTPError:
            return False
        return 200 <= answer.status < 300
