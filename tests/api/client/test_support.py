"""The support chat: the client's own, with codes that nobody else reads."""

import asyncio
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient, Response
from PIL import Image
from sqlmodel import select

from activities.files.photos import clean_key
from domain.deliveries.delivery import AttemptState, Channel, DeliveryState, Purpose
from models import Client, Delivery, DeliveryAttempt, Manager, SupportMessage, User
from models.kernel.columns import seal
from models.people.organisation import Organisation
from models.support.ticket import BODY, Author
from tests.api.own_api import OwnApi, Person
from tests.factories import make_client, make_manager, make_ticket, make_user, stored

CODE, MASKED = "Договор АА-1, код подтверждения 482913", "Договор АА-1, код подтверждения ••••••"


@pytest.fixture
async def user(own_api: OwnApi) -> User:
    user = await make_user(own_api.sessions)
    await make_client(own_api.sessions, user)
    return user


@pytest.fixture
async def anna(own_api: OwnApi, user: User) -> Person:
    return await own_api.signs_in(user)


@pytest.fixture
async def manager(own_api: OwnApi) -> Manager:
    return await make_manager(own_api.sessions)


async def ticket_of(person: Person, subject: str = "Не включается") -> dict[str, Any]:
    answer = await person.http.post("/api/v1/support/", json={"subject": subject})
    assert answer.status_code == 201, answer.text
    ticket: dict[str, Any] = answer.json()
    return ticket


async def writes(http: AsyncClient, ticket: dict[str, Any], who: str = "user", **message: Any) -> Response:
    return await http.post(f"/api/v1/support/{ticket['id']}/messages/{who}", json=message)


def photo(size: int = 40) -> bytes:
    data = BytesIO()
    Image.new("RGB", (size, size), "teal").save(data, "PNG")
    return data.getvalue()


async def uploads(own_api: OwnApi, person: Person, data: bytes) -> str:
    """As the app does it: a ticket, then the bytes where it says."""
    asked = await person.http.post("/api/v1/uploads/presigned", json={"content_type": "image/png"})
    assert asked.status_code == 200, asked.text
    ticket = asked.json()
    path = "/api/" + ticket["url"].split("/api/", 1)[1]
    sent = await own_api.visitor().post(path, data=ticket["fields"], files={"file": ("p.png", data, "image/png")})
    assert 200 <= sent.status_code < 300, sent.text
    key: str = ticket["file_key"]
    return key


async def test_a_client_opens_a_ticket_and_is_answered_in_it(
    own_api: OwnApi, user: User, anna: Person, manager: Manager
) -> None:
    ticket = await ticket_of(anna)
    assert ticket == ticket | {"user_id": str(user.id), "subject": "Не включается", "status": "open"}
    assert set(ticket) == {"id", "user_id", "subject", "status", "created_at"}
    first = await writes(anna.http, ticket, body="Помогите, пожалуйста")
    own_api.clock.advance(timedelta(seconds=1))
    second = await writes(own_api.staff(manager), ticket, "support", body="Уже едем")
    assert (first.status_code, second.status_code) == (201, 201)
    fields = {"id", "ticket_id", "author", "author_name", "body", "file_key", "file_url", "created_at"}
    assert set(first.json()) == fields
    chat = (await anna.http.get(f"/api/v1/support/{ticket['id']}/messages")).json()
    assert chat == [first.json(), second.json()]
    assert [(message["author"], message["author_name"], message["body"]) for message in chat] == [
        ("user", None, "Помогите, пожалуйста"),
        ("support", manager.name, "Уже едем"),
    ]
    assert (await anna.http.get(f"/api/v1/support/{ticket['id']}")).json() == ticket


async def test_tickets_are_listed_newest_first_and_counted(own_api: OwnApi, user: User, anna: Person) -> None:
    assert (await anna.http.get("/api/v1/support/meta")).json() == {"active": 0, "total": 0}
    for number, status in enumerate(("open", "pending", "closed", "rejected", "open")):
        at = own_api.clock.advance(timedelta(seconds=1))
        await make_ticket(own_api.sessions, user, subject=str(number), status=status, created_at=at)
    assert (await anna.http.get("/api/v1/support/meta")).json() == {"active": 3, "total": 5}
    for path in ("/api/v1/support/", "/api/v1/support"):
        assert [one["subject"] for one in (await anna.http.get(path)).json()] == ["4", "3", "2", "1", "0"]
    assert [one["subject"] for one in (await anna.http.get("/api/v1/support/?limit=2")).json()] == ["4", "3"]
    for limit in ("0", "201", "x", "9" * 40):
        assert (await anna.http.get(f"/api/v1/support/?limit={limit}")).status_code == 422


