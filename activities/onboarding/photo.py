"""Photos of passports and devices: turn the upload of a command into a checked object."""

from typing import Any
from uuid import UUID

from temporalio import activity

from activities.clients.command import ClientCommand
from activities.files.photos import Photos
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import DraftGone
from gateways.storage.client import Storage
from models import Draft
from models.kernel.columns import unseal
from models.kernel.database import Sessions
from models.kernel.draft import PAYLOAD
from models.kernel.upload import device_place, passport_place


def clean_key(draft_id: UUID) -> str:
    """Key of the accepted photo of a command, the same in every retry."""
    return f"photos/{draft_id}.jpg"


class PhotoActivities:
    def __init__(self, sessions: Sessions, keyring: Keyring, storage: Storage, now: Clock) -> None:
        self.sessions, self.keyring, self.storage = sessions, keyring, storage
        self._photos = Photos(sessions, storage, now)

    @activity.defn
    async def accept_photo(self, command: ClientCommand) -> None:
        """Check and re-encode the upload of this place, then delete it, also when it is refused.

        Raises `PhotoRejected` with the reason; a repeat of the command accepts the same photo again.
        """
        payload = await self._payload(command.draft_id)
        if payload is None:
            return
        place = (
            device_place(UUID(payload["device_id"])) if "device_id" in payload else passport_place(command.client_id)
        )
        await self._photos.accept(str(payload["file_key"]), place, clean_key(command.draft_id))

    @activity.defn
    async def delete_objects(self, keys: list[str]) -> None:
        """Delete objects that no row refers to."""
        for key in keys:
            await self.storage.delete(key)

    async def _payload(self, draft_id: UUID) -> dict[str, Any] | None:
        """Input of the command; None if the command was applied already."""
        async with self.sessions() as session:
            draft = await session.get(Draft, draft_id)
        if draft is None:
            raise DraftGone("Запрос устарел. Повторите его.")
        return dict(unseal(self.keyring, PAYLOAD, draft.payload)) if draft.payload else None
