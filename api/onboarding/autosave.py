"""Autosaves of unsent forms, available to the manager on any device."""

import json
import math
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Path, Request, Response
from pydantic import AfterValidator, Field, StrictInt, StrictStr
from sqlmodel.ext.asyncio.session import AsyncSession

from api.context import Context, Ctx
from api.http.fields import Body
from api.http.problems import READING, instance_of, problem, problems
from api.http.route import router
from api.http.shapes import Moment, Shape
from api.onboarding.access import AtClient, OnClient
from domain.kernel.refusal import InvalidValue
from domain.onboarding.refusals import AutosaveChanged, ClientTaken
from models.clients.autosave import VALUES, Autosave
from models.kernel.columns import seal, unseal

routes = router("autosaves", "/clients/{client_id}/autosaves")

MOST_BYTES: Final = 16 * 1024
DEEPEST: Final = 8
CHANGED: Final = "Эту форму изменили в другом окне. Выберите, что оставить."

Form = Annotated[
    str,
    Path(
        pattern=r"^(profile|passport|device|tariff|billing|device-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$",
        description="`device` is a new one, `device-{id}` one that the card has.",
        examples=["passport"],
    ),
]


def _bounded(values: dict[str, Any]) -> dict[str, Any]:
    """Values are stored unvalidated; only invalid JSON and excessive sizes are refused."""
    _check(values, DEEPEST)
    try:
        size = len(json.dumps(values, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        raise ValueError("В тексте недопустимые символы.") from None
    if size > MOST_BYTES:
        raise ValueError(f"Не больше {MOST_BYTES // 1024} кБ на форму. Сократите введённое.")
    return values


def _check(value: object, deeper: int) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("Слишком большое число.")
    if isinstance(value, dict | list):
        if deeper == 0:
            raise ValueError("Слишком глубокая вложенность.")
        for one in value.values() if isinstance(value, dict) else value:
            _check(one, deeper - 1)


class Typed(Body):
    """`version` is the one that these values continue, null for a form that has no autosave yet."""

    values: Annotated[dict[StrictStr, Any], AfterValidator(_bounded)]
    version: Annotated[StrictInt, Field(ge=0, lt=2**63)] | None = None


class CurrentAutosave(Shape):
    values: dict[str, Any]
    version: int
    updated_at: Moment


class SavedForm(CurrentAutosave):
    form: str


@routes.get("", response_model=list[SavedForm], responses=problems(*READING, ClientTaken))
async def list_of_autosaves(ctx: Ctx, at: OnClient) -> list[SavedForm]:
    """The caller's own."""
    at.check_holds()
    async with ctx.autocommit() as session:
        found = await Autosave.of_manager(session, at.client_id, at.manager.id)
    return [SavedForm(form=one.form, **dict(_current(ctx, one))) for one in found]


@routes.put(
    "/{form}", response_model=SavedForm, responses=problems(*READING, ClientTaken, AutosaveChanged, InvalidValue)
)
async def save(form: Form, body: Typed, request: Request, ctx: Ctx, at: OnClient) -> SavedForm | Response:
    """Refused with the `current` one (null: there is none any more) when another version stands there than the given.

    Values that stand there already are answered as saved, whatever the version: so an answer that was lost is asked
    for again.
    """
    at.check_holds()
    async with ctx.autocommit() as session:
        saved = await _save(ctx, session, at, form, body)
        if saved is not None:
            return saved
        stored = await Autosave.find(session, at.client_id, at.manager.id, form)
    current = _current(ctx, stored) if stored is not None else None
    if current is not None and current.values == body.values:
        return SavedForm(form=form, **dict(current))
    # Not raised, because a refusal contains no personal data and this answer has the typed values.
    shown = {"current": current.model_dump(mode="json") if current is not None else None}
    return problem(instance_of(request.scope), AutosaveChanged(CHANGED, **shown))


@routes.delete("/{form}", status_code=HTTPStatus.NO_CONTENT, response_class=Response, responses=problems(*READING))
async def forget(form: Form, ctx: Ctx, at: OnClient) -> Response:
    """Sent, or thrown away; also where the card is somebody else's by now."""
    async with ctx.autocommit() as session:
        await Autosave.forget(session, at.client_id, at.manager.id, form)
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def _save(ctx: Context, session: AsyncSession, at: AtClient, form: str, body: Typed) -> SavedForm | None:
    """Save the form; None if the stored version is another one."""
    row = Autosave(
        client_id=at.client_id,
        manager_id=at.manager.id,
        form=form,
        values_sealed=seal(ctx.keyring, VALUES, body.values),
        version=0,
        updated_at=ctx.now(),
    )
    version = await (row.begin(session) if body.version is None else row.replace(session, body.version))
    if version is None:
        return None
    return SavedForm(form=form, values=body.values, version=version, updated_at=row.updated_at)


def _current(ctx: Context, row: Autosave) -> CurrentAutosave:
    values = unseal(ctx.keyring, VALUES, row.values_sealed)
    return CurrentAutosave(values=values, version=row.version, updated_at=row.updated_at)
