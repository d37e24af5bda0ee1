"""The devices that a contract covers, and their photos."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import Response

from activities.clients.command import ClientOutcome
from api.context import Context, Ctx
from api.files.shapes import TicketWanted, UploadTicket, issue_ticket
from api.http.fields import Body, Line200, Optional4000, RoublesIn, Specs, Token
from api.http.route import router
from api.onboarding.access import NO_DEVICE, AtClient, ChangingDevice, OnDevice, WritingAtClient, WritingAtDevice
from api.onboarding.card import Answer, card_or, change, read, refusals, to_device
from api.onboarding.printed import Printed, PrintedSpecs
from api.onboarding.shapes import CardDevice, ClientDetail
from api.writes.once import IdempotencyKey
from api.writes.send import Done
from domain.kernel.refusal import NotFound, PhotoRejected
from domain.onboarding.refusals import CardChanged
from models.kernel.upload import device_place
from workflows.onboarding.workflow import OnboardingWorkflow

routes = router("devices", "/clients/{client_id}/devices")


class NewDevice(Body):
    device_type: Annotated[Line200, Printed]
    title: Annotated[Line200, Printed]
    description: Annotated[Optional4000, Printed] = None
    specs: Annotated[Specs | None, PrintedSpecs] = None
    extra_fee: RoublesIn | None = None


class DeviceChanges(NewDevice):
    """What is not sent stays; a text cannot be taken away, the rest by null."""

    device_type: Annotated[Line200, Printed] = ""
    title: Annotated[Line200, Printed] = ""


class UploadedPhoto(Body):
    file_key: Token


@routes.post("", response_model=CardDevice, responses=refusals(CardChanged))
async def add_device(body: NewDevice, ctx: Ctx, at: WritingAtClient, key: IdempotencyKey = None) -> Response:
    """The tariff is recalculated; after a signature the device asks for an amendment."""

    async def answer(done: Done[ClientOutcome]) -> CardDevice:
        return await _device(ctx, at, done.draft_id)

    route = "POST /clients/{id}/devices"
    return await change(ctx, at, route, key, OnboardingWorkflow.add_device, body.model_dump(), answer)


@routes.patch("/{device_id}", response_model=CardDevice, responses=refusals(CardChanged))
async def change_device(body: DeviceChanges, ctx: Ctx, at: ChangingDevice, key: IdempotencyKey = None) -> Response:
    payload = {"device_id": str(at.device_id), "changes": body.model_dump(include=body.model_fields_set)}
    route = "PATCH /clients/{id}/devices/{device_id}"
    return await change(ctx, at, route, key, OnboardingWorkflow.change_device, payload, _answer(ctx, at, at.device_id))


@routes.delete(
    "/{device_id}", status_code=HTTPStatus.NO_CONTENT, response_class=Response, responses=refusals(CardChanged)
)
async def remove_device(ctx: Ctx, at: ChangingDevice, key: IdempotencyKey = None) -> Response:
    """Signed contracts keep their own snapshot of it."""

    async def nothing(_: Done[ClientOutcome]) -> None:
        return None

    payload = {"device_id": str(at.device_id)}
    route = "DELETE /clients/{id}/devices/{device_id}"
    update = OnboardingWorkflow.remove_device
    return await change(ctx, at, route, key, update, payload, nothing, status=HTTPStatus.NO_CONTENT)


@routes.post("/{device_id}/photos/upload-url", response_model=UploadTicket, responses=refusals())
async def ticket_for_photo(body: TicketWanted, ctx: Ctx, at: OnDevice) -> UploadTicket:
    at.check_holds()
    return await issue_ticket(ctx, device_place(at.device_id), body.content_type)


@routes.post("/{device_id}/photos", response_model=ClientDetail, responses=card_or(refusals(PhotoRejected)))
async def attach_photo(body: UploadedPhoto, ctx: Ctx, at: WritingAtDevice, key: IdempotencyKey = None) -> Response:
    """The photo is checked and re-encoded; what was uploaded is deleted."""
    payload = {"device_id": str(at.device_id), "file_key": body.file_key}
    route = "POST /clients/{id}/devices/{device_id}/photos"
    return await change(ctx, at, route, key, OnboardingWorkflow.attach_device_photo, payload)


@routes.delete("/{device_id}/photos/{photo_id}", response_model=ClientDetail, responses=card_or(refusals()))
async def remove_photo(photo_id: UUID, ctx: Ctx, at: WritingAtDevice, key: IdempotencyKey = None) -> Response:
    payload = {"device_id": str(at.device_id), "photo_id": str(photo_id)}
    route = "DELETE /clients/{id}/devices/{device_id}/photos/{photo_id}"
    return await change(ctx, at, route, key, OnboardingWorkflow.remove_device_photo, payload)


def _answer(ctx: Context, at: AtClient, device_id: UUID) -> Answer:
    async def answer(_: Done[ClientOutcome]) -> CardDevice:
        return await _device(ctx, at, device_id)

    return answer


async def _device(ctx: Context, at: AtClient, device_id: UUID) -> CardDevice:
    card = await read(ctx, at.manager, at.client_id)
    for device in card.devices:
        if device["id"] == str(device_id):
            return to_device(device, card, ctx.link)
    raise NotFound(NO_DEVICE)
