"""Erasure erases: of a client, an account, a conversation and a manager, in a database with rows in every table."""

from collections import Counter
from collections.abc import Iterable
from itertools import count as numbers
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from domain.contracts.status import ContractStatus
from domain.deliveries.delivery import AttemptState, Channel, Purpose
from domain.kernel.actor import SYSTEM
from domain.kernel.crypto import Keyring
from domain.people.confirmation import ConfirmationKind
from domain.people.nearby import Act
from models import (
    AccessEvent,
    Accession,
    Account,
    Attachment,
    Autosave,
    AvitoHint,
    Bot,
    Client,
    ClientTariff,
    Code,
    Confirmation,
    ContractOpening,
    Copy,
    Delivery,
    DeliveryAttempt,
    DevicePhoto,
    Dialog,
    Draft,
    Event,
    FormerTopic,
    LoginLink,
    Manager,
    ManagerMessage,
    ManagerSession,
    ManagerSessionToken,
    ManagerThread,
    Message,
    OwnDevice,
    PassportRow,
    PhoneLink,
    SeenPlace,
    Send,
    SupportMessage,
    UploadTicket,
    User,
    UserSession,
    UserSessionToken,
    VerifyLink,
    Wait,
)
from models.contracts.agreement import AgreedBy
from models.conversations import erase as conversations
from models.conversations.message import Author, Direction
from models.kernel.database import Sessions
from models.kernel.subject import Person
from models.kernel.upload import device_place, passport_place, user_place
from models.people.erase import ERASES_MANAGER, erase_manager
from models.people.manager import Role
from models.people.organisation import FIRST
from models.people.user import client_caller
from tests import factories
from tests.clock import MONDAY_NOON
from tests.database_content import dump
from tests.models.kernel.test_subjects import CLIENT, ERASURES, METADATA

USER_STAYS: Final = {"id", "created_at"}
CARD_STAYS: Final = {
    *("id", "organisation_id", "user_id", "status", "assigned_manager_id", "card_version", "events_head"),
    *("events_count", "events_mac", "events_key_id"),
    *("workflow_seen_at", "last_step_at", "created_at", "updated_at"),
}
"""Columns of the rows that stay blank; all others are empty."""

OBJECTS: Final = [
    column
    for table in CLIENT
    for column in METADATA.tables[str(table.__tablename__)].columns
    if column.name.endswith("_key")
]
"""Columns with keys of a client's stored objects."""

_TELEGRAM: Final = numbers(1)


