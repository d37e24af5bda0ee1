"""The timeline of a client, with Russian titles."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from fastapi import Request, Response

from api.context import Ctx
from api.http.paging import Cursor, Limit, link_next, read_cursor, write_cursor
from api.http.problems import READING, problems
from api.http.route import router
from api.http.shapes import Moment, Shape
from api.onboarding.access import OnClient
from domain.deliveries.delivery import Channel, Reason
from domain.deliveries.wording import NAMES, WHY
from domain.kernel.actor import ActorKind
from domain.kernel.refusal import InvalidValue
from models.onboarding.history import Mark, read_history

routes = router("history", "/clients/{client_id}/history")

SYSTEM_NAME: Final = "Система"

TITLES: Final = {
    "account-changed": "Клиент изменил свои данные",
    "card-read": "Карточка клиента просмотрена",
    "client-adopted": "Клиент принят в работу системы",
    "client-offered-back": "Клиент возвращён в «Новые»: три дня ничего не происходило",
    "client-registered": "Клиент зарегистрировался",
    "client-released": "Менеджер вернул клиента в «Новые»",
    "client-reminded": "Клиенту напомнили о договоре",
    "client-taken": "Менеджер взял клиента",
    "client-taken-over": "Клиента взял другой менеджер",
    "code-delivered": "Код подтверждения доставлен",
    "code-expired": "Срок действия кода истёк",
    "code-locked": "Код заблокирован: слишком много неверных попыток",
    "code-queued": "Код подтверждения готов к отправке",
    "code-sent": "Клиенту отправлен код подтверждения",
    "code-unconfirmed": "Неизвестно, дошёл ли код подтверждения",
    "code-undelivered": "Код подтверждения не отправлен",
    "code-withheld": "Код не отправлен: достигнут дневной предел",
    "code-wrong": "Введён неверный код",
    "certificate-stamped": "К протоколу подписания добавлена метка времени",
    "contract-certified": "Готов сертификат подписи",
    "signature-sealed": "Запись о подписи запечатана",
    "contract-declined": "Клиент отказался подписывать договор",
    "contract-drafted": "Договор составлен",
    "contract-sent": "Договор сформирован и отправлен на подпись",
    "contract-signed": "Договор подписан",
    "contract-voided": "Договор аннулирован",
    "copy-delivered": "Копия подписанного договора доставлена",
    "copy-sent": "Клиенту отправлена копия подписанного договора",
    "copy-unconfirmed": "Неизвестно, дошла ли копия подписанного договора",
    "copy-undelivered": "Копия подписанного договора не отправлена",
    "device-added": "Добавлено устройство",
    "device-changed": "Изменено устройство",
    "device-photo-added": "Добавлена фотография устройства",
    "device-photo-removed": "Удалена фотография устройства",
    "device-removed": "Удалено устройство",
    "email-confirmed": "Клиент подтвердил почту",
    "email-withdrawn": "Почту подтвердил владелец другой учётной записи",
    "evidence-exported": "Выгружены доказательства подписания",
    "invoice-issued": "Выставлен счёт",
    "invoice-overdue": "Счёт просрочен",
    "invoice-reminded": "Клиенту напомнили об оплате",
    "manager-reminded": "Менеджеру напомнили о договоре",
    "notice": "Сообщение менеджеру",
    "passport-photo-added": "Добавлена фотография паспорта",
    "passport-photo-removed": "Удалена фотография паспорта",
    "passport-saved": "Сохранены паспортные данные",
    "password-reset": "Клиент сбросил пароль",
    "payment-confirmed": "Оплата подтверждена",
    "staff-nearby-noticed": "Замечено: рядом с клиентом работал сотрудник",
    "pep-agreed": "Клиент присоединился к соглашению об электронной подписи",
    "pep-attested": "Менеджер подтвердил согласие клиента на электронную подпись",
    "phone-confirmed": "Клиент подтвердил номер телефона",
    "phone-proven": "Клиент подтвердил свой номер ещё на одном устройстве",
    "phone-withdrawn": "Номер подтвердил владелец другой учётной записи",
    "profile-saved": "Сохранены контактные данные",
    "tariff-applied": "Выбран тариф",
    "telegram-linked": "Клиент связал свой Telegram",
    "telegram-unlinked": "Telegram клиента отвязан",
}
"""Title of each verb of the trail."""

OTHER: Final = "Событие"
SENT_OUT: Final = ("code-", "copy-")


class HistoryActor(Shape):
    kind: ActorKind
    id: UUID | None
    name: str | None


class HistoryEntry(Shape):
    id: UUID
    at: Moment
    actor: HistoryActor
    verb: str
    title: str
    details: dict[str, Any] | None


@routes.get("", response_model=list[HistoryEntry], responses=problems(*READING, InvalidValue))
async def history(
    request: Request, response: Response, ctx: Ctx, at: OnClient, limit: Limit = 50, cursor: Cursor = None
) -> list[HistoryEntry]:
    """Newest first: who did what and when; code events come without the code."""
    after = read_cursor(cursor, _mark)
    async with ctx.autocommit() as session:
        rows = await read_history(session, at.client_id, after, limit + 1)
    if len(rows) > limit:
        last = rows[limit - 1]
        link_next(request, response, write_cursor(last["at"].isoformat(), last["place"], last["id"]))
    return [_entry(dict(row)) for row in rows[:limit]]


def _entry(row: dict[str, Any]) -> HistoryEntry:
    kind = ActorKind(row["kind"])
    name = SYSTEM_NAME if kind is ActorKind.SYSTEM else row["name"]
    return HistoryEntry(
        id=row["id"],
        at=row["at"],
        actor=HistoryActor(kind=kind, id=row["actor_id"], name=name),
        verb=row["verb"],
        title=_title(row["verb"], row["details"] or {}),
        details=row["details"],
    )


def _title(verb: str, details: dict[str, Any]) -> str:
    """Of what was sent to the client also the way, and why it came to nothing."""
    title = TITLES.get(verb, OTHER)
    if not verb.startswith(SENT_OUT):
        return title
    with suppress(ValueError):
        if "channel" in details:
            return f"{title} ({NAMES[Channel(details['channel'])]})"
        if "reason" in details:
            return f"{title}: {WHY[Reason(details['reason'])]}"
    return title


def _mark(at: str, place: int, entry_id: str) -> Mark:
    moment = datetime.fromisoformat(at)
    if moment.tzinfo is None or not isinstance(place, int) or not 0 <= place < 2**63:
        raise ValueError
    return Mark(moment.astimezone(UTC), place, UUID(entry_id))
