"""Routes of the client's contracts and signatures."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import Field

from activities.clients.command import ClientCommand, ClientOutcome
from api.client.access import CurrentSession
from api.client.contract_file import contract_link
from api.context import Context, Ctx
from api.http.fields import Body, EnteredCode, Text1000
from api.http.origin import CallerOrigin
from api.http.problems import LISTING, READING, problems
from api.http.route import router
from api.http.shapes import Moment, Shape
from api.onboarding.updates import update_client
from api.people.place import CallerBrowser
from api.writes.keys import Asked, IdempotencyKey
from api.writes.send import Done, send
from domain.contracts.refusals import ContractMissing, ContractOutdated, ContractSigned
from domain.contracts.status import ContractStatus
from domain.kernel.actor import Actor, ActorKind
from domain.kernel.refusal import DraftGone, IdempotencyMismatch, found
from domain.people.refusals import CodeExpired, CodeLocked, PhoneUnconfirmed, WrongCode
from models import Contract, User
from models.people.user import client_caller
from workflows.onboarding.workflow import OnboardingWorkflow

NO_CONTRACT: Final = "Такого договора нет."
WRITES: Final = (*READING, ContractMissing, ContractSigned, ContractOutdated, DraftGone, IdempotencyMismatch)

routes = router("client: contracts")


class ContractView(Shape):
    id: UUID
    contract_number: str
    version: int
    status: ContractStatus
    contract_url: str | None = Field(description="A link that lives for minutes; null until the PDF is there.")
    certificate_url: str | None = Field(description="Null until the certificate of the signature is there.")
    signed_at: Moment | None
    created_at: Moment


class CodeRequested(Shape):
    ok: bool = True
    sent: bool
    retry_after: int = Field(description="Seconds until the next code may be asked for.")


class Signature(Body):
    otp_code: EnteredCode


class Decline(Body):
    reason: Text1000


@dataclass(frozen=True)
class Own:
    """A contract of the calling client."""

    user: User
    contract: Contract
    session_id: UUID

    @property
    def caller(self) -> str:
        return client_caller(self.user.id)

    def command(self, draft_id: UUID) -> ClientCommand:
        actor = Actor(ActorKind.CLIENT, self.user.id)
        return ClientCommand(self.contract.client_id, draft_id, actor, self.contract.id)


async def own_contract(contract_id: UUID, signed: CurrentSession, ctx: Ctx) -> Own:
    async with ctx.autocommit() as session:
        contract = found(await Contract.owned(session, contract_id, signed.user.id), NO_CONTRACT)
    return Own(signed.user, contract, signed.session_id)


OwnContract = Annotated[Own, Depends(own_contract)]


@routes.get("/contracts", responses=problems(*LISTING))
async def list_contracts(
    signed: CurrentSession, ctx: Ctx, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[ContractView]:
    """Newest first, also those that are void; a draft has no PDF yet."""
    async with ctx.autocommit() as session:
        found = await Contract.of_user(session, signed.user.id, limit)
    return [_view(ctx, contract, signed.session_id) for contract in found]


@routes.get("/contracts/{contract_id}", responses=problems(*READING))
async def show_contract(own: OwnContract, ctx: Ctx) -> ContractView:
    return _view(ctx, own.contract, own.session_id)


@routes.post("/contracts/{contract_id}/agree", response_model=ContractView, responses=problems(*WRITES))
async def agree(own: OwnContract, ctx: Ctx, origin: CallerOrigin, key: IdempotencyKey = None) -> Response:
    """Accession to the agreement on the electronic signature; who acceded before changes nothing."""
    return await send(
        ctx,
        Asked(own.caller, "POST /contracts/{id}/agree", key, {"id": own.contract.id}),
        update_client(ctx.temporal, OnboardingWorkflow.agree, own.command),
        {"ip": origin.ip, "user_agent": origin.user_agent},
        _shown(ctx, own),
    )


@routes.post(
    "/contracts/{contract_id}/request-otp",
    response_model=CodeRequested,
    responses=problems(*WRITES, CodeLocked, PhoneUnconfirmed),
)
async def request_code(own: OwnContract, ctx: Ctx, key: IdempotencyKey = None) -> Response:
    """A new code; lifts the bound of a day and the lock after many wrong tries, in a session with a proven phone."""

    async def answer(done: Done[ClientOutcome]) -> CodeRequested:
        return CodeRequested(sent=bool(done.outcome.sent), retry_after=done.outcome.retry_after or 0)

    return await send(
        ctx,
        Asked(own.caller, "POST /contracts/{id}/request-otp", key, {"id": own.contract.id}),
        update_client(ctx.temporal, OnboardingWorkflow.request_code, own.command),
        {"session_id": str(own.session_id)},
        answer,
    )


@routes.post(
    "/contracts/{contract_id}/sign",
    response_model=ContractView,
    responses=problems(*WRITES, PhoneUnconfirmed, WrongCode, CodeExpired, CodeLocked),
)
async def sign(
    asked: Signature,
    own: OwnContract,
    ctx: Ctx,
    origin: CallerOrigin,
    browser: CallerBrowser,
    key: IdempotencyKey = None,
) -> Response:
    """The right code signs the contract; without an earlier accession the signature is accession too.

    Only in a session in which the account's phone was confirmed.
    """
    answer = await send(
        ctx,
        Asked(own.caller, "POST /contracts/{id}/sign", key, {"id": own.contract.id, "otp_code": asked.otp_code}),
        update_client(ctx.temporal, OnboardingWorkflow.sign_contract, own.command),
        {
            "code": asked.otp_code,
            "session_id": str(own.session_id),
            "ip": origin.ip,
            "user_agent": origin.user_agent,
            "browser": browser.place.browser.hex() if browser.place.browser else None,
        },
        _shown(ctx, own),
    )
    browser.keep(answer)
    return answer


@routes.post("/contracts/{contract_id}/decline", response_model=ContractView, responses=problems(*WRITES))
async def decline(asked: Decline, own: OwnContract, ctx: Ctx, key: IdempotencyKey = None) -> Response:
    return await send(
        ctx,
        Asked(own.caller, "POST /contracts/{id}/decline", key, {"id": own.contract.id, "reason": asked.reason}),
        update_client(ctx.temporal, OnboardingWorkflow.decline_contract, own.command),
        {"reason": asked.reason},
        _shown(ctx, own),
    )


def _shown(ctx: Context, own: Own) -> Callable[[Done[ClientOutcome]], Awaitable[ContractView]]:
    async def answer(_: Done[ClientOutcome]) -> ContractView:
        async with ctx.autocommit() as session:
            return _view(ctx, await session.get_one(Contract, own.contract.id), own.session_id)

    return answer


def _view(ctx: Context, contract: Contract, session_id: UUID) -> ContractView:
    return ContractView(
        id=contract.id,
        contract_number=contract.number,
        version=contract.version,
        status=contract.status,
        contract_url=contract_link(ctx, contract, session_id),
        certificate_url=ctx.link(contract.newest_certificate),
        signed_at=contract.signed_at,
        created_at=contract.created_at,
    )
