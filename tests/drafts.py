"""Drafts as a route stores them before it sends a command."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from domain.kernel.crypto import Keyring
from models import Draft
from models.kernel.columns import seal
from models.kernel.database import Sessions
from models.kernel.draft import PAYLOAD
from tests.factories import stored


async def new_draft(sessions: Sessions, keyring: Keyring, at: datetime, payload: Mapping[str, object]) -> UUID:
    draft_id = uuid4()
    draft = Draft(
        id=draft_id,
        caller="test",
        route="/test",
        key=str(draft_id),
        digest=hashlib.sha256(draft_id.bytes).digest(),
        payload=seal(keyring, PAYLOAD, dict(payload)),
        created_at=at,
    )
    await stored(sessions, draft)
    return draft_id
