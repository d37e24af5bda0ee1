"""The contract: generation, codes, signature on the manager's device, voiding."""

from typing import Literal
from uuid import UUID

from fastapi import Response

from activities.clients.command import ClientOutcome
from api.context import Ctx
from api.http.fields import Body, EnteredCode, Line500
from api.http.origin import CallerOrigin
from api.http.route import router
from api.http.shapes import Shape
from api.onboarding.access import WritingAtClient
from api.onboarding.card import card_or, change, note_reading, refusals
from api.onboarding.shapes import ClientDetail
from api.writes.once import IdempotencyKey
from api.writes.send import Done
from domain.contracts.refusals import ContractMissing, ContractOutdated, ContractSigned, Unprintable
from domain.onboarding.refusals import CardChanged, NotReady
from domain.people.refusals import CodeExpired, CodeLocked, PhoneUnconfirmed, WrongCode
from models.contracts.contract import Contract
from workflows.onboarding.workflow import OnboardingWorkflow

routes = router("contract", "/clients/{client_id}/contract")


class MadeContract(Shape):
    """A member of staff never sees a client's code: `otp_code` is always empty."""

    contract_id: UUID
    otp_code: Literal[""] = ""
    contract_url: str | None
    contract_number: str


class CodeWanted(Body):
    channel: Literal["support_chat"] = "support_chat"


class CodeSent(Shape):
    """`sent` is false inside the cool-down, `retry_after` the seconds until the next code may be sent."""

    ok: Literal[True] = True
    sent: bool
    retry_after: int


class CodeEntered(Body):
    otp_code: EnteredCode


class Reason(Body):
    reason: Line500


@routes.post("/generate", response_model=MadeContract, responses=refusals(CardChanged, NotReady, Unprintable))
async def generate(ctx: Ctx, at: WritingAtClient, key: IdempotencyKey = None) -> Response:
    """Renders and stores the PDF and writes the code to the client; nothing new where nothing has changed."""

    async def answer(done: Done[ClientOutcome]) -> MadeContract:
        async with ctx.autocommit() as session:
            contract = await session.get_one(Contract, done.outcome.contract_id)
        if at.sees_all and done.outcome.sent is None:
            # Nothing new was sent, so no event of a write says who was given the link.
            await note_reading(ctx, at)
        url = ctx.link(contract.file_key) if at.sees_all else None
        return MadeContract(contract_id=contract.id, contract_url=url, contract_number=contract.number)

    route = "POST /clients/{id}/contract/generate"
    return await change(ctx, at, route, key, OnboardingWorkflow.generate_contract, {}, answer)


@routes.post(
    "/request-otp",
    response_model=CodeSent,
    responses=refusals(CardChanged, ContractMissing, ContractSigned, ContractOutdated, CodeLocked),
)
async def request_code(
    ctx: Ctx, at: WritingAtClient, body: CodeWanted | None = None, key: IdempotencyKey = None
) -> Response:
    """A new code into the client's support chat."""
    channel = (body or CodeWanted()).channel

    async def answer(done: Done[ClientOutcome]) -> CodeSent:
        return CodeSent(sent=bool(done.outcome.sent), retry_after=done.outcome.retry_after or 0)

    route = "POST /clients/{id}/contract/request-otp"
    return await change(ctx, at, route, key, OnboardingWorkflow.request_code, {}, answer, body=channel)


@routes.post(
    "/confirm",
    response_model=ClientDetail,
    responses=card_or(
        refusals(
            *(CardChanged, ContractMissing, ContractSigned, ContractOutdated),
            *(PhoneUnconfirmed, WrongCode, CodeExpired, CodeLocked),
        )
    ),
)
async def confirm(
    body: CodeEntered, ctx: Ctx, at: WritingAtClient, origin: CallerOrigin, key: IdempotencyKey = None
) -> Response:
    """The client has told his code to the manager beside him; the trace says on whose device it was entered."""
    payload = {"code": body.otp_code, "ip": origin.ip, "user_agent": origin.user_agent}
    route = "POST /clients/{id}/contract/confirm"
    return await change(ctx, at, route, key, OnboardingWorkflow.confirm_code, payload, body=body.otp_code)


@routes.post(
    "/void",
    response_model=ClientDetail,
    responses=card_or(refusals(CardChanged, ContractMissing, ContractSigned)),
)
async def void(body: Reason, ctx: Ctx, at: WritingAtClient, key: IdempotencyKey = None) -> Response:
    """Take an unsigned contract back; the card can be edited again."""
    payload = {"reason": body.reason}
    return await change(ctx, at, "POST /clients/{id}/contract/void", key, OnboardingWorkflow.void_contract, payload)
