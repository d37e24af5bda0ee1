"""A dialog with what its rules need: account, bot, organisation, group budget."""

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
    """`group` is null while the group has no stored budget."""

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
    """None if the dialog is unknown or its account gone; `lock` locks the dialog's row."""
    query = _HELD_LOCKED if lock else _HELD
    found = (await session.exec(query, params={"account": account_id, "chat": chat_id})).first()
    if found is None:
        return None
    dialog, account, bot, organisation, group = found
    return DialogContext(account, bot, organisation, group, dialog)


async def account_context(session: AsyncSession, account_id: UUID) -> AccountContext | None:
    """Context of a new dialog; None if the account is gone."""
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


# Built once: each activity runs it, and building takes as long as running. Rows that refer to the locked dialog may
# still be added.
_HELD = _held()
_HELD_LOCKED = _HELD.with_for_update(of=Dialog, key_share=True)
