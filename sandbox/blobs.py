"""Bytes of photos, voices and documents by their SHA-256: in memory, and as files when there is a folder."""

import hashlib
from pathlib import Path


class Blobs:
    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._bytes: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        """The SHA-256 in hexadecimal, by which `get` finds it."""
        name = hashlib.sha256(data).hexdigest()
        if name not in self._bytes:
            self._bytes[name] = data
            if self._folder and not (self._folder / name).exists():
                self._folder.mkdir(parents=True, exist_ok=True)
                (self._folder / name).write_bytes(data)
        return name

    def get(self, name: str) -> bytes:
        """KeyError: not stored."""
        if name not in self._bytes:
            if self._folder is None or not (self._folder / name).is_file():
                raise KeyError(name)
            self._bytes[name] = (self._folder / name).read_bytes()
        return self._bytes[name]
