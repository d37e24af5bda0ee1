"""Parameters of a Bot API call: JSON, form or multipart in, typed values out."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from sandbox.telegram.errors import invalid


@dataclass(frozen=True)
class Upload:
    data: bytes
    name: str
    mime: str


@dataclass(frozen=True)
class Params:
    """Forms carry every value as a string, JSON bodies as it is: both are read alike."""

    values: dict[str, Any]
    files: dict[str, Upload]

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return None if value is None else str(value)

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise invalid(f"can't parse {name}: not an integer") from None

    def real(self, name: str) -> float:
        try:
            return float(self.values[name])
        except (KeyError, TypeError, ValueError):
            raise invalid(f"can't parse {name}: not a number") from None

    def flag(self, name: str) -> bool:
        return str(self.values.get(name, "")).lower() in ("true", "1")

    def json(self, name: str) -> Any:
        """An object or a list; a form has it as JSON in a string."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise invalid(f"can't parse {name}: not JSON") from None

    def objects(self, name: str) -> list[dict[str, Any]]:
        value = self.json(name) or []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise invalid(f"can't parse {name}: not a list of objects")
        return value

    def required_number(self, name: str) -> int:
        value = self.number(name)
        if value is None:
            raise invalid(f'parameter "{name}" is required')
        return value

    def upload(self, name: str) -> Upload | str | None:
        """Bytes sent along, or a file_id; `attach://x` names another part of the same form."""
        if name in self.files:
            return self.files[name]
        value = self.values.get(name)
        return None if value is None else self.attached(str(value))

    def attached(self, value: str) -> Upload | str:
        if not value.startswith("attach://"):
            return value
        part = value.removeprefix("attach://")
        if part not in self.files:
            raise invalid("file must be non-empty")
        return self.files[part]

    def summary(self) -> dict[str, Any]:
        """For the journal: no bytes, no secrets."""
        hidden = {"secret_token": "…"} if "secret_token" in self.values else {}
        return self.values | hidden | {name: f"{len(file.data)} bytes" for name, file in self.files.items()}


async def parse(request: Request) -> Params:
    values: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        files: dict[str, Upload] = {}
        async with request.form(max_part_size=60 * 1024 * 1024) as form:
            for name, value in form.multi_items():
                if isinstance(value, UploadFile):
                    data = await value.read()
                    mime = value.content_type or "application/octet-stream"
                    files[name] = Upload(data, value.filename or name, mime)
                else:
                    values[name] = value
        return Params(values, files)
    body = await request.body()
    if kind.startswith("application/json"):
        values |= _object(body)
    elif body:
        values |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    return Params(values, {})


def _object(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body or b"{}")
    except ValueError:
        raise invalid("can't parse JSON object") from None
    if not isinstance(read, dict):
        raise invalid("object expected")
    return read
