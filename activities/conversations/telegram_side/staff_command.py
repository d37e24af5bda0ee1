"""Commands of staff in a topic: changes to rows and a reply; those that call Avito wait for their turn."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.conversations.core.dialog import close, reopen_failed
from activities.conversations.core.snapshot import Snapshot
from domain.conversations.canned_reply import render
from domain.conversations.command import StaffCommand
from domain.conversations.content import Kind
from domain.kernel.clock import Clock
from domain.kernel.crypto import Keyring
from domain.kernel.refusal import InvalidValue
from models import Message
from models.conversations.message import Delivery
from models.conversations.sends import ask_for_files, sends_of
from models.conversations.topic import message_shown_by

AT_AVITO: Final = frozenset({StaffCommand.BLOCK, StaffCommand.DELETE})
"""Commands that call Avito and keep their place among the sends."""

FAILED: Final = "notice:failed:"
"""Prefix of the key of a failure notice; the message id follows."""

LATE: Final = "notice:file:"
"""The same of a notice that a buyer's file comes later."""

HELP: Final = (
    "Не знаю такой команды. Есть: /t имя — готовый ответ, /del ответом — удалить у покупателя, /retry — отправить "
    "или получить ещё раз, /close — закрыть диалог, /block и /unblock — покупатель, /getid; «//…» — заметка для своих."
)
UNBLOCKED: Final = (
    "Сообщения этого покупателя снова показываются. В самом Avito блокировка остаётся: снять её можно только в "
    "приложении Avito."
)
CLOSED: Final = "Диалог закрыт. Новое сообщение покупателя откроет его снова."
NOTHING_TO_RETRY: Final = "Отправлять ещё раз нечего: неотправленных сообщений нет, и все файлы покупателя получены."


class StaffCommands:
    def __init__(self, keyring: Keyring, now: Clock) -> None:
        self.keyring, self.now = keyring, now

    async def run(self, session: AsyncSession, snapshot: Snapshot, row: Message, body: Mapping[str, Any]) -> str | None:
        """Runs the command in the open transaction; returns the text for the buyer of a canned reply, else None."""
        name, argument = str(body.get("name", "")), str(body.get("argument", "")).strip()
        if name in AT_AVITO:
            return None
        if name == StaffCommand.CANNED:
            return self._canned(session, snapshot, row, argument)
        row.status, row.settled_at = Delivery.DELIVERED, self.now()
        self._say(session, snapshot, row, await self._done(session, snapshot, row, name))
        return None

    async def _done(self, session: AsyncSession, snapshot: Snapshot, row: Message, name: str) -> str:
        match name:
            case StaffCommand.GET_ID:
                return f"Группа: {row.telegram_chat_id}\nТема: {snapshot.dialog.telegram_topic_id}"
            case StaffCommand.CLOSE:
                close(snapshot.dialog, self.now())
                return CLOSED
            case StaffCommand.UNBLOCK:
                snapshot.dialog.muted_at = None
                return UNBLOCKED
            case StaffCommand.RETRY:
                return await self._retry(session, snapshot, row)
            case _:
                return HELP

    async def _retry(self, session: AsyncSession, snapshot: Snapshot, row: Message) -> str:
        only = None
        if row.reply_to_telegram_id is not None and row.telegram_chat_id is not None:
            only = await message_shown_by(session, row.dialog_id, row.telegram_chat_id, row.reply_to_telegram_id)
        meant = _meant(only) if only is not None else None
        again = await reopen_failed(session, snapshot.dialog, meant)
        files = await ask_for_files(session, snapshot.dialog.id, meant, self.now())
        snapshot.attachments |= {one.id: [file] for one, file in files}
        opened = [*again, *(one for one, _ in files)]
        ids = {one.id for one in opened}
        snapshot.rows = [one for one in snapshot.rows if one.id not in ids] + opened
        snapshot.rows.sort(key=lambda one: one.number or 2**62)
        for send in await sends_of(session, [one.id for one in again]):
            snapshot.sends.setdefault(send.message_id, []).append(send)
        await snapshot.load_attachments(session, again)
        said = [f"Отправляю ещё раз, сообщений: {len(again)}."] if again else []
        said += [f"Запрашиваю ещё раз, файлов покупателя: {len(files)}."] if files else []
        return " ".join(said) or NOTHING_TO_RETRY

    def _canned(self, session: AsyncSession, snapshot: Snapshot, row: Message, argument: str) -> str | None:
        templates, dialog = snapshot.context.organisation.canned_replies, snapshot.dialog
        template = templates.get(argument.lower())
        if template is None:
            names = ", ".join(sorted(templates)) or "пока нет ни одного"
            self._fail(session, snapshot, row, f"Нет готового ответа «{argument[:40]}». Есть: {names}.")
            return None
        values = {
            "buyer": dialog.buyer_name or "",
            "item": dialog.item_title or "",
            "price": dialog.item_price or "",
            "account": snapshot.context.account.name,
        }
        try:
            text = render(template, values)
        except InvalidValue as refusal:
            self._fail(session, snapshot, row, f"Готовый ответ «{argument}» не отправлен. {refusal.detail}")
            return None
        self._say(session, snapshot, row, f"Покупателю уходит:\n{text}")
        return text

    def _fail(self, session: AsyncSession, snapshot: Snapshot, row: Message, reason: str) -> None:
        row.status, row.settled_at = Delivery.DELIVERED, self.now()
        self._say(session, snapshot, row, reason)

    def _say(self, session: AsyncSession, snapshot: Snapshot, row: Message, text: str) -> None:
        snapshot.add_notice(session, self.keyring, f"said:{row.id}", text, self.now(), row)


def _meant(answered: Message) -> UUID:
    """The message that an answered notice is about (a failure or a late file), else the answered message itself."""
    for prefix in (FAILED, LATE):
        if answered.kind == Kind.NOTICE and answered.source_key.startswith(prefix):
            return UUID(answered.source_key.removeprefix(prefix).partition(":")[0])
    return answered.id
