"""The contract's PDF for its client: a link of his session, and who opened which bytes when."""

import asyncio
import hashlib
import logging
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query, Request, Response

from api.context import LINK_LIFETIME, Context, Ctx
from api.http.origin import CallerOrigin
from api.http.problems import problems
from api.http.route import router
from domain.contracts.link import PURPOSE, OpenedBy, link_token, read_link
from domain.kernel import sizes
from domain.kernel.refusal import InvalidValue, NotFound, found
from gateways.storage.client import ObjectMissing
from models import Contract, ContractOpening, UserSession

log = logging.getLogger("privet.contracts")

PDF: Final = "application/pdf"
OVER: Final = "Ссылка устарела. Откройте договор в приложении ещё раз."
DAMAGED: Final = "Файл договора не открывается: он отличается от того, что вам направлен. Сообщите нам об этом."
_FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file.", "content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}
}

routes = router("client: contracts")


def contract_link(ctx: Context, contract: Contract, session_id: UUID) -> str | None:
    """None until the PDF is there."""
    if contract.file_key is None:
        return None
    by = OpenedBy(session_id, ctx.now() + LINK_LIFETIME)
    token = link_token(contract.id, by, ctx.keyring.subkey(PURPOSE))
    return f"{ctx.settings.web_url}/api/v1/contracts/{contract.id}/file?t={token}"


@routes.get(
    "/contracts/{contract_id}/file",
    response_class=Response,
    responses={**_FILE, **problems(InvalidValue, NotFound)},
)
@routes.head("/contracts/{contract_id}/file", response_class=Response, include_in_schema=False)
async def open_contract(
    contract_id: UUID, request: Request, ctx: Ctx, origin: CallerOrigin, t: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """By the link of `contract_url`, without a bearer; needs a live session, as the app's other calls do.

    The whole file, without ranges: what is noted as opened has been served from its first byte to its last.
    """
    keys = [ctx.keyring.subkey(PURPOSE, key_id) for key_id in ctx.keyring.keys]
    by = found(read_link(contract_id, t, keys, ctx.now()), OVER)
    contract = await _contract_of(ctx, contract_id, by.session_id)
    pdf = await _whole(ctx, contract)
    if request.method == "GET":
        opening = ContractOpening(
            contract_id=contract.id,
            session_id=by.session_id,
            sha256=contract.sha256 or "",
            first_at=ctx.now(),
            last_at=ctx.now(),
            ip=origin.ip,
            user_agent=origin.user_agent,
        )
        async with ctx.sessions.begin() as session:
            await ContractOpening.note(session, opening)
    headers = {
        "Accept-Ranges": "none",
        "Cache-Control": "no-store",
        "Content-Disposition": 'inline; filename="contract.pdf"',
    }
    return Response(pdf, media_type=PDF, headers=headers)


async def _contract_of(ctx: Context, contract_id: UUID, session_id: UUID) -> Contract:
    """Of the client whose session is alive."""
    async with ctx.autocommit() as session:
        own = found(await session.get(UserSession, session_id), OVER)
        found(await UserSession.live(session, session_id, own.user_id, ctx.now()), OVER)
        return found(await Contract.owned(session, contract_id, own.user_id), OVER)


async def _whole(ctx: Context, contract: Contract) -> bytes:
    """The stored bytes, if they are those that were sent to be signed."""
    try:
        pdf = await ctx.storage.get(contract.file_key or "", sizes.PDF)
    except ObjectMissing:
        raise NotFound(OVER) from None
    if (await asyncio.to_thread(hashlib.sha256, pdf)).hexdigest() != contract.sha256:
        log.error("the stored file of contract %s differs from its hash", contract.id)
        raise NotFound(DAMAGED)
    return pdf
