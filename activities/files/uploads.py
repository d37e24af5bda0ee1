"""Upload tickets: permission to upload one object of a given type, bounded size and place, valid for some minutes."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import BinaryIO, Final, Literal
from uuid import uuid4

from activities.files.photos import JPEG
from domain.kernel import sizes
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import NotAllowed, PhotoRejected
from gateways.storage.client import Storage
from models.kernel.database import Sessions
from models.kernel.upload import UploadTicket

LIFETIME: Final = timedelta(minutes=5)
GATEWAY_PATH: Final = "/api/uploads"
SUFFIXES: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
"""Content types of tickets, with the suffix of their keys."""

USED: Final = "Файл по этому разрешению уже принят. Запросите новое."
EMPTY: Final = "Файл пуст. Загрузите фотографию ещё раз."
_EXPIRED: Final = "Разрешение на загрузку устарело или изменено. Запросите новое."


class Uploads:
    """Issues tickets for direct uploads if the object store enforces their limits, else for the gateway."""

    def __init__(
        self,
        storage: Storage,
        sessions: Sessions,
        keyring: Keyring,
        web_url: str,
        mode: Literal["auto", "direct", "gateway"],
        now: Clock,
    ) -> None:
        self.storage, self.sessions, self.now = storage, sessions, now
        self.gateway_url = web_url + GATEWAY_PATH
        self._secret = keyring.subkey("upload-ticket")
        self._direct: bool | None = {"auto": None, "direct": True, "gateway": False}[mode]

    async def ticket(self, place: str, content_type: str) -> tuple[str, str, dict[str, str]]:
        """A ticket for `place`; its row binds the key to that place."""
        key = await self.issue(place, content_type)
        if await self.find_out():
            url, fields = self.storage.post_policy(key, content_type, sizes.PHOTO, LIFETIME)
        else:
            url, fields = self.gateway_url, self._gateway_fields(key, content_type)
        return key, url, fields

    async def issue(self, place: str, content_type: str) -> str:
        """A new key under the prefix of the place."""
        now = self.now()
        key = f"uploads/{place.replace(':', '/')}/{uuid4()}{SUFFIXES[content_type]}"
        row = UploadTicket(
            file_key=key, place=place, content_type=content_type, expires_at=now + LIFETIME, created_at=now
        )
        async with self.sessions.begin() as session:
            session.add(row)
        return key

    async def store(self, place: str, jpeg: bytes) -> str:
        """Store a clean photo as an upload for `place`; returns its key."""
        key = await self.issue(place, JPEG)
        await self.storage.put(key, jpeg, JPEG)
        return key

    async def receive(self, key: str, content_type: str, file: BinaryIO, size: int) -> None:
        """Store an upload of the gateway after `check` has accepted its ticket."""
        if not size:
            raise PhotoRejected(EMPTY)
        async with self.sessions() as session:
            ticket = await session.get(UploadTicket, key)
        if ticket is None or ticket.used_at is not None:
            raise NotAllowed(USED)
        await self.storage.put_stream(key, file, size, content_type)

    def check(self, key: str, content_type: str, expires: str, signature: str) -> None:
        """Raises `NotAllowed` unless the fields are a valid gateway ticket."""
        whole = self._signature(key, content_type, expires)
        if not hmac.compare_digest(whole.encode(), signature.encode("utf-8", "replace")):
            raise NotAllowed(_EXPIRED)
        if self.now() >= datetime.fromtimestamp(int(expires), UTC):
            raise NotAllowed(_EXPIRED)

    async def find_out(self) -> bool:
        """Whether the store supports POST policies; checked again at the next ticket while this is unknown."""
        if self._direct is None:
            self._direct = await self.storage.supports_post_policy()
        return self._direct

    def _gateway_fields(self, key: str, content_type: str) -> dict[str, str]:
        expires = str(int((self.now() + LIFETIME).timestamp()))
        signature = self._signature(key, content_type, expires)
        return {"key": key, "Content-Type": content_type, "expires": expires, "signature": signature}

    def _signature(self, key: str, content_type: str, expires: str) -> str:
        text = "\n".join((key, content_type, expires))
        return hmac.digest(self._secret, text.encode("utf-8", "replace"), sha256).hex()
