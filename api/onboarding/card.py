"""The card as an answer, and writes of routes to it."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final, TypeAlias
from uuid import UUID

from pydantic import BaseModel
from starlette.responses import Response

from activities.clients.command import ClientOutcome
from api.context import Context
from api.http.problems import READING, problems
from api.onboarding.access import NO_CLIENT, AtClient
from api.onboarding.code_delivery import code_delivery
from api.onboarding.shapes import (
    CardContract,
    CardDevice,
    CardInvoice,
    CardPassport,
    CardTariff,
    CardUser,
    CardWarning,
    ClientDetail,
    DevicePhoto,
)
from api.onboarding.updates import UpdateMethod, update_client
from api.writes.keys import Asked
from api.writes.send import Done, Tagged, send
from domain.kernel.crypto import Keyring
from domain.kernel.phone import known_phone
from domain.kernel.refusal import DraftGone, IdempotencyMismatch, Refusal, found
from domain.onboarding.refusals import ClientTaken
from domain.onboarding.warning import nearby
from domain.people.nearby import Act, Reason
from models.clients.passport import SEALED
from models.clients.trail import AccessEvent
from models.kernel.columns import unseal
from models.onboarding.card import Card, read_card
from models.people.manager import Manager

Answer: TypeAlias = Callable[[Done[ClientOutcome]], Awaitable[BaseModel | Tagged | None]]
Link: TypeAlias = Callable[[str | None], str | None]

NAMES: Final = ("last_name", "first_name", "middle_name")
"""Of a passport that a manager sees on a colleague's card."""

WRITING = (*READING, ClientTaken, IdempotencyMismatch, DraftGone)

ETAG: Final = {
    "ETag": {
        "description": "Version of what the card says of person, passport, devices and tariff: for `If-Match`, not for "
        "a cache. Photos, contract, payment and who holds the client do not change it.",
        "schema": {"type": "string", "examples": ['"7"']},
    }
}


def refusals(*kinds: type[Refusal]) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route that writes to a card; `CardChanged` if it accepts `If-Match`."""
    return problems(*WRITING, *kinds)


def card_or(refusals: dict[int | str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route that answers with the card: its ETag and the refusals."""
    return {HTTPStatus.OK.value: {"headers": ETAG}, **refusals}


async def change(
    ctx: Context,
    at: AtClient,
    route: str,
    key: str | None,
    update: UpdateMethod,
    payload: dict[str, Any],
    answer: Answer | None = None,
    *,
    body: object = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """A write to the card, answered with the card unless `answer` is given; `body` if it differs from the payload."""

    async def may_repeat() -> bool:
        """A stored answer is for who still may see all of the card; a card that is shown again is noted."""
        if at.sees_all and answer is None:
            await note_reading(ctx, at)
        return at.sees_all

    return await send(
        ctx,
        Asked(at.caller, route, key, [at.client_id, payload if body is None else body]),
        update_client(ctx.temporal, update, at.command),
        payload,
        answer or whole_card(ctx, at),
        status=status,
        expected=at.expected,
        may_repeat=may_repeat,
    )


async def note_reading(ctx: Context, at: AtClient) -> None:
    """Record that a manager is shown the passport, before it is sent; a write is recorded by its own event."""
    async with ctx.sessions.begin() as session:
        session.add(AccessEvent(client_id=at.client_id, manager_id=at.manager.id, at=ctx.now()))


def whole_card(ctx: Context, at: AtClient, *, noted: bool = False) -> Answer:
    async def answer(_: Done[ClientOutcome]) -> Tagged:
        card = await read(ctx, at.manager, at.client_id, noted=noted)
        return Tagged(to_detail(card, ctx.keyring, ctx.link), tag_of(card))

    return answer


def tag_of(card: Card) -> str:
    """ETag of the card as read for the answer, so that unseen changes are not overwritten."""
    return f'"{card.row["card_version"]}"'


async def read(ctx: Context, manager: Manager, client_id: UUID, *, noted: bool = False) -> Card:
    async with ctx.autocommit() as session:
        return found(await read_card(session, client_id, manager, ctx.now(), noted=noted), NO_CLIENT)


def to_detail(card: Card, keyring: Keyring, link: Link) -> ClientDetail:
    row = card.row
    return ClientDetail(
        id=row["id"],
        status=row["status"],
        assigned_manager_id=row["assigned_manager_id"],
        support_ticket_id=row["support_ticket_id"],
        user=CardUser(
            id=row["user_id"],
            phone=known_phone(row["phone"]),
            phone_confirmed_at=row["phone_confirmed_at"],
            phone_confirmed_by=row["phone_confirmed_by"],
            email=row["email"],
            name=row["name"],
            address=row["address"],
        ),
        passport=_passport(card, keyring, link) if row["passport_id"] else None,
        devices=[to_device(device, card, link) for device in card.devices],
        tariff=CardTariff.model_validate(row["tariff"]) if row["tariff"] else None,
        contract=_contract(card, keyring, link) if row["contract_id"] else None,
        invoices=[CardInvoice.model_validate(invoice) for invoice in card.invoices],
        next_step=card.next_step,
        warnings=[_warning(flag) for flag in card.nearby],
        trail_broken=row["trail_broken"],
    )


def _warning(flag: dict[str, Any]) -> CardWarning:
    act, reason = Act(flag["act"]), Reason(flag["reasons"][0])
    return CardWarning(code=f"{act}-{reason}", at=flag["at"], detail=nearby(act, reason))


def to_device(device: dict[str, Any], card: Card, link: Link) -> CardDevice:
    photos = [DevicePhoto.model_validate({**photo, "file_url": link(photo["file_key"])}) for photo in device["photos"]]
    return CardDevice.model_validate({**device, "photos": photos if card.open else []})


def _passport(card: Card, keyring: Keyring, link: Link) -> CardPassport:
    row = card.row
    shown = unseal(keyring, SEALED, row["passport_data"])
    if not card.open:
        shown = {"document_type": None, **{name: shown.get(name) for name in NAMES}}
    return CardPassport(
        **shown,
        id=row["passport_id"],
        created_at=row["passport_created_at"],
        updated_at=row["passport_updated_at"],
        photo_url=link(row["photo_key"]) if card.open else None,
    )


def _contract(card: Card, keyring: Keyring, link: Link) -> CardContract:
    """The contract, which contains the passport number: its link is shown only with that."""
    row = card.row
    return CardContract(
        otp_sent_at=row["code_sent_at"],
        code_delivery=code_delivery(dict(row), keyring, whole=card.open),
        signed_at=row["signed_at"],
        payment_confirmed_at=row["payment_confirmed_at"],
        contract_url=link(row["file_key"]) if card.open else None,
        contract_number=row["number"],
    )
