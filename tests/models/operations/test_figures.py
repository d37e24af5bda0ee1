"""Figures count what happened: who reached which step, how long he stayed there, what a day brought."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from domain.contracts.status import ContractStatus
from domain.conversations.content import Kind
from domain.kernel.actor import SYSTEM
from domain.kernel.crypto import Keyring
from models import Account, Bot, Client, Contract, Dialog, Event, Message
from models.conversations.dialog import DialogState
from models.conversations.message import Author, Delivery, Direction
from models.kernel.database import Sessions
from models.operations.figures import STEPS, Figures, Window, read_figures
from models.people.organisation import FIRST
from tests import factories
from tests.clock import MONDAY_NOON

ZONE = ZoneInfo("Europe/Moscow")
HOUR = timedelta(hours=1)
NOW = MONDAY_NOON
SINCE = datetime(2026, 2, 24, tzinfo=ZONE)
"""Seven days with today."""

BEFORE = SINCE - timedelta(days=3)
DONE = ("profile-saved", "passport-saved", "device-added", "tariff-applied")


class PastClients:
    """Clients whose past is written down as the test tells it, hours after their registration."""

    def __init__(self, sessions: Sessions, keyring: Keyring) -> None:
        self.sessions, self.keyring = sessions, keyring

    async def client(self, came: datetime, *, complete: bool = True, **hours: float) -> Client:
        """`hours` by verb of the trail (with `_` for `-`), the last one is when the card was touched last."""
        touched = came + max(hours.values(), default=0.0) * HOUR
        client = await factories.make_client(self.sessions, created_at=came, updated_at=touched)
        document = {} if complete else {"number": None}
        if "passport_saved" in hours:
            await factories.make_passport(self.sessions, self.keyring, client, **document)
        for verb, after in hours.items():
            await self.event(client, verb.replace("_", "-"), came + after * HOUR)
        return client

    async def event(self, client: Client, verb: str, at: datetime) -> None:
        async with self.sessions.begin() as session:
            held = await session.get_one(Client, client.id)
            Event.add(session, self.keyring, held, SYSTEM, verb, at, uuid4())

    async def contract(self, client: Client, sent: float, **values: Any) -> Contract:
        """Sent so many hours after the registration; `signed` and `paid` likewise."""
        signed, paid = values.pop("signed", None), values.pop("paid", None)
        times = {
            "offer_started_at": client.created_at + sent * HOUR,
            "signed_at": client.created_at + signed * HOUR if signed is not None else None,
            "payment_confirmed_at": client.created_at + paid * HOUR if paid is not None else None,
            "status": ContractStatus.SIGNED if signed is not None else ContractStatus.SENT,
        }
        contract = await factories.make_contract(self.sessions, self.keyring, client, **times | values)
        last = max(hours for hours in (sent, signed, paid) if hours is not None)
        async with self.sessions.begin() as session:
            (await session.get_one(Client, client.id)).updated_at = client.created_at + last * HOUR
        return contract

    async def figures(self) -> Figures:
        async with self.sessions() as session:
            return await read_figures(session, Window(SINCE, NOW.astimezone(ZONE), "Europe/Moscow"))


@pytest.fixture
def office(sessions: Sessions, keyring: Keyring) -> PastClients:
    return PastClients(sessions, keyring)


def funnel(figures: Figures) -> list[tuple[int, int]]:
    return [(row["reached"], row["passed"]) for row in figures.steps]


def stays(figures: Figures) -> dict[str, tuple[int, float | None]]:
    """By step: how many left it and the median in hours."""
    return {
        STEPS[row["place"]]: (row["count"], row["p50_seconds"] / 3600 if row["count"] else None)
        for row in figures.steps
    }


async def test_a_client_is_counted_at_every_step_that_he_came_to_and_got_past(office: PastClients) -> None:
    await office.client(SINCE)
    await office.client(SINCE, profile_saved=1)
    await office.client(SINCE, profile_saved=1, passport_saved=2, device_added=3)
    processed = await office.client(SINCE, profile_saved=1, passport_saved=2, device_added=3, tariff_applied=4)
    await office.contract(processed, 5, signed=6, paid=7)
    assert funnel(await office.figures()) == [(4, 3), (3, 2), (2, 2), (2, 1), (1, 1), (1, 1), (1, 1)]


async def test_clients_who_came_before_are_not_in_the_funnel_but_their_time_is_known(office: PastClients) -> None:
    long = (SINCE - BEFORE) / HOUR
    client = await office.client(BEFORE, profile_saved=1, passport_saved=2, tariff_applied=long + 5)
    await office.contract(client, long + 7)
    figures = await office.figures()
    assert funnel(figures) == [(0, 0)] * 7
    found = stays(figures)
    assert found["profile"] == found["passport"] == (0, None), "left before the window"
    assert found["devices"] == (1, long + 3)
    assert found["contract"] == (1, 2.0)
    assert found["signature"] == (0, None), "has not left it yet"


async def test_time_in_a_step_is_from_leaving_the_one_before_to_leaving_it(office: PastClients) -> None:
    for hours in range(1, 12):
        client = await office.client(
            SINCE, profile_saved=1, passport_saved=1 + hours, device_added=15, tariff_applied=16
        )
        await office.contract(client, 18, signed=19.5, paid=40)
    figures = await office.figures()
    assert stays(figures) == {
        "profile": (11, 1.0),
        "passport": (11, 6.0),
        "devices": (11, 8.0),
        "tariff": (11, 1.0),
        "contract": (11, 2.0),
        "signature": (11, 1.5),
        "payment": (11, 20.5),
    }
    assert figures.steps[1]["p90_seconds"] == 10 * 3600


async def test_a_client_without_devices_leaves_that_step_with_his_tariff(office: PastClients) -> None:
    await office.client(SINCE, profile_saved=1, passport_saved=2, tariff_applied=5)
    figures = await office.figures()
    assert funnel(figures) == [(1, 1), (1, 1), (1, 1), (1, 1), (1, 0), (0, 0), (0, 0)]
    assert (stays(figures)["devices"], stays(figures)["tariff"]) == ((1, 3.0), (0, None))


async def test_what_was_done_ahead_of_its_turn_waits_for_it(office: PastClients) -> None:
    await office.client(SINCE, device_added=1, profile_saved=2)
    await office.client(SINCE, device_added=1, profile_saved=2, passport_saved=6)
    figures = await office.figures()
    assert funnel(figures) == [(2, 2), (2, 1), (1, 1), (1, 0), (0, 0), (0, 0), (0, 0)]
    assert (stays(figures)["passport"], stays(figures)["devices"]) == ((1, 4.0), (0, None))


async def test_half_a_passport_is_none(office: PastClients) -> None:
    await office.client(SINCE, complete=False, profile_saved=1, passport_saved=2)
    assert funnel(await office.figures())[:3] == [(1, 1), (1, 0), (0, 0)]


async def test_only_what_was_done_first_counts(office: PastClients) -> None:
    client = await office.client(SINCE, profile_saved=1, passport_saved=2, device_added=3, tariff_applied=4)
    for verb in DONE:
        await office.event(client, verb, SINCE + 20 * HOUR)
    await office.contract(client, 5, status=ContractStatus.VOID, voided_at=SINCE + 6 * HOUR)
    await office.contract(client, 8, signed=9)
    found = stays(await office.figures())
    assert (found["tariff"], found["contract"], found["signature"]) == ((1, 1.0), (1, 1.0), (1, 4.0))


async def test_a_free_contract_is_paid_by_its_signature(office: PastClients) -> None:
    client = await office.client(SINCE, profile_saved=1, passport_saved=2, tariff_applied=4)
    await office.contract(client, 5, signed=6, total_fee=0)
    figures = await office.figures()
    assert (funnel(figures)[-1], stays(figures)["payment"]) == ((1, 1), (0, None))
    assert sum(row["processed"] for row in figures.daily) == 1


async def test_every_day_of_the_window_stands_there_once_in_the_zone_of_the_business(office: PastClients) -> None:
    late = datetime(2026, 2, 26, 23, 30, tzinfo=ZONE)
    client = await office.client(late, profile_saved=0.1)
    first = await office.contract(client, 0.2, signed=1, paid=48)
    await office.contract(client, 60, signed=61, amendment_of_id=first.id)
    days = (await office.figures()).daily
    assert [row["day"] for row in days] == [date(2026, 2, 24) + timedelta(days=number) for number in range(7)]
    assert [(row["registered"], row["signed"], row["processed"]) for row in days] == [
        *[(0, 0, 0)] * 2,
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
        *[(0, 0, 0)] * 2,
    ]


async def test_an_empty_installation_has_no_figures_and_no_error(office: PastClients) -> None:
    figures = await office.figures()
    assert (figures.steps, len(figures.daily), len(figures.messages_daily)) == ([], 7, 7)
    assert dict(figures.conversations) == {
        "open": 0,
        "unanswered": 0,
        "oldest_unanswered_at": None,
        "pending": 0,
        "failed": 0,
    }


async def make_dialog(sessions: Sessions, **values: Any) -> Dialog:
    number = uuid4()
    bot = await factories.stored(
        sessions,
        Bot(
            organisation_id=FIRST,
            token_sealed=b"1",
            token_index=number.bytes,
            telegram_id=number.int % 2**40,
            username="bot",
        ),
    )
    account = await factories.stored(
        sessions,
        Account(organisation_id=FIRST, bot_id=bot.id, name="Лавка", api_client_id=str(number), secret_sealed=b"1"),
    )
    defaults: dict[str, Any] = {
        "organisation_id": FIRST,
        "avito_account_id": account.id,
        "avito_dialog_id": "u2i-1",
        "title": "Чат",
    }
    return await factories.stored(sessions, Dialog(**defaults | values))


async def say(sessions: Sessions, dialog: Dialog, author: Author, at: datetime, **values: Any) -> None:
    came = author in (Author.BUYER, Author.SELLER_APP)
    defaults: dict[str, Any] = {
        "dialog_id": dialog.id,
        "source_key": str(uuid4()),
        "direction": Direction.AVITO if came else Direction.TELEGRAM,
        "author": author,
        "kind": Kind.TEXT,
        "body_sealed": b"1",
        "status": Delivery.DELIVERED,
        "received_at": at,
        "settled_at": at,
    }
    await factories.stored(sessions, Message(**defaults | values))


async def test_messages_are_counted_by_day_and_by_who_wrote_them(office: PastClients) -> None:
    dialog = await make_dialog(office.sessions)
    day, before = SINCE + 30 * HOUR, SINCE - timedelta(seconds=1)
    for author, at, values in (
        (Author.BUYER, day, {}),
        (Author.BUYER, day, {}),
        (Author.BUYER, before, {}),
        (Author.BUYER, day, {"hidden": True}),
        (Author.SELLER_APP, day, {}),
        (Author.STAFF, day, {}),
        (Author.STAFF, day, {"kind": Kind.NOTE}),
        (Author.API, day, {"status": Delivery.FAILED}),
        (Author.AUTO, day, {"is_auto_reply": True}),
        (Author.SYSTEM, day, {"kind": Kind.NOTICE}),
    ):
        await say(office.sessions, dialog, author, at, **values)
    days = (await office.figures()).messages_daily
    counts = {row["day"].day: (row["inbound"], row["outbound"], row["auto"], row["failed"]) for row in days}
    assert counts.pop(25) == (2, 3, 1, 1)
    assert set(counts.values()) == {(0, 0, 0, 0)}


async def test_conversations_are_counted_as_they_stand_now(office: PastClients) -> None:
    sessions = office.sessions
    await make_dialog(sessions, first_unanswered_at=BEFORE)
    waiting = await make_dialog(sessions, first_unanswered_at=SINCE)
    await make_dialog(sessions)
    await make_dialog(sessions, state=DialogState.CLOSED, first_unanswered_at=BEFORE - HOUR)
    for status, values in (
        (Delivery.PENDING, {"settled_at": None}),
        (Delivery.PENDING, {"settled_at": None, "kind": Kind.NOTE}),
        (Delivery.FAILED, {}),
        (Delivery.FAILED, {"hidden": True}),
    ):
        await say(sessions, waiting, Author.STAFF, BEFORE, status=status, **values)
    await say(sessions, waiting, Author.BUYER, BEFORE, status=Delivery.PENDING, settled_at=None)
    assert dict((await office.figures()).conversations) == {
        "open": 3,
        "unanswered": 2,
        "oldest_unanswered_at": BEFORE,
        "pending": 1,
        "failed": 1,
    }
