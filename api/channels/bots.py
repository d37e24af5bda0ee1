"""The bots of an organisation: connected by their token, changed, let go."""

from http import HTTPStatus
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BeforeValidator, Field, StrictStr, WithJsonSchema
from sqlmodel.ext.asyncio.session import AsyncSession

from activities.channels.webhook_secret import renew_secret, telegram_url
from api.channels.outside import found_bot, set_webhook
from api.context import Context, Ctx
from api.conversations.access import LISTING, READING, CurrentOwner, CurrentStaff
from api.conversations.shapes import BotView
from api.http.fields import Body
from api.http.problems import problems
from api.http.route import router
from api.onboarding.access import caller_of
from api.writes.once import Asked, IdempotencyKey, once, recalled
from domain.channels.refusals import BotInUse, BotTaken
from domain.kernel.refusal import IdempotencyMismatch, NotFound, WrongStep
from gateways.telegram.shapes import Me
from models.channels.bot import TOKEN, TOKEN_INDEX, Bot, BotStatus, TopicMode
from models.channels.connected import add_unless_taken, bot_of, bots_of, is_bot_taken, is_bot_used
from models.kernel.columns import seal, unseal
from models.people.manager import Manager

NO_BOT: Final = "Бот не найден."
TAKEN: Final = "Этот бот уже подключён. Чтобы сменить токен, измените его в настройках бота."
IN_USE: Final = "Через этого бота работают аккаунты Avito. Сначала переведите их на другого бота или удалите."
POLLED: Final = "Адрес для webhook не задан (WEBHOOK_BASE_URL): бот опрашивается, webhook ему не нужен."
BAD_CHAT: Final = "Укажите id группы: целое число, например -1001234567890. Его покажет команда /getid в группе."
LARGEST_CHAT: Final = 2**53 - 1


def _chat(value: object) -> int:
    if isinstance(value, str) and value.removeprefix("-").isascii() and value.removeprefix("-").isdecimal():
        value = int(value[:20])
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < abs(value) <= LARGEST_CHAT:
        raise ValueError(BAD_CHAT)
    return value


BotToken = Annotated[
    StrictStr,
    Field(max_length=200, pattern=r"^[0-9]{1,20}:[A-Za-z0-9_-]{1,150}$", examples=["123456789:AAE0…"]),
]
GroupChat = Annotated[
    int,
    BeforeValidator(_chat),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": -LARGEST_CHAT, "maximum": LARGEST_CHAT, "not": {"const": 0}},
                {"type": "string", "pattern": "^-?[1-9][0-9]{0,14}$"},
            ],
            "examples": [-1001234567890],
        }
    ),
]

routes = router("conversations: bots", "/bots")


async def bot_at(ctx: Ctx, owner: CurrentOwner, bot_id: UUID) -> UUID:
    """The id of a bot of his own organisation; another one's looks like none, whatever else is wrong."""
    async with ctx.autocommit() as session:
        if await bot_of(session, owner.organisation_id, bot_id) is None:
            raise NotFound(NO_BOT)
    return bot_id


AtBot = Annotated[UUID, Depends(bot_at)]


class NewBot(Body):
    token: BotToken
    group_chat_id: GroupChat | None = None
    topic_mode: TopicMode = TopicMode.PER_DIALOG


class BotChanges(Body):
    """Only what is sent is changed."""

    token: BotToken = ""
    group_chat_id: GroupChat | None = None
    topic_mode: TopicMode = TopicMode.PER_DIALOG
    status: Literal["active", "inactive"] = "active"


@routes.get("", response_model=list[BotView], responses=problems(*LISTING))
async def list_bots(ctx: Ctx, staff: CurrentStaff) -> list[BotView]:
    """The oldest first."""
    async with ctx.autocommit() as session:
        found = await bots_of(session, staff.organisation_id)
    return [_view(bot) for bot in found]


@routes.post("", response_model=BotView, responses=problems(*LISTING, BotTaken, IdempotencyMismatch))
async def connect_bot(body: NewBot, ctx: Ctx, owner: CurrentOwner, key: IdempotencyKey = None) -> Response:
    """The token is tried out with Telegram; the webhook follows by itself."""
    asked = Asked(caller_of(owner), "POST /bots", key, body.model_dump())
    if (earlier := await recalled(ctx, **asked._asdict())) is not None:
        return earlier
    me = await found_bot(ctx.telegram, body.token)
    made: list[UUID] = []

    async def make(session: AsyncSession) -> BotView:
        bot = Bot(
            organisation_id=owner.organisation_id,
            group_chat_id=body.group_chat_id,
            topic_mode=body.topic_mode,
            created_at=ctx.now(),
            updated_at=ctx.now(),
            **_identity(ctx, body.token, me),
        )
        await _store(ctx, session, bot, body.token)
        made.append(bot.id)
        return _view(bot)

    answer = await once(ctx, **asked._asdict(), make=make)
    for bot_id in made:
        ctx.wakes.bot(bot_id)
    return answer


