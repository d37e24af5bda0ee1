"""Totals of the installation, for its operator."""

from datetime import datetime

from sqlalchemy import RowMapping, bindparam, text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.conversations.content import INTERNAL

_COUNT = text(
    """
    SELECT (SELECT count(*) FROM organisations) AS clients,
           (SELECT count(*) FROM manager_users WHERE disabled_at IS NULL) AS users,
           (SELECT count(*) FROM bots WHERE deleted_at IS NULL AND organisation_id IS NOT NULL) AS bots,
           (SELECT count(*) FROM avito_accounts WHERE deleted_at IS NULL) AS avito_accounts,
           (SELECT count(*) FROM dialogs) AS dialogs,
           count(*) AS messages_24h,
           count(*) FILTER (WHERE status = 'failed' AND NOT hidden) AS failed_24h,
           count(*) FILTER (WHERE is_auto_reply AND NOT hidden) AS auto_replies_24h
      FROM dialog_messages
     WHERE received_at > :since AND kind NOT IN :internal
    """
).bindparams(bindparam("internal", [str(kind) for kind in INTERNAL], expanding=True))


async def count_everything(session: AsyncSession, since: datetime) -> RowMapping:
    """Organisations, staff, live bots and accounts, dialogs, and the messages received or sent since."""
    return (await (await session.connection()).execute(_COUNT, {"since": since})).mappings().one()
