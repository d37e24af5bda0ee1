"""A small S3 store that takes POST uploads, and can be told which parts of a policy it forgets to check."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Forgotten = Literal["signature", "key", "Content-Type", "largest", "smallest", "everything", "to store"]


@dataclass
class PostStore:
    """Follows the published description of POST policies (signature version 4), except for what it forgets."""

    secret_key: str
    forgets: Forgotten | None = None
    objects: dict[str, bytes] = field(default_factory=dict)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/{bucket}", self.post, methods=["POST"]),
                Route("/{bucket}", self.bucket, methods=["HEAD"]),
                Route("/{bucket}/{key:path}", self.get, methods=["GET", "HEAD"]),
                Route("/{bucket}/{key:path}", self.delete, methods=["DELETE"]),
            ]
        )

    async def bucket(self, request: Request) -> Response:
        return Response()

    async def post(self, request: Request) -> Response:
        async with request.form() as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            file = form["file"]
            assert isinstance(file, UploadFile)
            data = await file.read()
        if self.forgets != "everything" and not self._allowed(fields | {"bucket": request.path_params["bucket"]}, data):
            return Response(status_code=403)
        if self.forgets != "to store":
            self.objects[fields["key"]] = data
        return Response(status_code=204)

    async def get(self, request: Request) -> Response:
        data = self.objects.get(request.path_params["key"])
        if data is None:
            return Response(b"<Error><Code>NoSuchKey</Code></Error>", 404, media_type="application/xml")
        return Response(data)

    async def delete(self, request: Request) -> Response:
        self.objects.pop(request.path_params["key"], None)
        return Response(status_code=204)

    def _allowed(self, fields: dict[str, str], data: bytes) -> bool:
        if self.forgets != "signature" and not hmac.compare_digest(self._signature(fields), fields["x-amz-signature"]):
            return False
        conditions = json.loads(base64.b64decode(fields["policy"]))["conditions"]
        return all(self._holds(condition, fields, data) for condition in conditions)

    def _holds(self, condition: list[str | int], fields: dict[str, str], data: bytes) -> bool:
        match condition:
            case ["content-length-range", int(smallest), int(largest)]:
                return (self.forgets == "smallest" or smallest <= len(data)) and (
                    self.forgets == "largest" or len(data) <= largest
                )
            case ["eq", str(name), value]:
                return self.forgets == name[1:] or fields[name[1:]] == value
        return False

    def _signature(self, fields: dict[str, str]) -> str:
        key = b"AWS4" + self.secret_key.encode()
        for part in fields["x-amz-credential"].split("/")[1:]:
            key = hmac.digest(key, part.encode(), hashlib.sha256)
        return hmac.new(key, fields["policy"].encode(), hashlib.sha256).hexdigest()


@contextmanager
def serving(store: PostStore, port: int) -> Iterator[str]:
    """The store's address for as long as it serves, from a thread of its own."""
    server = uvicorn.Server(uvicorn.Config(store.app(), port=port, log_level="error", lifespan="off"))
    started = threading.Event()
    startup = server.startup

    async def tell(sockets: None = None) -> None:
        await startup()
        started.set()

    server.startup = tell  # type: ignore[method-assign,assignment]  # the server has no other hook that says «started»
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        assert started.wait(timeout=20)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