async def test_a_long_chat_shows_its_newest_messages_in_order(own_api: OwnApi, anna: Person) -> None:
    ticket = await ticket_of(anna)
    for number in range(5):
        own_api.clock.advance(timedelta(seconds=1))
        await writes(anna.http, ticket, body=str(number))
    chat = (await anna.http.get(f"/api/v1/support/{ticket['id']}/messages?limit=2")).json()
    assert [message["body"] for message in chat] == ["3", "4"]


async def test_a_code_is_read_in_the_clients_own_session_and_nowhere_else(
    own_api: OwnApi, user: User, anna: Person, manager: Manager
) -> None:
    ticket = await make_ticket(own_api.sessions, user)
    message = SupportMessage(
        ticket_id=ticket.id,
        author=Author.SUPPORT,
        body=MASKED,
        body_sealed=seal(own_api.keyring, BODY, CODE),
        created_at=own_api.clock.now,
    )
    await stored(own_api.sessions, message)
    path = f"/api/v1/support/{ticket.id}/messages"
    assert [one["body"] for one in (await anna.http.get(path)).json()] == [CODE]
    boris = await own_api.signs_in(await make_user(own_api.sessions))
    assert (await boris.http.get(path)).status_code == 404
    assert (await own_api.staff(manager).get(path)).status_code == 401
    await hold(own_api, user, manager)
    own_api.clock.advance(timedelta(seconds=1))
    written = await writes(own_api.staff(manager), {"id": str(ticket.id)}, "support", body="Пришёл код?")
    assert written.status_code == 201
    assert CODE not in written.text
    shown = [(one["author_name"], one["body"]) for one in (await anna.http.get(path)).json()]
    assert shown == [(None, CODE), (manager.name, "Пришёл код?")]


async def hold(own_api: OwnApi, user: User, manager: Manager | None) -> None:
    async with own_api.sessions.begin() as session:
        client = await Client.of_user(session, user.id)
        assert client
        client.assigned_manager_id = manager.id if manager else None


@pytest.mark.parametrize("linked", [False, True])
async def test_into_the_ticket_of_codes_only_the_holder_of_the_client_writes(
    own_api: OwnApi, user: User, anna: Person, manager: Manager, linked: bool
) -> None:
    """Also where it is the card's ticket by another subject."""
    ticket = await make_ticket(own_api.sessions, user, **({"subject": "Договор"} if linked else {}))
    if linked:
        async with own_api.sessions.begin() as session:
            client = await Client.of_user(session, user.id)
            assert client
            client.support_ticket_id = ticket.id
    colleague = await make_manager(own_api.sessions, is_super_admin=True)
    there, key = {"id": str(ticket.id)}, {"Idempotency-Key": "m-1"}
    http = own_api.staff(manager)
    for holder, code in ((None, "client-not-taken"), (colleague, "client-taken"), (manager, None)):
        await hold(own_api, user, holder)
        answer = await http.post(f"/api/v1/support/{ticket.id}/messages/support", json={"body": "Да"}, headers=key)
        assert (answer.status_code, answer.json().get("code")) == (409 if code else 201, code)
    refused = await writes(own_api.staff(colleague), there, "support", body="И я")
    assert (refused.status_code, refused.json()["code"]) == (409, "client-taken")
    await hold(own_api, user, colleague)
    again = await http.post(f"/api/v1/support/{ticket.id}/messages/support", json={"body": "Да"}, headers=key)
    assert (again.status_code, again.json()) == (201, answer.json())
    own_api.clock.advance(timedelta(seconds=1))
    assert (await writes(anna.http, there, body="Спасибо")).status_code == 201
    chat = (await anna.http.get(f"/api/v1/support/{ticket.id}/messages")).json()
    assert [(one["author_name"], one["body"]) for one in chat] == [(manager.name, "Да"), (None, "Спасибо")]


async def test_staff_cannot_write_what_looks_like_a_code(own_api: OwnApi, anna: Person, manager: Manager) -> None:
    ticket = await ticket_of(anna)
    answer = await writes(own_api.staff(manager), ticket, "support", body=CODE)
    assert (answer.status_code, answer.json()["errors"][0]["loc"]) == (422, ["body", "body"])
    assert (await writes(anna.http, ticket, body=CODE)).status_code == 201


