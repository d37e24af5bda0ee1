"""The staff's session: by password, or by the Telegram account that the master bot's link was made for."""

import hashlib
from typing import Annotated, Final

from pydantic import ConfigDict, Field, StrictInt, StrictStr

from api.context import Context, Ctx
from api.conversations.access import ASKED, CurrentStaff, employed
from api.conversations.shapes import StaffMember
from api.http.fields import Body
from api.http.origin import CallerOrigin
from api.http.problems import problems
from api.http.route import router
from api.http.shapes import Shape
from api.machines.limits import LOGIN_ADDRESS
from api.people.login import Login, Token, log_in_manager
from api.people.manager_session import Keeping
from domain.kernel.refusal import InvalidValue, NotAllowed, TooManyRequests
from domain.people.refusals import BadCredentials
from domain.people.telegram import TelegramUser, check_login
from models.channels.connected import master_bot
from models.people.manager import Manager
from models.people.sign_in import manager_of_telegram
from models.people.sign_in_link import TelegramLogin

NO_MASTER: Final = "Вход через Telegram не настроен. Войдите по почте и паролю."
USED: Final = "Этот вход через Telegram уже использован. Нажмите кнопку входа ещё раз."
UNKNOWN: Final = "Этот аккаунт Telegram не связан с сотрудником. Начните с команды /start у главного бота."

Word = Annotated[StrictStr, Field(max_length=1000)]

routes = router("conversations: session", "/auth")


class TelegramPayload(Body):
    """What the Telegram Login widget hands over, every field of it: all of them are signed."""

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)

    id: StrictInt | Word
    first_name: Word | None = None
    last_name: Word | None = None
    username: Word | None = None
    photo_url: Word | None = None
    auth_date: StrictInt | Word
    hash: Annotated[StrictStr, Field(max_length=200)]

    def signed(self) -> dict[str, str | int]:
        sent = {**(self.model_extra or {}), **self.model_dump(exclude_unset=True, include=set(type(self).model_fields))}
        return {name: value for name, value in sent.items() if isinstance(value, str | int)}


class TelegramConfig(Shape):
    bot_username: str | None = Field(description="Of the master bot; null: there is none, or it is not known yet.")


@routes.post("/login", response_model=Token, responses=problems(BadCredentials, NotAllowed, TooManyRequests))
async def log_in(body: Login, ctx: Ctx, origin: CallerOrigin, keeper: Keeping) -> Token:
    """One answer for an unknown address and a wrong password, after the same work."""
    return await keeper.signed_in(await log_in_manager(ctx, body, origin, employed))


@routes.post(
    "/telegram", response_model=Token, responses=problems(BadCredentials, NotAllowed, InvalidValue, TooManyRequests)
)
async def log_in_by_telegram(body: TelegramPayload, ctx: Ctx, origin: CallerOrigin, keeper: Keeping) -> Token:
    """A payload of the Telegram Login widget, good for a day and for one log-in."""
    counted = (LOGIN_ADDRESS, f"telegram:{origin.network}")
    await ctx.limits.check(counted)
    try:
        manager = await _proven(ctx, body)
    except BadCredentials:
        await ctx.limits.count(counted)
        raise
    return await keeper.signed_in(manager)


@routes.get("/telegram/config", response_model=TelegramConfig)
async def show_telegram_config(ctx: Ctx) -> TelegramConfig:
    """For the widget's button."""
    async with ctx.autocommit() as session:
        bot = await master_bot(session)
    return TelegramConfig(bot_username=(bot.username or None) if bot else None)


@routes.get("/me", response_model=StaffMember, responses=problems(*ASKED))
async def who_am_i(staff: CurrentStaff) -> StaffMember:
    return StaffMember.model_validate(staff)


async def _proven(ctx: Context, body: TelegramPayload) -> Manager:
    token = ctx.settings.master_bot_token
    if token is None:
        raise BadCredentials(NO_MASTER)
    user = check_login(body.signed(), token.get_secret_value(), ctx.now())
    async with ctx.sessions.begin() as session:
        manager = await manager_of_telegram(session, user.id)
        if manager is None:
            raise BadCredentials(UNKNOWN)
        employed(manager)
        if not await TelegramLogin.use(session, _digest(user), ctx.now()):
            raise BadCredentials(USED)
    return manager


def _digest(user: TelegramUser) -> bytes:
    return hashlib.sha256(user.fingerprint.encode()).digest()
