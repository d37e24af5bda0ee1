"""The client's passport."""

from typing import Annotated, Any

from fastapi import Response
from pydantic import Field, StrictStr

from api.context import Context, Ctx
from api.files.shapes import TicketWanted, UploadTicket, issue_ticket
from api.http.fields import Body, Token
from api.http.route import router
from api.onboarding.access import AtClient, OnClient, WritingAtClient
from api.onboarding.card import card_or, change, refusals
from api.onboarding.printed import check_printed
from api.onboarding.shapes import ClientDetail
from api.writes.once import IdempotencyKey
from domain.clients.document import DocumentType
from domain.kernel.refusal import NotFound, PhotoRejected
from domain.onboarding.passport import as_stored, check_changes, document_of
from domain.onboarding.refusals import CardChanged, PassportDuplicate
from models.clients.passport import SEALED, PassportRow
from models.kernel.columns import unseal
from models.kernel.upload import passport_place
from workflows.onboarding.workflow import OnboardingWorkflow

routes = router("passport", "/clients/{client_id}/passport")

Value = Annotated[StrictStr, Field(max_length=1000)] | None
"""The domain rule checks the values and reports all wrong fields at once."""


class PassportFields(Body):
    document_type: Annotated[
        DocumentType | None, Field(description="PUT: `passport_rf` unless it is sent; PATCH: the stored one stays.")
    ] = None
    last_name: Value = None
    first_name: Value = None
    middle_name: Value = None
    series: Value = Field(default=None, examples=["4510"], description="Foreign documents may have none.")
    number: Value = Field(default=None, examples=["123456"])
    issued_by: Value = None
    issue_code: Value = Field(
        default=None,
        examples=["770-001"],
        description="Null where an older internal passport has none; other documents have none.",
    )
    issue_date: Value = Field(default=None, examples=["2015-06-30"])
    registration_address: Value = None


class UploadedPhoto(Body):
    file_key: Token


@routes.put("", response_model=ClientDetail, responses=card_or(refusals(CardChanged, PassportDuplicate)))
async def save_passport(body: PassportFields, ctx: Ctx, at: WritingAtClient, key: IdempotencyKey = None) -> Response:
    """Any of the fields; what only some documents have (middle name, issue code) and is not sent is none."""
    document = body.document_type or DocumentType.PASSPORT_RF
    payload = _checked(ctx, {**body.model_dump(), "document_type": document}, document)
    return await change(ctx, at, "PUT /clients/{id}/passport", key, OnboardingWorkflow.save_passport, payload)


@routes.patch("", response_model=ClientDetail, responses=card_or(refusals(CardChanged, PassportDuplicate)))
async def change_passport(body: PassportFields, ctx: Ctx, at: WritingAtClient, key: IdempotencyKey = None) -> Response:
    """Any of the fields; what is not sent stays, but for what another type of document cannot have."""
    document = body.document_type or await _stored_type(ctx, at)
    payload = _checked(ctx, body.model_dump(include=body.model_fields_set), document)
    return await change(ctx, at, "PATCH /clients/{id}/passport", key, OnboardingWorkflow.save_passport, payload)


@routes.post("/photo/upload-url", response_model=UploadTicket, responses=refusals())
async def ticket_for_photo(body: TicketWanted, ctx: Ctx, at: OnClient) -> UploadTicket:
    at.check_holds()
    return await issue_ticket(ctx, passport_place(at.client_id), body.content_type)


@routes.post("/photo", response_model=ClientDetail, responses=card_or(refusals(PhotoRejected)))
async def attach_photo(body: UploadedPhoto, ctx: Ctx, at: OnClient, key: IdempotencyKey = None) -> Response:
    """The photo is checked and re-encoded; what was uploaded is deleted."""
    payload = {"file_key": body.file_key}
    update = OnboardingWorkflow.attach_passport_photo
    return await change(ctx, at, "POST /clients/{id}/passport/photo", key, update, payload)


@routes.delete("/photo", response_model=ClientDetail, responses=card_or(refusals(NotFound)))
async def remove_photo(ctx: Ctx, at: OnClient, key: IdempotencyKey = None) -> Response:
    update = OnboardingWorkflow.remove_passport_photo
    return await change(ctx, at, "DELETE /clients/{id}/passport/photo", key, update, {})


async def _stored_type(ctx: Context, at: AtClient) -> DocumentType:
    """The activity checks the fields again, by the type that is stored then."""
    async with ctx.autocommit() as session:
        row = await PassportRow.of_client(session, at.client_id)
    return document_of(unseal(ctx.keyring, SEALED, row.data) if row else {})


def _checked(ctx: Context, fields: dict[str, Any], document: DocumentType) -> dict[str, Any]:
    today = ctx.now().astimezone(ctx.settings.zone).date()
    checked = check_changes(fields, today, document)
    check_printed(checked)
    return dict(as_stored(checked))
