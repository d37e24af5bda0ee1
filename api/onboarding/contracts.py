"""All versions of a client's contract, the state of their codes, and their files."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fastapi import Response
from pydantic import Field

from api.context import Context, Ctx
from api.http.problems import READING, problems
from api.http.route import router
from api.http.shapes import Moment, Shape
from api.onboarding.access import AtClient, OnClient
from api.onboarding.card import note_reading
from domain.contracts.code import MAX_WRONG_PER_VERSION, CodeStanding, code_standing
from domain.contracts.signature import ConfirmChannel
from domain.contracts.status import GONE, ContractStatus
from domain.kernel import sizes
from domain.kernel.refusal import NotFound, found
from domain.onboarding.refusals import ClientTaken
from domain.people.one_time_code import cooldown_left
from gateways.storage.client import ObjectMissing
from models import Client, Code, Contract

routes = router("contract", "/clients/{client_id}/contracts")

NO_CONTRACT: Final = "Такого договора у клиента нет."
NO_PDF: Final = "Файл договора ещё не готов. Откройте его через несколько секунд."
NO_CERTIFICATE: Final = "Протокола подписания ещё нет: он появляется вскоре после подписи."
HELD: Final = "Клиента ведёт другой менеджер, его договор видит только он."

PDF: Final = "application/pdf"
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file.", "content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}
}


class CodeOfContract(Shape):
    """Never the digits."""

    sent_at: Moment
    expires_at: Moment
    state: CodeStanding
    tries_left: int
    retry_after: int = Field(description="Seconds until the next code may be sent, 0 for now.")


class ContractVersion(Shape):
    id: UUID
    number: str
    version: int
    status: ContractStatus
    outdated: bool = Field(description="The card has changed since: only a new version can be signed.")
    created_at: Moment
    sent_at: Moment | None
    signed_at: Moment | None
    voided_at: Moment | None
    confirm_channel: ConfirmChannel | None
    contract_url: str | None
    certificate_url: str | None
    code: CodeOfContract | None = Field(description="Of the version that waits for its signature.")


@routes.get("", response_model=list[ContractVersion], responses=problems(*READING))
async def list_of_contracts(ctx: Ctx, at: OnClient) -> list[ContractVersion]:
    """The newest first, void and declined ones too; links only for whom the card is open."""
    async with ctx.autocommit() as session:
        client = await session.get_one(Client, at.client_id)
        versions = await Contract.all_of(session, at.client_id)
        newest = next((one for one in versions if one.status not in GONE), None)
        waiting = newest if newest is not None and newest.status is ContractStatus.SENT else None
        code = await Code.newest(session, waiting.id) if waiting else None
    if at.sees_all and any(one.file_key for one in versions):
        await note_reading(ctx, at)
    return [
        _version(
            ctx,
            at,
            one,
            outdated=one is newest and one.is_outdated(client),
            code=_code(ctx, one, code) if code is not None and one is waiting else None,
        )
        for one in versions
    ]


@routes.get(
    "/{contract_id}/pdf",
    response_class=Response,
    responses={**_FILE, **problems(*READING, ClientTaken)},
)
async def pdf(contract_id: UUID, ctx: Ctx, at: OnClient) -> Response:
    """The contract itself, which says the passport: who reads it is noted."""
    contract = await _contract(ctx, at, contract_id)
    answer = await _file(ctx, contract.file_key, NO_PDF)
    await note_reading(ctx, at)
    return answer


@routes.get(
    "/{contract_id}/certificate",
    response_class=Response,
    responses={**_FILE, **problems(*READING, ClientTaken)},
)
async def certificate(contract_id: UUID, ctx: Ctx, at: OnClient) -> Response:
    """The certificate of the signature; who reads it is noted."""
    contract = await _contract(ctx, at, contract_id)
    answer = await _file(ctx, contract.newest_certificate, NO_CERTIFICATE)
    await note_reading(ctx, at)
    return answer


async def _contract(ctx: Context, at: AtClient, contract_id: UUID) -> Contract:
    async with ctx.autocommit() as session:
        contract = await session.get(Contract, contract_id)
    if contract is None or contract.client_id != at.client_id:
        raise NotFound(NO_CONTRACT)
    if not at.sees_all:
        raise ClientTaken(HELD)
    return contract


async def _file(ctx: Context, key: str | None, absent: str) -> Response:
    """The whole file, without ranges, because a signature is checked over all of it."""
    try:
        data = await ctx.storage.get(key, sizes.PDF) if key else None
    except ObjectMissing:
        data = None
    headers = {"Cache-Control": "no-store", "Content-Disposition": "inline"}
    return Response(found(data, absent), media_type=PDF, headers=headers)


def _version(
    ctx: Context, at: AtClient, contract: Contract, *, outdated: bool, code: CodeOfContract | None
) -> ContractVersion:
    return ContractVersion(
        id=contract.id,
        number=contract.number,
        version=contract.version,
        status=contract.status,
        outdated=outdated,
        created_at=contract.created_at,
        sent_at=contract.offer_started_at,
        signed_at=contract.signed_at,
        voided_at=contract.voided_at,
        confirm_channel=contract.confirm_channel,
        contract_url=ctx.link(contract.file_key) if at.sees_all else None,
        certificate_url=ctx.link(contract.newest_certificate) if at.sees_all else None,
        code=code,
    )


def _code(ctx: Context, contract: Contract, code: Code) -> CodeOfContract:
    """State of a code; limited by the wrong tries of the whole version."""
    now: datetime = ctx.now()
    tries_left = min(code.tries_left, max(MAX_WRONG_PER_VERSION - contract.wrong_tries, 0))
    return CodeOfContract(
        sent_at=code.sent_at,
        expires_at=code.expires_at,
        state=code_standing(tries_left, code.expires_at, code.used_at is not None, now),
        tries_left=tries_left,
        retry_after=cooldown_left(code.sent_at, now, ctx.settings.otp_resend_seconds),
    )
