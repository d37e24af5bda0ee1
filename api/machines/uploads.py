"""Upload tickets: permission to store one object, of one type and a bounded size, at one place, for some minutes."""

import asyncio
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, Literal
from uuid import uuid4

from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import NotAllowed
from gateways.storage.client import Storage
from models.kernel.database import Sessions
from models.kernel.upload import UploadTicket

MAX_BYTES: Final = 10 * 1024 * 1024
CLEANED_AT_ONCE: Final = 2
"""Photos whose pixels are in memory at the same time."""

LIFETIME: Final = timedelta(minutes=5)
GATEWAY_PATH: Final = "/api/uploads"
SUFFIXES: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
"""What a ticket may be for, and how its key ends."""

_EXPIRED: Final = "Разрешение на загрузку устарело или изменено. Запросите новое."


@dataclass(frozen=True)
class Ticket:
    """Send `fields`, then `file`, as multipart form data to `url`."""

    url: str
    fields: dict[str, str]
    file_key: str


class Uploads:
    """Tickets of the object store's own kind where it holds an upload to its limits, else of our gateway."""

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
        self.cleaning = asyncio.Semaphore(CLEANED_AT_ONCE)
        self._secret = keyring.subkey("upload-ticket")
        self._direct: bool | None = {"auto": None, "direct": True, "gateway": False}[mode]

    async def ticket(self, place: str, content_type: str) -> Ticket:
        """A ticket for `place`, noted so that nothing else can be brought there."""
        key = await self.issue(place, content_type)
        if await self.find_out():
            url, fields = self.storage.post_policy(key, content_type, MAX_BYTES, LIFETIME)
        else:
            url, fields = self.gateway_url, self._gateway_fields(key, content_type)
        return Ticket(url, fields, key)

    async def issue(self, place: str, content_type: str) -> str:
        """A new key under the place's own prefix."""
        now = self.now()
        key = f"uploads/{place.replace(':', '/')}/{uuid4()}{SUFFIXES[content_type]}"
        row = UploadTicket(
            file_key=key, place=place, content_type=content_type, expires_at=now + LIFETIME, created_at=now
        )
        async with self.sessions.begin() as session:
            session.add(row)
        return key

    def check(self, key: str, content_type: str, expires: str, signature: str) -> None:
        """That these fields are a ticket of our gateway and still good; `NotAllowed` otherwise."""
        whole = self._signature(key, content_type, expires)
        if not hmac.compare_digest(whole.encode(), signature.encode("utf-8", "replace")):
            raise NotAllowed(_EXPIRED)
        if self.now() >= datetime.fromtimestamp(int(expires), UTC):
            raise NotAllowed(_EXPIRED)

    async def find_out(self) -> bool:
        """Whether the store takes uploads by POST policy; asked again at a ticket when it was away at the start."""
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
