"""An organisation with one of everything that a page can hear of."""

import os
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlmodel import text

from domain.kernel.crypto import Keyring
from models import Account, Attachment, Bot, Client, Dialog, Manager, Message, Organisation
from models.conversations.message import Author, Direction
from models.kernel.database import Sessions
from tests.factories import make_client, make_manager, stored


@dataclass
class OrganisationRows:
    """An organisation with one of everything."""

    sessions: Sessions
    keyring: Keyring
    organisation: Organisation
    owner: Manager
    bot: Bot
    account: Account
    dialog: Dialog
    message: Message
    attachment: Attachment
    client: Client

    async def does(self, statement: str, **values: Any) -> None:
        async with self.sessions.begin() as session:
            await (await session.connection()).execute(text(statement), values)

    async def changes(self, row: Any, assignment: str) -> None:
        await self.does(f"UPDATE {row.__tablename__} SET {assignment} WHERE id = :id", id=row.id)

    async def says(self, words: bytes = b"?", **values: Any) -> Message:
        return await say(self.sessions, self.dialog, words, **values)


async def say(sessions: Sessions, dialog: Dialog, words: bytes, **values: Any) -> Message:
    """By the buyer."""
    said = Message(
        dialog_id=dialog.id,
        source_key=str(uuid4()),
        direction=Direction.AVITO,
        author=Author.BUYER,
        kind="text",
        body_sealed=words,
        **values,
    )
    return await stored(sessions, said)


async def make_organisation(sessions: Sessions, keyring: Keyring) -> OrganisationRows:
    organisation = await stored(sessions, Organisation(name="Лавка"))
    owner = await make_manager(sessions, organisation_id=organisation.id)
    own: dict[str, Any] = {"organisation_id": organisation.id}
    bot = Bot(token_sealed=b"", token_index=os.urandom(8), telegram_id=1, username="bot", **own)
    await stored(sessions, bot)
    account = Account(bot_id=bot.id, name="Avito", api_client_id="1", secret_sealed=b"", **own)
    await stored(sessions, account)
    dialog = await stored(sessions, Dialog(avito_account_id=account.id, avito_dialog_id="1", title="Стол", **own))
    message = await say(sessions, dialog, b"?")
    attachment = await stored(sessions, Attachment(message_id=message.id, ordinal=0, kind="image"))
    client = await make_client(sessions, **own)
    return OrganisationRows(sessions, keyring, organisation, owner, bot, account, dialog, message, attachment, client)
