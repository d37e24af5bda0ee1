"""A dialog with all that decides about it: its account, the bot that shows it, the organisation, the group's budget."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.channels.account import Account
from models.channels.bot import Bot
from models.channels.budget import Group
from models.conversations.dialog import Dialog
from models.people.organisation import Organisation


@dataclass(frozen=True)
class AccountContext:
    """`group` is null where nothing is known about the group's budget yet."""

    account: Account
    bot: Bot
    organisation: Organisation
    group: Group | None


@dataclass(frozen=True)
class DialogContext(AccountContext):
    dialog: Dialog


async def dialog_context(
    session: AsyncSession, account_id: UUID, chat_id: str, *, lock: bool = False
) -> DialogContext | None:
    """None when there is no such dialog yet, or its account is gone; with `lock` nobody else changes the dialog."""
    query = _HELD_LOCKED if lock else _HELD
    found = (await session.exec(query, params={"account": account_id, "chat": chat_id})).first()
    if found is None:
        return None
    dialog, account, bot, organisation, group = found
    return DialogContext(account, bot, organisation, group, dialog)


async def account_context(session: AsyncSession, account_id: UUID) -> AccountContext | None:
    """What a new dialog of this account would have; None when the account is gone."""
    query = (
        select(Account, Bot, Organisation)
        .add_columns(Group)
        .join(Bot, col(Bot.id) == col(Account.bot_id))
        .join(Organisation, col(Organisation.id) == col(Account.organisation_id))
        .outerjoin(Group, and_(col(Group.bot_id) == col(Bot.id), col(Group.chat_id) == col(Bot.group_chat_id)))
        .where(col(Account.id) == account_id, col(Account.deleted_at).is_(None))
    )
    found = (await session.exec(cast(Any, query))).first()
    return AccountContext(*found) if found is not None else None


def _held() -> Any:
    return (
        select(Dialog, Account, Bot, Organisation)
        .add_columns(Group)
        .join(Account, col(Account.id) == col(Dialog.avito_account_id))
        .join(Bot, col(Bot.id) == col(Account.bot_id))
        .join(Organisation, col(Organisation.id) == col(Account.organisation_id))
        .outerjoin(Group, and_(col(Group.bot_id) == col(Bot.id), col(Group.chat_id) == col(Bot.group_chat_id)))
        .where(
            col(Dialog.avito_account_id) == bindparam("account"),
            col(Dialog.avito_dialog_id) == bindparam("chat"),
            col(Account.deleted_at).is_(None),
        )
    )


# Made once: every activity of a conversation asks, and to build it takes as long as to run it. Rows that refer to the
# locked dialog may be added meanwhile.
_HELD = _held()
_HELD_LOCKED = _HELD.with_for_update(of=Dialog, key_share=True)
