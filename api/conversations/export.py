"""Export of a dialog as JSON or CSV, streamed in batches."""

import csv
import io
from collections.abc import AsyncIterator, Mapping
from enum import StrEnum
from typing import Final

from fastapi.responses import StreamingResponse

from api.context import Context, Ctx
from api.conversations.access import AtDialog
from api.conversations.messages import views
from api.conversations.shapes import DialogView, MessageView
from api.http.problems import READING, problems
from api.http.route import router
from domain.conversations.content import Kind
from models import Dialog
from models.conversations.dialog_list import messages_after
from models.conversations.message import Author, Delivery

BATCH: Final = 500
BOM: Final = "\ufeff"
"""Byte order mark: spreadsheets read the file as UTF-8."""

FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""First characters of cells that spreadsheets execute, after optional white space."""

TITLES: Final = ("Время", "Кто", "Сообщение", "Статус", "Вложения")
AUTHORS: Final = {
    Author.BUYER: "Покупатель",
    Author.SELLER_APP: "Продавец в приложении Avito",
    Author.STAFF: "Сотрудник",
    Author.API: "Сотрудник (сайт)",
    Author.AUTO: "Автоответ",
    Author.SYSTEM: "Avito",
}
STATUSES: Final = {
    Delivery.PENDING: "в очереди",
    Delivery.SENT: "отправлено",
    Delivery.DELIVERED: "доставлено",
    Delivery.FAILED: "не доставлено",
}
FILES: Final[Mapping[str, str]] = {Kind.IMAGE: "фото", Kind.VOICE: "голосовое сообщение", Kind.STICKER: "стикер"}

routes = router("conversations: dialogs", "/dialogs/{dialog_id}/export")


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"


_FILES: Final = {"application/json": {"schema": {"type": "object"}}, "text/csv": {"schema": {"type": "string"}}}


@routes.get(
    "",
    response_class=StreamingResponse,
    responses={200: {"description": "The file.", "content": _FILES}, **problems(*READING)},
)
async def export(ctx: Ctx, dialog: AtDialog, format: Format = Format.JSON) -> StreamingResponse:
    """The messages as the dialog shows them, the oldest first; links to files are not among them."""
    written = _as_json(ctx, dialog) if format is Format.JSON else _as_csv(ctx, dialog)
    kind = "application/json" if format is Format.JSON else "text/csv; charset=utf-8"
    name = f'attachment; filename="dialog-{dialog.number}.{format.value}"'
    return StreamingResponse(written, media_type=kind, headers={"Content-Disposition": name})


async def _as_json(ctx: Context, dialog: Dialog) -> AsyncIterator[str]:
    yield f'{{"dialog":{DialogView.model_validate(dialog).model_dump_json()},"messages":['
    between = ""
    async for batch in _batches(ctx, dialog):
        text = ",".join(one.model_dump_json(exclude={"attachments": {"__all__": {"url"}}}) for one in batch)
        yield between + text
        between = ","
    yield "]}"


async def _as_csv(ctx: Context, dialog: Dialog) -> AsyncIterator[str]:
    yield BOM + _lines([TITLES])
    async for batch in _batches(ctx, dialog):
        yield _lines([_row(ctx, one) for one in batch])


async def _batches(ctx: Context, dialog: Dialog) -> AsyncIterator[list[MessageView]]:
    """Reads in batches, so that a slow download occupies no database connection."""
    last = -1
    while True:
        async with ctx.autocommit() as session:
            found = await messages_after(session, dialog.id, last, BATCH)
            batch = await views(ctx, session, found)
        if not found:
            return
        last = found[-1].number
        yield batch


def _row(ctx: Context, message: MessageView) -> tuple[str, ...]:
    at = message.created_at.astimezone(ctx.settings.zone)
    files = ", ".join(one.file_name or FILES.get(one.kind, one.kind) for one in message.attachments)
    status = " — ".join(filter(None, (STATUSES[message.status], message.failure)))
    text = f"{message.body} (удалено)".strip() if message.deleted else message.body
    return f"{at:%d.%m.%Y %H:%M:%S}", AUTHORS[message.author], text, status, files


def _lines(rows: list[tuple[str, ...]]) -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue()


def _harmless(cell: str) -> str:
    """Mark a cell as text if a spreadsheet would execute it, also after leading white space."""
    return f"'{cell}" if cell.startswith(("\t", "\r")) or cell.lstrip().startswith(FORMULA) else cell
