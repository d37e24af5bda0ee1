"""Queries of topics: copies of messages in Telegram, and moves of groups."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased
from sqlmodel import col, exists, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.channels.account import Account
from models.channels.bot import Bot
from models.channels.budget import Group, Wait
from models.conversations.dialog import Dialog, FormerTopic
from models.conversations.message import Copy, Message, Send
from models.people.manager import Manager, Role


async def message_shown_by(
    session: AsyncSession, dialog_id: UUID, chat_id: int, telegram_message_id: int
) -> Message | None:
    """The message that a Telegram message of this dialog shows or carries."""
    query = (
        select(Message)
        .join(Copy, col(Copy.message_id) == col(Message.id))
        .where(
            col(Copy.dialog_id) == dialog_id,
            col(Copy.chat_id) == chat_id,
            col(Copy.telegram_message_id) == telegram_message_id,
        )
    )
    return (await session.exec(query)).first()


async def last_copy(session: AsyncSession, dialog_id: UUID, message_id: UUID, notice: str) -> int | None:
    """The newest Telegram message that shows the message, or the notice of this key."""
    query = (
        select(Copy.telegram_message_id)
        .join(Message, col(Message.id) == col(Copy.message_id))
        .where(col(Copy.dialog_id) == dialog_id, or_(col(Message.id) == message_id, col(Message.source_key) == notice))
    )
    return (await session.exec(query.order_by(col(Copy.telegram_message_id).desc()).limit(1))).first()


async def copies_of_avito(session: AsyncSession, dialog_id: UUID, avito_ids: Collection[str]) -> dict[str, int]:
    """Telegram messages by Avito's ids: of the buyer's messages and of own sends."""
    keys = [f"avito:{one}" for one in avito_ids]
    inbound = (
        select(Message.source_key, Copy.telegram_message_id)
        .join(Copy, col(Copy.message_id) == col(Message.id))
        .where(col(Message.dialog_id) == dialog_id, col(Message.source_key).in_(keys))
    )
    ours = (
        select(Send.avito_message_id, Copy.telegram_message_id)
        .join(Copy, col(Copy.message_id) == col(Send.message_id))
        .where(col(Send.dialog_id) == dialog_id, col(Send.avito_message_id).in_(avito_ids))
    )
    found = {key.removeprefix("avito:"): copy for key, copy in (await session.exec(inbound)).all()}
    return found | {str(key): copy for key, copy in (await session.exec(ours)).all()}


async def forget_copies(session: AsyncSession, dialog_id: UUID) -> None:
    """Forgets the copies in a topic that is gone."""
    await (await session.connection()).execute(delete(Copy).where(col(Copy.dialog_id) == dialog_id))


async def is_another_organisations(session: AsyncSession, organisation_id: UUID | None, chat_id: int) -> bool:
    """Whether a bot or a dialog of another organisation uses the group."""
    bots = exists().where(
        col(Bot.group_chat_id) == chat_id,
        col(Bot.organisation_id).is_distinct_from(organisation_id),
        col(Bot.deleted_at).is_(None),
    )
    dialogs = exists().where(
        col(Dialog.telegram_chat_id) == chat_id, col(Dialog.organisation_id).is_distinct_from(organisation_id)
    )
    return bool((await session.exec(select(or_(bots, dialogs)))).one())


async def follow_move(session: AsyncSession, bot_id: UUID, old_chat_id: int, new_chat_id: int) -> None:
    """Moves everything of the bot from a group's old id to its new one; safe to repeat.

    A dialog whose topic number is taken in the new group gets a new topic. Other bots of the group get updates of their
    own.
    """
    connection = await session.connection()
    own = select(Dialog.id).join(Account, col(Account.id) == col(Dialog.avito_account_id))
    own = own.where(col(Account.bot_id) == bot_id)
    other = aliased(Dialog)
    taken = select(other.telegram_topic_id).where(other.telegram_chat_id == new_chat_id)
    old_topics = update(Dialog).where(col(Dialog.telegram_chat_id) == old_chat_id, col(Dialog.id).in_(own))
    old_places = select(Dialog.telegram_chat_id, Dialog.telegram_topic_id, Dialog.id).where(
        col(Dialog.telegram_chat_id) == old_chat_id,
        col(Dialog.telegram_topic_id).is_not(None),
        col(Dialog.id).in_(own),
    )
    former = insert(FormerTopic).from_select(["chat_id", "topic_id", "dialog_id"], old_places)
    await connection.execute(former.on_conflict_do_nothing())
    await connection.execute(
        old_topics.where(col(Dialog.telegram_topic_id).in_(taken)).values(
            telegram_topic_id=None, card_message_id=None, card_pinned=False
        )
    )
    await connection.execute(old_topics.values(telegram_chat_id=new_chat_id))
    of_bot = update(Bot).where(col(Bot.id) == bot_id, col(Bot.group_chat_id) == old_chat_id)
    await connection.execute(of_bot.values(group_chat_id=new_chat_id))
    shown = aliased(Copy)
    taken_copies = select(shown.telegram_message_id).where(shown.chat_id == new_chat_id)
    old_copies = (col(Copy.chat_id) == old_chat_id, col(Copy.dialog_id).in_(own))
    await connection.execute(delete(Copy).where(*old_copies, col(Copy.telegram_message_id).in_(taken_copies)))
    await connection.execute(update(Copy).where(*old_copies).values(chat_id=new_chat_id))
    old_messages = update(Message).where(col(Message.telegram_chat_id) == old_chat_id, col(Message.dialog_id).in_(own))
    await connection.execute(old_messages.values(telegram_chat_id=new_chat_id))
    await connection.execute(delete(Wait).where(col(Wait.chat_id) == old_chat_id, col(Wait.dialog_id).in_(own)))
    await connection.execute(delete(Group).where(col(Group.bot_id) == bot_id, col(Group.chat_id) == old_chat_id))


async def owner_in_telegram(session: AsyncSession, organisation_id: UUID) -> int | None:
    """Telegram user of the organisation's owner, if one has signed in through the master bot."""
    query = select(Manager.telegram_user_id).where(
        col(Manager.organisation_id) == organisation_id,
        col(Manager.role) == Role.OWNER,
        col(Manager.telegram_user_id).is_not(None),
        col(Manager.disabled_at).is_(None),
    )
    return (await session.exec(query.order_by(col(Manager.created_at)))).first()