class FilledDatabase:
    """Clients, conversations and staff with a row in each table that holds something of theirs.

    Keys of stored objects begin with the person's name.
    """

    def __init__(self, sessions: Sessions, keyring: Keyring) -> None:
        self.sessions, self.keyring = sessions, keyring

    async def add(self, *rows: SQLModel) -> None:
        for row in rows:
            await factories.stored(self.sessions, row)

    async def manager(self, name: str) -> Manager:
        manager = await factories.make_manager(self.sessions, telegram_user_id=len(name), email=f"{name}@example.com")
        session = ManagerSession(manager_id=manager.id, ip=name, expires_at=MONDAY_NOON)
        link = LoginLink(
            token_hash=name.encode(), telegram_user_id=len(name), role=Role.MANAGER, expires_at=MONDAY_NOON
        )
        await self.add(session, ManagerSessionToken(digest=name.encode(), session_id=session.id), link)
        return manager

    async def client(self, name: str, **contract: Any) -> Person:
        """With everything that a client may have; `contract` are values of his contract."""
        manager = await factories.make_manager(self.sessions)
        waiting = {"new_phone": "9160000000", "new_email": name, "email_confirmed_at": MONDAY_NOON}
        telegram = {"telegram_user_id": next(_TELEGRAM), "telegram_linked_at": MONDAY_NOON}
        user = await factories.make_user(
            self.sessions, name=name, has_subscription=True, blocked_at=MONDAY_NOON, **waiting, **telegram
        )
        ticket = await factories.make_ticket(self.sessions, user)
        contacts = {f"contact_{field}": name[:10] for field in ("phone", "email", "name", "address")}
        client = await factories.make_client(
            self.sessions, user, manager, support_ticket_id=ticket.id, full_name=name, **contacts
        )
        async with self.sessions.begin() as session:
            card = await session.get_one(Client, client.id)
            Event.add(session, self.keyring, card, SYSTEM, "registered", MONDAY_NOON, uuid4())
        await self._add_rows_of_user(name, user.id)
        await self._add_papers(name, client, contract)
        passport = await factories.make_passport(self.sessions, self.keyring, client)
        async with self.sessions.begin() as session:
            (await session.get_one(PassportRow, passport.id)).photo_key = f"{name}/passport"
        thread = ManagerThread(client_id=client.id)
        await self.add(
            SupportMessage(ticket_id=ticket.id, author="user", body=name, file_key=f"{name}/support"),
            thread,
            ManagerMessage(thread_id=thread.id, body=name),
            Autosave(client_id=client.id, manager_id=manager.id, form="profile", values_sealed=b"1", version=1),
            AccessEvent(client_id=client.id, manager_id=manager.id),
            SeenPlace(client_id=client.id, act=Act.SIGNED, network="203.0.113.7"),
            ClientTariff(
                client_id=client.id, name="", base_fee=0, extra_per_device=0, device_count=1, total_extra_fee=0
            ),
            self.upload(name, passport_place(client.id)),
        )
        return Person(user.id, client.id)

    async def _add_rows_of_user(self, name: str, user_id: UUID) -> None:
        session = UserSession(user_id=user_id, ip=name, expires_at=MONDAY_NOON)
        agreement = Accession(user_id=user_id, agreed_by=AgreedBy.REGISTRATION, version="1", sha256="0", ip=name)
        draft = Draft(caller=client_caller(user_id), route="/", key=name, digest=b"1", answer=b"1")
        confirmation = Confirmation(
            user_id=user_id,
            session_id=session.id,
            kind=ConfirmationKind.PHONE,
            address=name.encode(),
            address_index=name.encode(),
            hash=b"1",
            salt=b"1",
            key_id="1",
            expires_at=MONDAY_NOON,
            tries_left=1,
        )
        await self.add(session, UserSessionToken(digest=name.encode(), session_id=session.id), agreement, draft)
        link = PhoneLink(token_hash=name.encode(), user_id=user_id, session_id=session.id, expires_at=MONDAY_NOON)
        await self.add(confirmation, link)
        await self.add(OwnDevice(user_id=user_id, title=name), self.upload(name, user_place(user_id)))

    async def _add_papers(self, name: str, client: Client, values: dict[str, Any]) -> None:
        keys = {
            "file_key": f"{name}/contract",
            "certificate_key": f"{name}/certificate",
            "stamped_key": f"{name}/stamped",
        }
        contract = await factories.make_contract(self.sessions, self.keyring, client, **keys, **values)
        amendment = {"amendment_of_id": contract.id, "status": ContractStatus.VOID, "file_key": None}
        await factories.make_contract(self.sessions, self.keyring, client, **amendment)
        await factories.make_invoice(self.sessions, contract)
        device = await factories.make_device(self.sessions, client, covered_by_id=contract.id)
        delivery = Delivery(
            client_id=client.id,
            user_id=client.user_id,
            contract_id=contract.id,
            purpose=Purpose.SIGNING_CODE,
            letter=b"1",
        )
        await self.add(delivery)
        attempt = DeliveryAttempt(delivery_id=delivery.id, channel=Channel.SMS, state=AttemptState.SENT, address=b"1")
        code = Code(
            client_id=client.id,
            contract_id=contract.id,
            delivery_id=delivery.id,
            hash=b"1",
            salt=b"1",
            key_id="1",
            document_sha256="0",
            expires_at=MONDAY_NOON,
            tries_left=1,
        )
        photo = DevicePhoto(device_id=device.id, file_key=f"{name}/device")
        opening = ContractOpening(contract_id=contract.id, session_id=contract.id, sha256="0", ip=name)
        link = VerifyLink(contract_id=contract.id, token_sha256=name.encode())
        await self.add(opening, link)
        await self.add(code, attempt, photo, self.upload(name, device_place(device.id)))

    def upload(self, name: str, place: str) -> UploadTicket:
        return UploadTicket(file_key=f"{name}/{place}", place=place, content_type="image/png", expires_at=MONDAY_NOON)

    async def account(self) -> Account:
        bot = Bot(organisation_id=FIRST, token_sealed=b"1", token_index=b"1", telegram_id=1, username="bot")
        account = Account(organisation_id=FIRST, bot_id=bot.id, name="", api_client_id="1", secret_sealed=b"1")
        await self.add(bot, account)
        return account

    async def dialog(self, account: Account, name: str, group: int) -> UUID:
        """In a group of its own."""
        dialog = Dialog(organisation_id=FIRST, avito_account_id=account.id, avito_dialog_id=name, title=name)
        message = Message(
            dialog_id=dialog.id,
            source_key="avito:1",
            direction=Direction.AVITO,
            author=Author.BUYER,
            kind="text",
            body_sealed=name.encode(),
        )
        file = Attachment(message_id=message.id, ordinal=0, kind="image", storage_key=f"{name}/image")
        late = Attachment(message_id=message.id, ordinal=1, kind="image")
        send = Send(dialog_id=dialog.id, message_id=message.id, ordinal=0, kind="image", attachment_id=file.id)
        where: dict[str, Any] = {"chat_id": group, "dialog_id": dialog.id}
        await self.add(dialog, message, file, late, send)
        await self.add(
            Copy(telegram_message_id=1, message_id=message.id, **where),
            FormerTopic(topic_id=1, **where),
            Wait(bot_id=account.bot_id, priority=0, asked_at=MONDAY_NOON, retry_at=MONDAY_NOON, **where),
            AvitoHint(account_id=account.id, chat_id=name, message_id=name),
        )
        return dialog.id

    async def erase(self, person: Person) -> set[str]:
        async with self.sessions.begin() as session:
            return {key for subject in ERASURES for key in await subject.erase(session, person)}

    async def objects(self, name: str) -> list[set[str]]:
        """The person's keys in each of `OBJECTS`."""
        async with self.sessions() as session:
            connection = await session.connection()
            queries = [select(column).where(column.like(f"{name}/%")) for column in OBJECTS]
            return [set((await connection.execute(query)).scalars()) for query in queries]

    async def counted(self, tables: Iterable[type[SQLModel]]) -> dict[str, int]:
        async with self.sessions() as session:
            return {
                str(table.__tablename__): (await session.exec(select(func.count()).select_from(table))).one()
                for table in tables
            }

    async def row(self, table: type[SQLModel], key: UUID) -> dict[str, Any]:
        async with self.sessions() as session:
            return (await session.get_one(table, key)).model_dump()


