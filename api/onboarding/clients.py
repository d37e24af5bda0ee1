"""The list of clients, the card, its contact data and assignment."""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Request, Response
from sqlalchemy import RowMapping

from api.context import Context, Ctx
from api.http.fields import Body, Line200, Line500, Optional500, OptionalEmail, Phone
from api.http.paging import Cursor, Limit, link_next, read_cursor, write_cursor
from api.http.problems import ASKED, READING, problems
from api.http.route import router
from api.http.search import Search
from api.onboarding.access import OnClient, WritingAtClient
from api.onboarding.card import card_or, change, read, refusals, tag_of, to_detail
from api.onboarding.printed import Printed
from api.onboarding.shapes import ClientCounts, ClientDetail, ClientSummary, ClientWithStep
from api.people.access import CurrentManager
from api.writes.once import IdempotencyKey
from domain.kernel.phone import known_phone
from domain.kernel.refusal import InvalidValue, WrongStep
from domain.onboarding.process import sees_all
from domain.onboarding.refusals import AlreadyHeld, CardChanged
from models.clients.passport import SEALED
from models.kernel.columns import unseal
from models.onboarding.client_list import Mark, Scope, Tab, Wanted, count_clients, list_clients
from models.onboarding.next_step import step_of
from models.people.manager import Manager
from workflows.onboarding.workflow import OnboardingWorkflow

routes = router("clients", "/clients")


Whose = Annotated[Scope, Query(description="`team` widens `in_work` and `processed` to the whole organisation.")]
Include = Annotated[Literal["next_step"] | None, Query(description="What each row has beside the summary.")]


@routes.get("", response_model=list[ClientWithStep | ClientSummary], responses=problems(*ASKED, InvalidValue))
async def list_of_clients(
    request: Request,
    response: Response,
    ctx: Ctx,
    manager: CurrentManager,
    tab: Tab = Tab.NEW,
    q: Search = "",
    limit: Limit = 50,
    cursor: Cursor = None,
    include: Include = None,
    scope: Whose = Scope.MINE,
) -> list[ClientSummary]:
    """New: nobody's and not processed; in work: mine, not processed; processed: mine, processed; mine: all of mine.

    A colleague's row says name, status and holder, and is found by what his card shows: not by the passport's address.
    """
    after = read_cursor(cursor, _mark)
    wanted = Wanted(manager, tab, q, progress=include is not None, scope=scope)
    async with ctx.autocommit() as session:
        rows = await list_clients(session, wanted, after, limit + 1)
    if len(rows) > limit:
        last = rows[limit - 1]
        link_next(request, response, write_cursor(last["rank"], last["created_at"].isoformat(), last["id"]))
    return [(_with_step if wanted.progress else _summary)(ctx, manager, row) for row in rows[:limit]]


@routes.get("/counts", response_model=ClientCounts, responses=problems(*ASKED, InvalidValue))
async def counts(ctx: Ctx, manager: CurrentManager, q: Search = "", scope: Whose = Scope.MINE) -> ClientCounts:
    """How many clients each tab holds, of those that the search finds."""
    async with ctx.autocommit() as session:
        return ClientCounts.model_validate(await count_clients(session, manager, q, scope))


@routes.get("/{client_id}", response_model=ClientDetail, responses=card_or(problems(*READING)))
async def card(response: Response, ctx: Ctx, at: OnClient) -> ClientDetail:
    """A card that another manager holds says of the passport only the name, without photos and contract.

    A full read is noted.
    """
    shown = await read(ctx, at.manager, at.client_id, noted=True)
    response.headers["ETag"] = tag_of(shown)
    return to_detail(shown, ctx.keyring, ctx.link)


class Profile(Body):
    phone: Phone = ""
    email: Annotated[OptionalEmail, Printed] = None
    name: Line200 = ""
    address: Annotated[Optional500, Printed] = None


@routes.patch("/{client_id}/profile", response_model=ClientDetail, responses=card_or(refusals(CardChanged)))
async def save_profile(body: Profile, ctx: Ctx, at: WritingAtClient, key: IdempotencyKey = None) -> Response:
    """Contact data of the card; the client's own log-in keeps its phone and e-mail."""
    sent = body.model_dump(include=body.model_fields_set)
    return await change(ctx, at, "PATCH /clients/{id}/profile", key, OnboardingWorkflow.save_profile, sent)


@routes.post(
    "/{client_id}/release",
    response_model=ClientDetail,
    responses=card_or(refusals(CardChanged, AlreadyHeld, WrongStep)),
)
async def release(ctx: Ctx, at: WritingAtClient, key: IdempotencyKey = None) -> Response:
    """Give the client back to «Новые»."""
    return await change(ctx, at, "POST /clients/{id}/release", key, OnboardingWorkflow.release, {})


class Reason(Body):
    reason: Line500


@routes.post(
    "/{client_id}/take-over", response_model=ClientDetail, responses=card_or(refusals(CardChanged, AlreadyHeld))
)
async def take_over(body: Reason, ctx: Ctx, at: WritingAtClient, key: IdempotencyKey = None) -> Response:
    """Take a client from whoever holds him, on record."""
    payload = {"reason": body.reason}
    return await change(ctx, at, "POST /clients/{id}/take-over", key, OnboardingWorkflow.take_over, payload)


def _summary(ctx: Context, reader: Manager, row: RowMapping) -> ClientSummary:
    if not sees_all(row["assigned_manager_id"], reader.id, super_admin=reader.is_super_admin):
        return ClientSummary.model_validate({**row, "phone": None, "email": None, "registration_address": None})
    address = _registration_address(ctx, row["passport"]) or row["address"]
    return ClientSummary.model_validate({**row, "phone": known_phone(row["phone"]), "registration_address": address})


def _with_step(ctx: Context, reader: Manager, row: RowMapping) -> ClientWithStep:
    step = step_of(row, row["devices_count"], row["tariff_applied"])
    return ClientWithStep(**dict(_summary(ctx, reader, row)), next_step=step)


def _registration_address(ctx: Context, passport: bytes | None) -> str | None:
    address: str | None = unseal(ctx.keyring, SEALED, passport).get("registration_address") if passport else None
    return address


def _mark(rank: int, created_at: str, client_id: str) -> Mark:
    at = datetime.fromisoformat(created_at)
    if rank not in (0, 1) or at.tzinfo is None:
        raise ValueError
    return Mark(rank, at.astimezone(UTC), UUID(client_id))
