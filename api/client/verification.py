"""Public verification of contracts; the answer contains no personal data."""

import asyncio
import hashlib
from typing import Annotated, Final

from fastapi import Query, Request

from activities.kernel.limits import VERIFY_ADDRESS, VERIFY_UPLOAD_ADDRESS
from api.context import Context, Ctx
from api.files.multipart import FILE_FORM, received
from api.http.origin import CallerOrigin
from api.http.problems import problems
from api.http.route import router
from api.http.shapes import Moment, Shape
from documents.contracts.verification import SealTrust, trusted_seals
from domain.contracts.signature import token_digest
from domain.kernel import sizes
from domain.kernel.refusal import InvalidValue, TooLarge, TooManyRequests
from models import Contract, SealCertificate, VerifyLink

LONGEST_NUMBER: Final = 32

routes = router("public: is this contract genuine")


class Verified(Shape):
    """One and the same answer for what is unknown, unsigned, changed, or asked for without the right `h`."""

    valid: bool
    contract_number: str | None = None
    signed_at: Moment | None = None
    sha256: str | None = None


@routes.get("/contracts/verify/{number}", responses=problems(InvalidValue, TooManyRequests))
async def verify_number(
    number: str, ctx: Ctx, origin: CallerOrigin, h: Annotated[str | None, Query(max_length=200)] = None
) -> Verified:
    """`h` stands in the link of the certificate's QR code: numbers can be guessed, it cannot."""
    await ctx.limits.spend(VERIFY_ADDRESS, origin.network)
    if len(number) > LONGEST_NUMBER or not number.isprintable():
        return Verified(valid=False)
    async with ctx.autocommit() as session:
        contract = await Contract.signed_by_number(session, number)
    genuine = contract is not None and await _is_link_of(ctx, contract, h or "")
    return _answer(contract) if contract is not None and genuine else Verified(valid=False)


@routes.post("/contracts/verify", responses=problems(InvalidValue, TooLarge, TooManyRequests), openapi_extra=FILE_FORM)
async def verify_file(request: Request, ctx: Ctx, origin: CallerOrigin) -> Verified:
    """At most 20 MB. Genuine is what is, byte for byte, the signed contract or the certificate of the signature."""
    await ctx.limits.spend(VERIFY_UPLOAD_ADDRESS, origin.network)
    async with received(request, limit=sizes.PDF) as form:
        assert form.file is not None
        data = form.file.read()
    digest = (await asyncio.to_thread(hashlib.sha256, data)).hexdigest()
    async with ctx.autocommit() as session:
        contract = await Contract.signed_by_digest(session, digest)
    if contract is None:
        return Verified(valid=False)
    if digest != contract.sha256 and not await _is_sealed(ctx, data):
        return Verified(valid=False)
    return _answer(contract)


def _answer(contract: Contract) -> Verified:
    return Verified(valid=True, contract_number=contract.number, signed_at=contract.signed_at, sha256=contract.sha256)


async def _is_link_of(ctx: Context, contract: Contract, given: str) -> bool:
    """Whether `given` is a token of the contract, under any secret: printed links stay valid after a rotation."""
    async with ctx.autocommit() as session:
        return await VerifyLink.is_known(session, contract.id, token_digest(given))


async def _is_sealed(ctx: Context, pdf: bytes) -> bool:
    """Whether the file has one seal, by our key or an earlier one of ours, and nothing was changed under or after it.

    It is checked as well as the stored hash, because file and hash could be changed together.
    """
    async with ctx.autocommit() as session:
        known = await SealCertificate.all(session)
    seals = [trusted for one in known for trusted in trusted_seals([one.certificate], one.revoked_from)]
    return (await asyncio.to_thread(SealTrust(seals, ctx.authorities).verify, pdf)).valid
