"""Settings of an organisation: auto-reply, hidden messages, when chats are marked read, canned replies."""

from datetime import date, time
from typing import Annotated, Any, Final

from fastapi import Response
from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, StrictInt, StrictStr, WithJsonSchema
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.people.organisation import change_organisation, found
from api.context import Context, Ctx
from api.http.fields import Body, Day, Line200, Optional4000, Text1000, as_validator, typed
from api.http.problems import ASKED, problems
from api.http.route import router
from api.people.access import CurrentOwner, CurrentStaff, caller_of
from api.people.shapes import AutoReplyNow, OrganisationView
from api.writes.once import Asked, IdempotencyKey, once
from domain.conversations.auto_reply import AutoReplyMode, would_answer_now
from domain.conversations.hours import Window, parse_time
from domain.kernel.refusal import IdempotencyMismatch, InvalidValue
from domain.kernel.text import visible
from models import Organisation
from models.conversations.auto_reply_rules import rules_of
from models.people.organisation import MarkRead

MOST_KEYWORDS: Final = 200
DAYS_OF_MINUTES: Final = 7 * 24 * 60
_HOUR_SCHEMA: Final = {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$", "examples": ["09:30"]}


@as_validator
def _hour(value: object) -> time:
    return value if isinstance(value, time) else parse_time(value)


@as_validator
def _window(value: dict[str, Any]) -> dict[str, Any]:
    return Window.read(value).stored()


def _given(value: str | None) -> str | None:
    """An empty choice counts as no choice."""
    return value or None


Hour = Annotated[time, BeforeValidator(_hour), WithJsonSchema(_HOUR_SCHEMA)]
AutoReplyWindow = Annotated[
    dict[str, Any],
    AfterValidator(_window),
    WithJsonSchema(
        {
            "type": "object",
            "required": ["start", "end"],
            "properties": {
                "days": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 6}, "minItems": 1},
                "start": _HOUR_SCHEMA,
                "end": _HOUR_SCHEMA,
            },
        }
    ),
]
Keyword = Annotated[Line200, Field(max_length=100)]
CannedName = Annotated[StrictStr, typed(visible)]

routes = router("conversations: organisation", "/clients/me")


class Changes(Body):
    """Only what is sent is changed; null takes a value back where there may be none."""

    name: Line200 = ""
    auto_reply_enabled: StrictBool = False
    auto_reply_mode: AutoReplyMode = AutoReplyMode.ALWAYS
    auto_reply_always: StrictBool = False
    auto_reply_start_time: Hour | None = None
    auto_reply_end_time: Hour | None = None
    auto_reply_timezone: Annotated[Annotated[StrictStr, Field(max_length=64)] | None, AfterValidator(_given)] = None
    auto_reply_text: Optional4000 = None
    auto_reply_delay_seconds: Annotated[StrictInt, Field(ge=1, le=3600)] = 75
    auto_reply_windows: Annotated[list[AutoReplyWindow], Field(default_factory=list, max_length=20)]
    auto_reply_holidays: Annotated[list[Day], Field(default_factory=list, max_length=366)]
    filter_keywords: Annotated[list[Keyword], Field(default_factory=list, max_length=MOST_KEYWORDS)]
    hide_system_messages: StrictBool = True
    mark_read: MarkRead = MarkRead.ON_DELIVERY
    unanswered_minutes: Annotated[StrictInt, Field(ge=1, le=DAYS_OF_MINUTES)] | None = None
    canned_replies: Annotated[dict[CannedName, Text1000], Field(default_factory=dict)]

    def stored(self) -> dict[str, Any]:
        """The sent values, in the form of their columns."""
        sent = self.model_dump(include=self.model_fields_set)
        if (days := sent.get("auto_reply_holidays")) is not None:
            sent["auto_reply_holidays"] = sorted({day.isoformat() for day in days})
        return sent


@routes.get("", response_model=OrganisationView, responses=problems(*ASKED))
async def show(ctx: Ctx, staff: CurrentStaff) -> OrganisationView:
    """With what the first message of a new buyer would get at this moment."""
    async with ctx.autocommit() as session:
        organisation = await session.get(Organisation, staff.organisation_id)
    return _view(ctx, found(organisation))


@routes.patch("", response_model=OrganisationView, responses=problems(*ASKED, InvalidValue, IdempotencyMismatch))
async def change(body: Changes, ctx: Ctx, owner: CurrentOwner, key: IdempotencyKey = None) -> Response:
    """What comes out is checked as a whole: 422 for an auto-reply that is on and could never answer."""
    changes = body.stored()

    async def make(session: AsyncSession) -> OrganisationView:
        return _view(ctx, await change_organisation(session, owner.organisation_id, changes))

    return await once(ctx, Asked(caller_of(owner), "PATCH /clients/me", key, _sent(changes)), make)


def _sent(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, date | time) else value for name, value in changes.items()}


def _view(ctx: Context, organisation: Organisation) -> OrganisationView:
    decision = would_answer_now(rules_of(organisation), ctx.now())
    values = {name: getattr(organisation, name) for name in Organisation.model_fields}
    return OrganisationView(
        **values,
        auto_reply_now=AutoReplyNow(answer=decision.answer, reason=decision.reason, because=decision.because),
    )
