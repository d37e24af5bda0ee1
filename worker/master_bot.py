"""The master bot's row: created from its token at the start of a worker, for the same upkeep as other bots."""

from datetime import datetime

from domain.kernel.crypto import Keyring
from models import Bot
from models.channels.bot import TOKEN, TOKEN_INDEX
from models.kernel.columns import seal
from models.kernel.database import Sessions


async def keep_master_bot(sessions: Sessions, keyring: Keyring, token: str | None, now: datetime) -> None:
    """Keep one live row for the current token; marks master bots of earlier tokens as deleted.

    The bot's workflow reads its name from Telegram; a malformed token gets no row.
    """
    number, _, secret = (token or "").partition(":")
    wanted = keyring.blind_index(TOKEN_INDEX, token) if token and number.isdecimal() and secret else None
    async with sessions.begin() as session:
        earlier = await Bot.masters(session)
        for bot in earlier:
            if bot.token_index != wanted:
                bot.deleted_at = bot.updated_at = now
        if token is None or wanted is None or any(bot.token_index == wanted for bot in earlier):
            return
        await session.flush()
        session.add(
            Bot(
                organisation_id=None,
                token_sealed=seal(keyring, TOKEN, token),
                token_index=wanted,
                telegram_id=int(number),
                username="",
                created_at=now,
                updated_at=now,
            )
        )