async def test_a_code_sealed_by_a_key_that_is_gone_is_shown_masked(own_api: OwnApi, user: User, anna: Person) -> None:
    ticket = await make_ticket(own_api.sessions, user)
    gone = SupportMessage(
        ticket_id=ticket.id, author=Author.SUPPORT, body=MASKED, body_sealed=b"\x01\x02xx" + bytes(40)
    )
    gone.created_at = own_api.clock.now
    await stored(own_api.sessions, gone)
    answer = await anna.http.get(f"/api/v1/support/{ticket.id}/messages")
    assert [one["body"] for one in answer.json()] == [MASKED]


@pytest.mark.parametrize("message", [{}, {"body": ""}, {"body": " \n "}, {"body": None, "file_key": None}])
async def test_an_empty_message_is_refused(anna: Person, message: dict[str, Any]) -> None:
    answer = await writes(anna.http, await ticket_of(anna), **message)
    assert (answer.status_code, answer.json()["code"]) == (400, "empty-message")


@pytest.mark.parametrize(
    "message", [{"body": "ы" * 4001}, {"body": "a\0b"}, {"body": 5}, {"file_key": "ключ"}, {"body": "a", "file_key": 1}]
)
async def test_a_message_that_cannot_be_kept_is_422(anna: Person, message: dict[str, Any]) -> None:
    assert (await writes(anna.http, await ticket_of(anna), **message)).status_code == 422


async def test_nobody_reads_or_writes_in_a_ticket_of_somebody_else(own_api: OwnApi, anna: Person) -> None:
    ticket = await ticket_of(anna)
    boris = await own_api.signs_in(await make_user(own_api.sessions))
    for path in (f"/api/v1/support/{ticket['id']}", f"/api/v1/support/{ticket['id']}/messages"):
        assert (await boris.http.get(path)).status_code == 404
    assert (await writes(boris.http, ticket, body="Это не моё")).status_code == 404
    assert (await writes(boris.http, ticket, body=5)).status_code == 404
    assert (await writes(boris.http, {"id": str(uuid4())}, body="Ничьё")).status_code == 404


async def test_only_staff_of_the_clients_organisation_answers_as_support(
    own_api: OwnApi, anna: Person, manager: Manager
) -> None:
    ticket = await ticket_of(anna)
    other = await stored(own_api.sessions, Organisation(name="Другая", created_at=own_api.clock.now))
    strangers = await make_manager(own_api.sessions, organisation_id=other.id)
    trainee = await make_manager(own_api.sessions, can_onboard=False)
    assert (await writes(anna.http, ticket, "support", body="Я поддержка")).status_code == 401
    assert (await writes(own_api.staff(trainee), ticket, "support", body="Я тоже")).status_code == 403
    assert (await writes(own_api.staff(strangers), ticket, "support", body="И я")).status_code == 404
    assert (await writes(own_api.staff(manager), ticket, "user", body="Я клиент")).status_code == 401