@routes.patch("/{bot_id}", response_model=BotView, responses=problems(*READING, BotTaken, IdempotencyMismatch))
async def change_bot(
    body: BotChanges, ctx: Ctx, owner: CurrentOwner, bot_id: AtBot, key: IdempotencyKey = None
) -> Response:
    """A new token is tried out like the first one."""
    sent = body.model_dump(include=body.model_fields_set)
    asked = Asked(caller_of(owner), "PATCH /bots/{id}", key, [str(bot_id), sent])
    if (earlier := await recalled(ctx, **asked._asdict())) is not None:
        return earlier
    me = await found_bot(ctx.telegram, body.token) if "token" in sent else None

    async def make(session: AsyncSession) -> BotView:
        bot = await _locked(session, owner, bot_id)
        for name, value in _changes(ctx, body, sent, me).items():
            setattr(bot, name, value)
        await _store(ctx, session, bot, body.token)
        return _view(bot)

    answer = await once(ctx, **asked._asdict(), make=make)
    ctx.wakes.bot(bot_id)
    return answer


@routes.delete("/{bot_id}", status_code=HTTPStatus.NO_CONTENT, responses=problems(*READING, BotInUse))
async def remove_bot(bot_id: UUID, ctx: Ctx, owner: CurrentOwner) -> None:
    """What was said through it stays."""
    async with ctx.sessions.begin() as session:
        bot = await _locked(session, owner, bot_id)
        if await is_bot_used(session, bot_id):
            raise BotInUse(IN_USE)
        bot.deleted_at = bot.updated_at = ctx.now()
        session.add(bot)
    ctx.wakes.bot(bot_id)


@routes.post("/{bot_id}/webhook", response_model=BotView, responses=problems(*READING, WrongStep))
async def renew_webhook(bot_id: UUID, ctx: Ctx, owner: CurrentOwner) -> BotView:
    """Set at once, with a new secret; what was sent to the old address meanwhile is repeated by Telegram."""
    base = ctx.settings.webhook_base_url
    if not base:
        raise WrongStep(POLLED)
    async with ctx.sessions.begin() as session:
        # Held while Telegram is asked: of two clicks at once, the secret that is stored is the one that was set.
        bot = await _locked(session, owner, bot_id)
        secret = renew_secret(ctx.keyring, bot)
        await set_webhook(
            ctx.telegram, unseal(ctx.keyring, TOKEN, bot.token_sealed), telegram_url(base, bot_id, secret), secret
        )
        bot.webhook_last_error, bot.webhook_set_at, bot.updated_at = None, ctx.now(), ctx.now()
        session.add(bot)
    return _view(bot)


def _changes(ctx: Context, body: BotChanges, sent: dict[str, Any], me: Me | None) -> dict[str, Any]:
    """The columns; another token may be another bot's, whose webhook is not set yet."""
    changes: dict[str, Any] = {name: sent[name] for name in ("group_chat_id", "topic_mode") if name in sent}
    changes["updated_at"] = ctx.now()
    if me is not None or "status" in sent:
        changes |= {"status": BotStatus(body.status), "status_reason": None}
    if me is not None:
        changes |= {**_identity(ctx, body.token, me), "webhook_secret_sealed": None, "webhook_set_at": None}
    return changes


def _identity(ctx: Context, token: str, me: Me) -> dict[str, Any]:
    return {
        "token_sealed": seal(ctx.keyring, TOKEN, token),
        "token_index": ctx.keyring.blind_index(TOKEN_INDEX, token),
        "telegram_id": me.id,
        "username": me.username,
    }


async def _store(ctx: Context, session: AsyncSession, bot: Bot, token: str) -> None:
    """A bot is connected once, in whichever organisation: two would take each other's updates."""
    indexes = ctx.keyring.blind_indexes(TOKEN_INDEX, token)
    if await is_bot_taken(session, indexes, bot.telegram_id, bot.id) or not await add_unless_taken(session, bot):
        raise BotTaken(TAKEN)


async def _locked(session: AsyncSession, owner: Manager, bot_id: UUID) -> Bot:
    bot = await bot_of(session, owner.organisation_id, bot_id, lock=True)
    if bot is None:
        raise NotFound(NO_BOT)
    return bot


def _view(bot: Bot) -> BotView:
    return BotView(
        **bot.model_dump(include={"id", "status", "status_reason", "group_chat_id", "topic_mode"}),
        bot_username=bot.username,
        webhook_last_error=bot.webhook_last_error,
    )