@pytest.fixture
def filled(sessions: Sessions, keyring: Keyring) -> FilledDatabase:
    return FilledDatabase(sessions, keyring)


async def test_of_an_erased_client_two_blank_rows_and_the_trail_are_left(filled: FilledDatabase) -> None:
    await filled.client("other")
    before, counted = Counter(await dump(filled.sessions)), await filled.counted(CLIENT)
    person = await filled.client("maria")
    assert person.client_id is not None
    for name, count in (await filled.counted(CLIENT)).items():
        assert count > counted[name], f"the client has nothing in {name}: give him a row"
    whole = (await filled.row(User, person.user_id), await filled.row(Client, person.client_id))
    keys = await filled.objects("maria")
    assert all(keys), f"an object is missing: {dict(zip(map(str, OBJECTS), keys, strict=True))}"

    assert await filled.erase(person) == set().union(*keys)
    after = Counter(await dump(filled.sessions))
    assert before - after == Counter(), "rows of another"
    left = Counter(name for name, _ in after - before)
    # A manager of the factory's, the trail and the readings of the card are not the client's own.
    kept = ("users", "manager_clients", "audit_events", "access_events", "manager_users", "manager_sessions")
    assert left == dict.fromkeys(kept, 1)
    blank = (await filled.row(User, person.user_id), await filled.row(Client, person.client_id))
    for was, now, stays in zip(whole, blank, (USER_STAYS, CARD_STAYS), strict=True):
        assert [name for name, value in was.items() if not value and name not in stays] == [], "give it a value"
        assert {name for name, value in now.items() if value and name not in stays} == set()
        assert {name: now[name] for name in stays} == {name: was[name] for name in stays}

    assert await filled.erase(person) == set()
    assert Counter(await dump(filled.sessions)) == after


async def test_an_account_without_a_card_is_deleted(filled: FilledDatabase) -> None:
    before = await dump(filled.sessions)
    user = await factories.make_user(filled.sessions)
    person = Person(user.id, None)
    await filled.add(filled.upload("anna", user_place(user.id)))
    assert await filled.erase(person) == {f"anna/{user_place(user.id)}"}
    assert await dump(filled.sessions) == before
    assert await filled.erase(person) == set()


async def test_a_signed_contract_is_not_erased_and_then_nothing_is(
    filled: FilledDatabase,
) -> None:
    person = await filled.client("maria", status=ContractStatus.SIGNED, signed_at=MONDAY_NOON)
    before = await dump(filled.sessions)
    with pytest.raises(IntegrityError, match="kept for ever"):
        await filled.erase(person)
    assert await dump(filled.sessions) == before


async def test_nothing_is_left_of_an_erased_conversation(filled: FilledDatabase) -> None:
    account = await filled.account()
    await filled.dialog(account, "other", -1)
    before, counted = await dump(filled.sessions), await filled.counted(conversations.ERASES)
    dialog_id = await filled.dialog(account, "olga", -2)
    for name, count in (await filled.counted(conversations.ERASES)).items():
        assert count > counted[name], f"the conversation has nothing in {name}: give it a row"
    for keys in ({"olga/image"}, set()):
        async with filled.sessions.begin() as session:
            assert await conversations.erase(session, dialog_id) == keys
        assert await dump(filled.sessions) == before


async def test_of_an_erased_manager_the_id_is_left_and_what_refers_to_it(filled: FilledDatabase) -> None:
    other = await filled.manager("other")
    before, counted = Counter(await dump(filled.sessions)), await filled.counted(ERASES_MANAGER)
    manager = await filled.manager("ivan")
    for name, count in (await filled.counted(ERASES_MANAGER)).items():
        assert count > counted[name], f"the manager has nothing in {name}: give him a row"
    for at in (MONDAY_NOON, MONDAY_NOON.replace(year=2027)):
        async with filled.sessions.begin() as session:
            await erase_manager(session, manager.id, at)
        after = Counter(await dump(filled.sessions))
        assert before - after == Counter(), f"rows of another, {other.id}"
        assert [name for name, _ in after - before] == ["manager_users"]
        row = await filled.row(Manager, manager.id)
        assert row["disabled_at"] == MONDAY_NOON
        assert row["name"] == "Бывший сотрудник"
        assert (row["email"], row["password_hash"], row["telegram_user_id"]) == (None, None, None)
