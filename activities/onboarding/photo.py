"""Photos from an upload to a clean object: content sniffed, re-encoded without metadata, never served as it came."""

import asyncio
from typing import Any
from uuid import UUID

from temporalio import activity

from activities.clients.command import ClientCommand
from documents.media.photo import MAX_BYTES, clean_photo
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import DraftGone, PhotoRejected
from gateways.storage.client import ObjectMissing, ObjectTooLarge, Storage
from models import Draft, UploadTicket
from models.kernel.columns import unseal
from models.kernel.database import Sessions
from models.kernel.draft import PAYLOAD
from models.kernel.upload import device_place, passport_place

JPEG = "image/jpeg"


def clean_key(draft_id: UUID) -> str:
    """Where the accepted photo of a command lies; the same however often it is tried."""
    return f"photos/{draft_id}.jpg"


class PhotoActivities:
    def __init__(self, sessions: Sessions, keyring: Keyring, storage: Storage, now: Clock) -> None:
        self.sessions, self.keyring, self.storage, self.now = sessions, keyring, storage, now

    @activity.defn
    async def accept_photo(self, command: ClientCommand) -> None:
        """Check and re-encode what was uploaded for this place, then delete the upload, also when it is refused.

        Raises `PhotoRejected` with the reason; a photo that the same command had accepted before is accepted again.
        """
        payload = await self._payload(command.draft_id)
        if payload is None:
            return
        file_key = str(payload["file_key"])
        place = (
            device_place(UUID(payload["device_id"])) if "device_id" in payload else passport_place(command.client_id)
        )
        async with self.sessions() as session:
            ticket = await session.get(UploadTicket, file_key)
        if ticket is None or ticket.place != place:
            raise PhotoRejected("Этот файл загружали не сюда. Загрузите фотографию ещё раз.")
        if ticket.used_at is None:
            await self._clean(file_key, clean_key(command.draft_id))
            await self._use(file_key)
        else:
            await self._accepted_before(command.draft_id)
        await self.storage.delete(file_key)

    @activity.defn
    async def delete_objects(self, keys: list[str]) -> None:
        """Objects that no row points to any more."""
        for key in keys:
            await self.storage.delete(key)

    async def _clean(self, file_key: str, target: str) -> None:
        try:
            data = await self.storage.get(file_key, MAX_BYTES)
            photo = await asyncio.to_thread(clean_photo, data)
        except ObjectMissing:
            raise PhotoRejected("Файл не загрузился. Загрузите фотографию ещё раз.") from None
        except ObjectTooLarge:
            await self._refuse(file_key)
            raise PhotoRejected("Файл больше 10 МБ. Уменьшите фотографию и загрузите её ещё раз.") from None
        except PhotoRejected:
            await self._refuse(file_key)
            raise
        await self.storage.put(target, photo.jpeg, JPEG)

    async def _refuse(self, file_key: str) -> None:
        await self.storage.delete(file_key)
        await self._use(file_key)

    async def _use(self, file_key: str) -> None:
        async with self.sessions.begin() as session:
            ticket = await session.get_one(UploadTicket, file_key)
            ticket.used_at = ticket.used_at or self.now()

    async def _accepted_before(self, draft_id: UUID) -> None:
        if await self.storage.stat(clean_key(draft_id)) is None:
            raise PhotoRejected("Этот файл уже использован или не прошёл проверку. Загрузите фотографию ещё раз.")

    async def _payload(self, draft_id: UUID) -> dict[str, Any] | None:
        """None when the command was applied already and only its answer is asked for again."""
        async with self.sessions() as session:
            draft = await session.get(Draft, draft_id)
        if draft is None:
            raise DraftGone("Запрос устарел. Повторите его.")
        return dict(unseal(self.keyring, PAYLOAD, draft.payload)) if draft.payload else None
