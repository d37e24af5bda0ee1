"""Who the signer is and who proves which moment: the facts of a certificate by the trace of the second version."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from documents.contracts.wording import utc_moment

Fact = tuple[str, str]

_CONFIRMED: Final = {"sms": "кодом из СМС на этот номер", "telegram": "контактом, который подтвердил Telegram"}
_CHANNELS: Final = {
    "support_chat": "чат личного кабинета",
    "sms": "СМС",
    "telegram": "Telegram",
    "mail": "электронная почта",
}
_STATES: Final = {
    "claimed": "отправляется",
    "not_done": "не отправлено, попытка будет повторена",
    "sent": "отправлено",
    "delivered": "доставлено",
    "undelivered": "не доставлено",
    "rejected": "не принято к отправке",
    "unreachable": "недоступно",
    "unknown": "ответа об отправке нет",
}
NO_STAMP: Final = (
    "Штампа независимой службы времени при составлении протокола не было: момент указан по часам исполнителя."
    " Штамп, полученный позже, добавляется второй редакцией этого протокола и доказывает, что он существовал"
    " не позднее момента штампа"
)


@dataclass(frozen=True)
class SignerSession:
    """`proved_at`: when the phone was proven in this very session."""

    id: str
    since: datetime | None
    proved_at: datetime | None


@dataclass(frozen=True)
class SentCode:
    """`ways`: channel, state and time of delivery of every try."""

    id: str
    sent_at: datetime
    ways: tuple[tuple[str, str, datetime | None], ...]


@dataclass(frozen=True)
class OpenedFile:
    """`same`: the file that was served is the signed one."""

    first_at: datetime
    last_at: datetime
    same: bool


_ACTS: Final = {"registered": "Учётная запись создана", "signed": "Договор подписан"}
_PLACES: Final = {
    "browser": "в браузере",
    "device": "с адреса и из программы",
    "network": "с адреса",
}


@dataclass(frozen=True)
class Stamped:
    """A time stamp of the trace."""

    at: datetime
    by: str


@dataclass(frozen=True, repr=False)
class Proof:
    """`masked_phone` is the confirmed one; None: nobody has confirmed one."""

    account_id: str
    masked_phone: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    masked_card_phone: str | None
    card_differs: bool
    session: SignerSession | None
    code: SentCode | None
    opened: tuple[OpenedFile, ...]
    staff_nearby: tuple[str, ...]


def phone_facts(proof: Proof | None, typed: str) -> Iterator[Fact]:
    """`typed` is the masked phone of the card, for a signature of which nothing else is known."""
    if proof is None or proof.masked_phone is None or proof.confirmed_at is None:
        yield "Подтверждённый телефон", "Нет: принадлежность номера подписанту не подтверждена"
        yield "Телефон в карточке", f"{typed}, записан исполнителем, не подтверждён"
        return
    how = _CONFIRMED.get(proof.confirmed_by or "", "способом, который назван в записи о подписи")
    yield "Подтверждённый телефон", f"{proof.masked_phone}, подтверждён {utc_moment(proof.confirmed_at)} {how}"
    if proof.card_differs:
        yield "Телефон в карточке", f"{typed}: отличается от подтверждённого и владельцем не подтверждён"


def session_facts(proof: Proof, *, by_client: bool) -> Iterator[Fact]:
    yield "Учётная запись", proof.account_id
    if proof.session is not None:
        yield "Сеанс подписанта", _session(proof.session)
    if proof.code is not None:
        yield "Код", _code(proof.code)
    if by_client:
        yield "Файл договора", _opened(proof.opened)
    if proof.staff_nearby:
        yield "Отметки", "; ".join(map(_nearby, proof.staff_nearby))


def moment_facts(signed_at: datetime, trace_sha256: str, stamp: Stamped | None) -> Iterator[Fact]:
    yield "Момент подписания", f"{utc_moment(signed_at)}, по часам исполнителя"
    yield "SHA-256 записи о подписи", trace_sha256
    if stamp is None:
        yield "Штамп времени", NO_STAMP
    else:
        yield (
            "Штамп времени",
            f"{utc_moment(stamp.at)}, служба «{stamp.by}»: запись о подписи существовала не позднее этого момента",
        )


def _nearby(code: str) -> str:
    """In words what the trace names `{act}-{reason}`; a code of a later release stays as it is."""
    act, _, reason = code.rpartition("-")
    if act not in _ACTS or reason not in _PLACES:
        return code
    return f"{_ACTS[act]} {_PLACES[reason]}, где за последние сутки работал сотрудник исполнителя"


def _session(session: SignerSession) -> str:
    since = f", открыт {utc_moment(session.since)}" if session.since else ""
    if session.proved_at is None:
        return f"{session.id}{since}; телефон в этом сеансе не подтверждался"
    return f"{session.id}{since}; телефон подтверждён в этом сеансе {utc_moment(session.proved_at)}"


def _code(code: SentCode) -> str:
    ways = "; ".join(_way(*way) for way in code.ways)
    return f"{code.id}, создан {utc_moment(code.sent_at)}" + (f"; {ways}" if ways else "")


def _way(channel: str, state: str, delivered_at: datetime | None) -> str:
    when = f" {utc_moment(delivered_at)}" if delivered_at else ""
    return f"{_CHANNELS.get(channel, channel)}: {_STATES.get(state, state)}{when}"


def _opened(opened: tuple[OpenedFile, ...]) -> str:
    same = [one for one in opened if one.same]
    if not same:
        return "В сеансе подписанта подписанный файл не открывался"
    first, last = min(one.first_at for one in same), max(one.last_at for one in same)
    again = f", в последний раз {utc_moment(last)}" if last != first else ""
    return f"Открыт в сеансе подписанта {utc_moment(first)}{again}; отпечаток выданного файла совпадает с подписанным"
