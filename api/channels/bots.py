"""Routes of the bots of an organisation."""

from http import HTTPStatus
from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BeforeValidator, Field, StrictStr, WithJsonSchema
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.channels.bots import NO_BOT
from activities.channels.credentials import check_token, check_typed_group
from api.channels.shapes import BotView
from api.context import Ctx
from api.http.fields import Body, typed
from api.http.problems import LISTING, READING, problems
from api.http.route import router
from api.people.access import CurrentOwner, CurrentStaff, caller_of
from api.writes.once import Asked, IdempotencyKey, once, recalled
from domain.channels.refusals import BotInUse, BotTaken
from domain.kernel import sizes
from domain.kernel.refusal import IdempotencyMismatch, WrongStep, found
from domain.kernel.text import keyboard_signs, visible
from models.channels.bot import Bot, TopicMode
from models.channels.connected import bot_of, bots_of

BAD_CHAT: Final = "Укажите id группы: целое число, например -1001234567890. Его покажет команда /getid в группе."


def _chat(value: object) -> int:
    value = keyboard_signs(visible(value)) if isinstance(value, str) else value
    if isinstance(value, str) and value.removeprefix("-").isascii() and value.removeprefix("-").isdecimal():
        value = int(value[:20])
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < abs(value) <= sizes.EXACT_INTEGER:
        raise ValueError(BAD_CHAT)
    return value


BotToken = Annotated[
    StrictStr,
    Field(max_length=sizes.LINE, pattern=r"^[0-9]{1,20}:[A-Za-z0-9_-]{1,150}$", examples=["123456789:AAE0…"]),
    typed(visible),
]
GroupChat = Annotated[
    int,
    BeforeValidator(_chat),
    WithJsonSchema(
        {
            "anyOf": [
                {
                    "type": "integer",
                    "minimum": -sizes.EXACT_INTEGER,
                    "maximum": sizes.EXACT_INTEGER,
                    "not": {"const": 0},
                },
                {"type": "string", "pattern": "^-?[1-9][0-9]{0,14}$"},
            ],
            "examples": [-1001234567890],
        }
    ),
]

routes = router("conversations: bots", "/bots")


async def bot_at(ctx: Ctx, owner: CurrentOwner, bot_id: UUID) -> UUID:
    """The id of a bot of the owner's organisation; raises `NotFound` before the body is validated."""
    async with ctx.autocommit() as session:
        return found(await bot_of(session, owner.organisation_id, bot_id), NO_BOT).id


AtBot = Annotated[UUID, Depends(bot_at)]


class NewBot(Body):
    token: BotToken
    group_chat_id: GroupChat | None = None
    topic_mode: TopicMode = TopicMode.PER_DIALOG


class BotChanges(NewBot):
    """Only what is sent is changed."""

    token: BotToken = ""
    status: Literal["active", "inactive"] = "active"


@routes.get("", response_model=list[BotView], responses=problems(*LISTING))
async def list_bots(ctx: Ctx, staff: CurrentStaff) -> list[BotView]:
    """The oldest first."""
    async with ctx.autocommit() as session:
        found = await bots_of(session, staff.organisation_id)
    return [_view(bot) for bot in found]


@routes.post("", response_model=BotView, responses=problems(*LISTING, BotTaken, IdempotencyMismatch))
async def connect_bot(body: NewBot, ctx: Ctx, owner: CurrentOwner, key: IdempotencyKey = None) -> Response:
    """Token and group are tried out with Telegram; the webhook follows by itself."""
    asked = Asked(caller_of(owner), "POST /bots", key, body.model_dump())
    if (earlier := await recalled(ctx, asked)) is not None:
        return earlier
    checked = await check_token(ctx.telegram, body.token)
    values = body.model_dump(exclude={"token"})
    if body.group_chat_id is not None:
        values["group_chat_id"] = (await check_typed_group(ctx.telegram, body.token, body.group_chat_id)).chat_id
    made: list[UUID] = []

    async def make(session: AsyncSession) -> BotView:
        bot = await ctx.bots.connect(session, owner.organisation_id, values, checked)
        made.append(bot.id)
        return _view(bot)

    answer = await once(ctx, asked, make)
    for bot_id in made:
        ctx.wakes.bot(bot_id)
    return answer


@routes.patch("/{bot_id}", response_model=BotView, responses=problems(*READING, BotTaken, IdempotencyMismatch))
async def change_bot(
    body: BotChanges, ctx: Ctx, owner: CurrentOwner, bot_id: AtBot, key: IdempotencyKey = None
) -> Response:
    """A new token and a new group are tried out like the first ones; a group is judged later if Telegram is away."""
    sent = body.model_dump(include=body.model_fields_set)
    asked = Asked(caller_of(owner), "PATCH /bots/{id}", key, [str(bot_id), sent])
    if (earlier := await recalled(ctx, asked)) is not None:
        return earlier
    checked = await check_token(ctx.telegram, body.token) if "token" in sent else None
    changes = body.model_dump(include=body.model_fields_set - {"token"})

    group = await ctx.bots.look_at_group(owner.organisation_id, bot_id, changes, checked)

    async def make(session: AsyncSession) -> BotView:
        return _view(await ctx.bots.change(session, owner.organisation_id, bot_id, changes, checked, group))

    answer = await once(ctx, asked, make)
    ctx.wakes.bot(bot_id)
    return answer


@routes.delete("/{bot_id}", status_code=HTTPStatus.NO_CONTENT, responses=problems(*READING, BotInUse))
async def remove_bot(bot_id: UUID, ctx: Ctx, owner: CurrentOwner) -> None:
    """What was said through it stays."""
    await ctx.bots.remove(owner.organisation_id, bot_id)
    ctx.wakes.bot(bot_id)


@routes.post("/{bot_id}/webhook", response_model=BotView, responses=problems(*READING, WrongStep))
async def renew_webhook(bot_id: UUID, ctx: Ctx, owner: CurrentOwner) -> BotView:
    """Set at once, with a new secret; what was sent to the old address meanwhile is repeated by Telegram."""
    return _view(await ctx.bots.renew_webhook(owner.organisation_id, bot_id))


def _view(bot: Bot) -> BotView:
    return BotView(
        **bot.model_dump(include={"id", "status", "status_reason", "group_chat_id", "topic_mode"}),
        bot_username=bot.username,
        webhook_last_error=bot.webhook_last_error,
        failing_since=bot.failing_since,
    )