async def test_a_message_sent_thirty_times_with_one_key_stands_there_once(own_api: OwnApi, anna: Person) -> None:
    ticket = await ticket_of(anna)
    path, key = f"/api/v1/support/{ticket['id']}/messages/user", {"Idempotency-Key": "m-1"}
    answers = await asyncio.gather(*(anna.http.post(path, json={"body": "Раз"}, headers=key) for _ in range(30)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len((await anna.http.get(f"/api/v1/support/{ticket['id']}/messages")).json()) == 1
    other = await anna.http.post(path, json={"body": "Два"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-mismatch")


async def test_a_photo_in_a_message_is_the_clean_one_and_the_upload_is_gone(own_api: OwnApi, anna: Person) -> None:
    key = await uploads(own_api, anna, photo())
    answer = await writes(anna.http, await ticket_of(anna), file_key=key)
    assert answer.status_code == 201, answer.text
    assert answer.json()["file_key"] == clean_key(key)
    assert answer.json()["file_url"].startswith("http")
    shown = await own_api.context.storage.get(clean_key(key), 1_000_000)
    assert Image.open(BytesIO(shown)).format == "JPEG"
    assert not await own_api.context.storage.exists(key)
    again = await writes(anna.http, await ticket_of(anna), file_key=key)
    assert again.json()["file_key"] == clean_key(key)


async def test_a_photo_sent_directly_can_be_put_into_a_message(own_api: OwnApi, anna: Person) -> None:
    sent = await anna.http.post("/api/v1/uploads/direct", files={"file": ("p.png", photo(), "image/png")})
    assert sent.status_code == 200, sent.text
    assert set(sent.json()) == {"file_key", "url"}
    answer = await writes(anna.http, await ticket_of(anna), file_key=sent.json()["file_key"])
    assert answer.status_code == 201, answer.text


async def test_a_file_that_was_not_uploaded_here_or_is_no_photo_is_refused(own_api: OwnApi, anna: Person) -> None:
    ticket = await ticket_of(anna)
    boris = await own_api.signs_in(await make_user(own_api.sessions))
    foreign, text = await uploads(own_api, boris, photo()), await uploads(own_api, anna, b"not a photo at all")
    asked = await anna.http.post("/api/v1/uploads/presigned", json={"content_type": "image/png"})
    for key in (foreign, text, text, asked.json()["file_key"], "uploads/user/guessed.jpg"):
        answer = await writes(anna.http, ticket, body="Вот фото", file_key=key)
        assert (answer.status_code, answer.json()["code"]) == (422, "photo-rejected"), key
    async with own_api.sessions() as session:
        assert (await session.exec(select(SupportMessage))).all() == []
    assert not await own_api.context.storage.exists(text)


async def test_a_photo_sent_twice_at_once_is_one_message(
    own_api: OwnApi, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second request is overtaken between its look at the ticket and its look at the upload."""
    ticket = await ticket_of(anna)
    key = await uploads(own_api, anna, photo())
    path, headers = f"/api/v1/support/{ticket['id']}/messages/user", {"Idempotency-Key": "photo"}
    storage = own_api.context.storage
    overtaking: list[Response] = []

    async def late(wanted: str, limit: int) -> bytes:
        monkeypatch.undo()
        overtaking.append(await anna.http.post(path, json={"file_key": key}, headers=headers))
        return await storage.get(wanted, limit)

    monkeypatch.setattr(storage, "get", late)
    overtaken = await anna.http.post(path, json={"file_key": key}, headers=headers)
    assert (overtaken.status_code, overtaken.json()) == (201, overtaking[0].json())


async def test_a_subject_of_signs_that_unicode_takes_apart_is_kept(own_api: OwnApi, anna: Person) -> None:
    """U+FB2C becomes three signs in NFC, which the column of the subject would not hold."""
    subject = "\ufb2c" * 200
    assert (await ticket_of(anna, subject))["subject"] == subject


async def test_the_first_reading_of_a_code_is_its_receipt_and_only_where_its_digits_are_shown(
    own_api: OwnApi, user: User
) -> None:
    ticket = await make_ticket(own_api.sessions, user)
    message = SupportMessage(
        ticket_id=ticket.id, author=Author.SUPPORT, body=MASKED, body_sealed=seal(own_api.keyring, BODY, CODE)
    )
    await stored(own_api.sessions, message)
    delivery = Delivery(user_id=user.id, purpose=Purpose.SIGNING_CODE, letter=b"", state=DeliveryState.SENT)
    await stored(own_api.sessions, delivery)
    attempt = DeliveryAttempt(
        delivery_id=delivery.id, channel=Channel.SUPPORT_CHAT, state=AttemptState.SENT, provider_id=str(message.id)
    )
    await stored(own_api.sessions, attempt)

    async def receipt() -> tuple[DeliveryState, datetime | None]:
        async with own_api.sessions() as session:
            state = (await session.get_one(Delivery, delivery.id)).state
            return state, (await session.get_one(DeliveryAttempt, attempt.id)).delivered_at

    path = f"/api/v1/support/{ticket.id}/messages"
    masked = await own_api.signs_in(user, proves=False)
    assert [one["body"] for one in (await masked.http.get(path)).json()] == [MASKED]
    assert await receipt() == (DeliveryState.SENT, None)
    proven = await own_api.signs_in(user)
    first = own_api.clock.now
    for _ in range(2):
        assert [one["body"] for one in (await proven.http.get(path)).json()] == [CODE]
        own_api.clock.advance(timedelta(seconds=5))
    assert await receipt() == (DeliveryState.DELIVERED, first)
