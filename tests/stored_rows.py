"""What stands in the rows, as tests ask for it."""

from typing import TypeVar
from uuid import UUID

from sqlmodel import SQLModel, col, select

from domain.contracts.contract import ContractSnapshot, from_json
from domain.kernel.crypto import Keyring
from models import Client, Contract, Event, Invoice, SupportMessage, User
from models.contracts.contract import SNAPSHOT
from models.kernel.columns import unseal
from models.kernel.database import Sessions
from models.support.ticket import BODY

Row = TypeVar("Row", bound=SQLModel)


class StoredRows:
    def __init__(self, sessions: Sessions, keyring: Keyring) -> None:
        self.sessions, self.keyring = sessions, keyring

    async def row(self, kind: type[Row], key: UUID) -> Row:
        async with self.sessions() as session:
            return await session.get_one(kind, key)

    async def rows(self, kind: type[Row]) -> list[Row]:
        async with self.sessions() as session:
            return list((await session.exec(select(kind))).all())

    async def card(self, client: Client) -> Client:
        return await self.row(Client, client.id)

    async def user(self, client: Client) -> User:
        return await self.row(User, client.user_id)

    async def versions(self, client: Client) -> list[Contract]:
        """Oldest first."""
        async with self.sessions() as session:
            return list(reversed(await Contract.all_of(session, client.id)))

    async def contract(self, client: Client) -> Contract:
        """The newest that is not void."""
        async with self.sessions() as session:
            found = await Contract.newest(session, client.id)
        assert found is not None
        return found

    def snapshot_of(self, contract: Contract) -> ContractSnapshot:
        return from_json(self.keyring.decrypt(SNAPSHOT, contract.snapshot))

    async def bills(self, client: Client) -> list[Invoice]:
        """Oldest first."""
        async with self.sessions() as session:
            return list(await Invoice.of_client(session, client.id))

    async def events(self, client: Client) -> list[Event]:
        async with self.sessions() as session:
            return list(await Event.of_client(session, client.id))

    async def verbs(self, client: Client) -> list[str]:
        return [event.verb for event in await self.events(client)]

    async def messages(self, client: Client) -> list[str]:
        """What staff read in the client's signing ticket."""
        return [message.body or "" for message in await self._in_ticket(client)]

    async def read_by_client(self, client: Client) -> list[str]:
        """What the client himself reads there."""
        return [
            unseal(self.keyring, BODY, message.body_sealed) if message.body_sealed else message.body or ""
            for message in await self._in_ticket(client)
        ]

    async def _in_ticket(self, client: Client) -> list[SupportMessage]:
        ticket_id = (await self.card(client)).support_ticket_id
        async with self.sessions() as session:
            query = select(SupportMessage).where(col(SupportMessage.ticket_id) == ticket_id)
            return list((await session.exec(query.order_by(col(SupportMessage.created_at)))).all())
