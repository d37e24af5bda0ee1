"""Every table is erased with a person or is named with a reason; the same for what upkeep drops; and erasure erases."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, func
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

import models
from domain.contracts.status import ContractStatus
from domain.kernel.actor import SYSTEM
from domain.kernel.crypto import Keyring
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
    Copy,
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
    Send,
    SupportMessage,
    UploadTicket,
    User,
    UserSession,
    UserSessionToken,
    Wait,
)
from models.contracts.agreement import AgreedBy
from models.conversations import erase as conversations
from models.conversations.message import Author, Direction
from models.kernel import upkeep as kernel_upkeep
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
from worker.subjects import SUBJECTS

METADATA: Final = models.metadata()
ERASURES: Final = [subject.erasure for subject in SUBJECTS if subject.erasure is not None]
UPKEEPS: Final = [kernel_upkeep, *(subject.upkeep for subject in SUBJECTS if subject.upkeep is not None)]
CLIENT: Final[list[type[SQLModel]]] = [table for subject in ERASURES for table in subject.ERASES]
OTHERS: Final[list[type[SQLModel]]] = [*ERASES_MANAGER, *conversations.ERASES]
ERASED: Final = [str(table.__tablename__) for table in (*CLIENT, *OTHERS)]
GROWING: Final = [str(table.__tablename__) for subject in UPKEEPS for table in subject.GROWS]

NOT_ERASED: Final = {
    "audit_events": "append-only; ids, numbers and times, and the card that they refer to is blank",
    "avito_accounts": "an organisation's key",
    "bot_errands": "what staff asked a bot for, sealed; no column says who; upkeep drops it after two days",
    "bots": "an organisation's key",
    "manager_contract_counters": "numbers per day",
    "manager_tariffs": "an organisation's prices",
    "organisations": "a firm and its settings",
    "rate_buckets": "keyed hashes; upkeep drops them after a day",
    "telegram_groups": "how much may be sent to a group",
    "telegram_logins": "hashes of log-ins that were used; upkeep drops them after two days",
    "telegram_updates": "ids of updates; upkeep drops them after two days",
}
"""Tables without data of a person, or whose rows cannot be told to be his, and why that is so."""

KEPT: Final = {
    **dict.fromkeys(
        ("manager_contracts", "manager_contract_codes", "pep_agreements", "manager_invoices"),
        "papers: what was signed is kept for ever, how long the rest is kept is for retention",
    ),
    **dict.fromkeys(
        ("users", "manager_clients", "users_passports", "manager_devices", "manager_device_photos", "devices"),
        "one or a few for a client, as long as he is one",
    ),
    **dict.fromkeys(("manager_client_tariffs", "manager_support_threads"), "one for a client, as long as he is one"),
    **dict.fromkeys(
        ("support_tickets", "support_messages", "manager_support_messages"), "a client's chat, as long as he is one"
    ),
    **dict.fromkeys(("audit_events", "access_events"), "what happened to a client and who read his card: the trail"),
    **dict.fromkeys(
        ("dialogs", "dialog_messages", "dialog_former_topics", "message_sends", "telegram_copies", "attachments"),
        "conversations: how long they are kept is for retention",
    ),
    **dict.fromkeys(
        ("organisations", "manager_users", "manager_tariffs", "bots", "avito_accounts", "telegram_groups"),
        "people make them, and there are few",
    ),
    "manager_contract_counters": "a row for a day and a prefix: numbers are never given twice",
}
"""Tables that no upkeep drops anything from, and why that is so."""


def problems(metadata: MetaData, declared: Iterable[str], explained: Mapping[str, str]) -> list[str]:
    """What is wrong with these declarations, beside the tables that there are."""
    there, times = set(metadata.tables), Counter(declared)
    return sorted(
        [
            *(f"{name}: neither declared nor explained" for name in there - set(times) - set(explained)),
            *(f"{name}: declared and explained" for name in set(times) & set(explained)),
            *(f"{name}: declared by two" for name, count in times.items() if count > 1),
            *(f"{name}: no such table" for name in (set(times) | set(explained)) - there),
        ]
    )


def test_every_table_is_erased_with_a_person_or_is_none_of_his() -> None:
    assert problems(METADATA, ERASED, NOT_ERASED) == []


def test_every_table_is_kept_small_or_kept_for_a_reason() -> None:
    assert problems(METADATA, GROWING, KEPT) == []


@pytest.mark.parametrize(("declared", "explained"), [(ERASED, NOT_ERASED), (GROWING, KEPT)])
def test_a_wrong_declaration_is_found(declared: list[str], explained: dict[str, str]) -> None:
    planted = MetaData()
    for table in METADATA.tables.values():
        table.to_metadata(planted)
    Table("planted", planted, Column("id", Integer, primary_key=True), Column("name", String))
    assert problems(planted, declared, explained) == ["planted: neither declared nor explained"]
    assert problems(METADATA, [*declared, "gone"], explained) == ["gone: no such table"]
    assert problems(METADATA, declared, explained | {"gone": ""}) == ["gone: no such table"]
    name = declared[0]
    assert problems(METADATA, [*declared, name], explained) == [f"{name}: declared by two"]
    assert problems(METADATA, declared, explained | {name: ""}) == [f"{name}: declared and explained"]


# What is left of a person.

USER_STAYS: Final = {"id", "created_at"}
CARD_STAYS: Final = {
    *("id", "organisation_id", "user_id", "status", "assigned_manager_id", "card_version", "events_head"),
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


class House:
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
        user = await factories.make_user(self.sessions, name=name, has_subscription=True, blocked_at=MONDAY_NOON)
        ticket = await factories.make_ticket(self.sessions, user)
        contacts = {f"contact_{field}": name[:10] for field in ("phone", "email", "name", "address")}
        client = await factories.make_client(
            self.sessions, user, manager, support_ticket_id=ticket.id, full_name=name, **contacts
        )
        async with self.sessions.begin() as session:
            card = await session.get_one(Client, client.id)
            Event.add(session, card, SYSTEM, "registered", MONDAY_NOON, uuid4())
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
        await self.add(session, UserSessionToken(digest=name.encode(), session_id=session.id), agreement, draft)
        await self.add(OwnDevice(user_id=user_id, title=name), self.upload(name, user_place(user_id)))

    async def _add_papers(self, name: str, client: Client, values: dict[str, Any]) -> None:
        keys = {"file_key": f"{name}/contract", "certificate_key": f"{name}/certificate"}
        contract = await factories.make_contract(self.sessions, self.keyring, client, **keys, **values)
        amendment = {"amendment_of_id": contract.id, "status": ContractStatus.VOID, "file_key": None}
        await factories.make_contract(self.sessions, self.keyring, client, **amendment)
        await factories.make_invoice(self.sessions, contract)
        device = await factories.make_device(self.sessions, client, covered_by_id=contract.id)
        code = Code(
            client_id=client.id,
            contract_id=contract.id,
            hash=b"1",
            salt=b"1",
            key_id="1",
            document_sha256="0",
            expires_at=MONDAY_NOON,
            tries_left=1,
        )
        photo = DevicePhoto(device_id=device.id, file_key=f"{name}/device")
        await self.add(code, photo, self.upload(name, device_place(device.id)))

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
def house(sessions: Sessions, keyring: Keyring) -> House:
    return House(sessions, keyring)


async def test_of_an_erased_client_two_blank_rows_and_the_trail_are_left(house: House) -> None:
    await house.client("other")
    before, counted = Counter(await dump(house.sessions)), await house.counted(CLIENT)
    person = await house.client("maria")
    assert person.client_id is not None
    for name, count in (await house.counted(CLIENT)).items():
        assert count > counted[name], f"the client has nothing in {name}: give him a row"
    filled = (await house.row(User, person.user_id), await house.row(Client, person.client_id))
    keys = await house.objects("maria")
    assert all(keys), f"an object is missing: {dict(zip(map(str, OBJECTS), keys, strict=True))}"

    assert await house.erase(person) == set().union(*keys)
    after = Counter(await dump(house.sessions))
    assert before - after == Counter(), "rows of another"
    left = Counter(name for name, _ in after - before)
    # A manager of the factory's, and the trail, are not the client's own.
    assert left == {"users": 1, "manager_clients": 1, "audit_events": 1, "manager_users": 1}
    blank = (await house.row(User, person.user_id), await house.row(Client, person.client_id))
    for was, now, stays in zip(filled, blank, (USER_STAYS, CARD_STAYS), strict=True):
        assert [name for name, value in was.items() if not value and name not in stays] == [], "give it a value"
        assert {name for name, value in now.items() if value and name not in stays} == set()
        assert {name: now[name] for name in stays} == {name: was[name] for name in stays}

    assert await house.erase(person) == set()
    assert Counter(await dump(house.sessions)) == after


async def test_an_account_without_a_card_is_deleted(house: House) -> None:
    before = await dump(house.sessions)
    user = await factories.make_user(house.sessions)
    person = Person(user.id, None)
    await house.add(house.upload("anna", user_place(user.id)))
    assert await house.erase(person) == {f"anna/{user_place(user.id)}"}
    assert await dump(house.sessions) == before
    assert await house.erase(person) == set()


async def test_the_database_refuses_to_erase_a_signed_contract_and_then_nothing_is_erased(house: House) -> None:
    person = await house.client("maria", status=ContractStatus.SIGNED, signed_at=MONDAY_NOON)
    before = await dump(house.sessions)
    with pytest.raises(IntegrityError, match="kept for ever"):
        await house.erase(person)
    assert await dump(house.sessions) == before


async def test_nothing_is_left_of_an_erased_conversation(house: House) -> None:
    account = await house.account()
    await house.dialog(account, "other", -1)
    before, counted = await dump(house.sessions), await house.counted(conversations.ERASES)
    dialog_id = await house.dialog(account, "olga", -2)
    for name, count in (await house.counted(conversations.ERASES)).items():
        assert count > counted[name], f"the conversation has nothing in {name}: give it a row"
    for keys in ({"olga/image"}, set()):
        async with house.sessions.begin() as session:
            assert await conversations.erase(session, dialog_id) == keys
        assert await dump(house.sessions) == before


async def test_of_an_erased_manager_the_id_is_left_and_what_refers_to_it(house: House) -> None:
    other = await house.manager("other")
    before, counted = Counter(await dump(house.sessions)), await house.counted(ERASES_MANAGER)
    manager = await house.manager("ivan")
    for name, count in (await house.counted(ERASES_MANAGER)).items():
        assert count > counted[name], f"the manager has nothing in {name}: give him a row"
    for at in (MONDAY_NOON, MONDAY_NOON.replace(year=2027)):
        async with house.sessions.begin() as session:
            await erase_manager(session, manager.id, at)
        after = Counter(await dump(house.sessions))
        assert before - after == Counter(), f"rows of another, {other.id}"
        assert [name for name, _ in after - before] == ["manager_users"]
        row = await house.row(Manager, manager.id)
        assert row["disabled_at"] == MONDAY_NOON
        assert row["name"] == "Бывший сотрудник"
        assert (row["email"], row["password_hash"], row["telegram_user_id"]) == (None, None, None)
