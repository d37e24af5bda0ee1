"""Routes by which a client proves his phone with Telegram, and links or unlinks it."""

from typing import Final

from pydantic import Field

from activities.kernel.limits import PHONE_LINK
from api.client.access import CurrentSession
from api.context import Ctx
from api.http.problems import problems
from api.http.route import router
from api.http.shapes import Shape
from domain.kernel.refusal import NotAllowed, NotAuthenticated, TooManyRequests
from domain.people.refusals import NothingToConfirm, PhoneUnconfirmed, TelegramOff
from models import Bot

OFF: Final = "Подтверждение через Telegram сейчас недоступно. Подтвердите телефон кодом."

routes = router("client: session", "/auth/phone/telegram")


class TelegramLink(Shape):
    link: str = Field(description="Opens the bot; works once, for the Telegram account that opens it first.")
    expires_in: int = Field(description="Seconds.")


@routes.post("", responses=problems(NotAuthenticated, NotAllowed, NothingToConfirm, TelegramOff, TooManyRequests))
async def ask_telegram(signed: CurrentSession, ctx: Ctx) -> TelegramLink:
    """The bot asks for the person's own contact; its number must be the account's. That confirms the phone, proves it
    in this session and links Telegram. A new link voids the session's earlier one."""
    async with ctx.autocommit() as session:
        name = await Bot.master_name(session)
    if not name:
        raise TelegramOff(OFF)
    await ctx.limits.spend(PHONE_LINK, str(signed.user.id))
    issued = await ctx.phone_links.issue(signed.user.id, signed.session_id)
    return TelegramLink(link=f"https://t.me/{name}?start={issued.token}", expires_in=issued.expires_in)


@routes.delete("", status_code=204, responses=problems(NotAuthenticated, NotAllowed, PhoneUnconfirmed))
async def forget_telegram(signed: CurrentSession, ctx: Ctx) -> None:
    """Unlinks Telegram; the phone stays confirmed. 204 too where nothing was linked."""
    await ctx.phone_links.unlink(signed.user.id, signed.session_id)
