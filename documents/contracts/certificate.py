"""The certificate (protocol) of a signing: signer, document hash, time and method, with the data to verify them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import segno
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, LongTable, Table, TableStyle

from documents.contracts.certificate_proof import Proof, Stamped, moment_facts, phone_facts, session_facts
from documents.contracts.glyphs import spelled
from documents.contracts.page import WIDTH, Running, build
from documents.contracts.tables import FACE, Grid
from documents.contracts.typography import (
    BODY,
    CELL,
    CELL_HEAD,
    CELL_LABEL,
    CELL_NOTE,
    HEADING,
    INK,
    SUBTITLE,
    TITLE,
    Text,
    escape,
    printable,
    typesetting,
)
from documents.contracts.wording import utc_moment
from domain.contracts.signature import ConfirmChannel

_QR = 34 * mm
_COLUMNS = (48 * mm, WIDTH - 48 * mm)

_CHANNELS = {
    ConfirmChannel.CLIENT_APP: "Одноразовый код введён подписантом в его личном кабинете",
    ConfirmChannel.MANAGER_DEVICE: (
        "Менее надёжный способ: одноразовый код введён на устройстве сотрудника исполнителя,"
        " а не в личном кабинете подписанта"
    ),
}


@dataclass(frozen=True)
class CertificateEvent:
    """One event of the trail; `text` is a Russian sentence without a code."""

    at: datetime
    text: str


@dataclass(frozen=True)
class EnteredBy:
    """The member of staff on whose device the code was entered."""

    name: str
    ip: str | None
    user_agent: str | None


@dataclass(frozen=True, repr=False)
class CertificateData:
    """Times are aware; hashes are lower-case hex.

    `attested_by` is the manager who attests the accession of an unregistered client; `entered_by` is set on a manager's
    device, `signed_ip` and `signed_user_agent` in the client's own session. `masked_phone` is the card's; `proof` is
    None for a signature with a trace of the first version; `stamp` is of the trace, None without one.
    """

    contract_number: str
    version: int
    pdf_sha256: str
    signed_at: datetime
    signer_name: str
    masked_phone: str
    agreement_version: str
    agreement_sha256: str
    agreed_at: datetime
    attested_by: str | None
    confirm_channel: ConfirmChannel
    signed_ip: str | None
    signed_user_agent: str | None
    entered_by: EnteredBy | None
    signature_hash: str
    signature_hmac: str
    key_id: str
    verify_url: str
    upload_url: str
    executor_name: str
    events: tuple[CertificateEvent, ...]
    proof: Proof | None = None
    trace_sha256: str = ""
    stamp: Stamped | None = None


def render_certificate(data: CertificateData) -> bytes:
    """Render the certificate as an unsealed PDF; raises ValueError for a time without a time zone."""
    name = f"Протокол подписания договора № {printable(spelled(data.contract_number))}, версия {data.version}"
    with typesetting():
        return build(
            list(_story(data)),
            Running(
                header_left=name,
                header_right="форма certificate-v2",
                footer_left=f"подписано {utc_moment(data.signed_at)}",
                title=name,
                author=printable(data.executor_name),
                subject="Простая электронная подпись",
            ),
        )


def _story(data: CertificateData) -> Iterator[Flowable]:
    yield Text("Протокол подписания простой электронной подписью", TITLE)
    yield Text(f"к договору № {escape(spelled(data.contract_number))}, версия {data.version}", SUBTITLE)
    yield Text(
        "Электронный документ, указанный ниже, подписан простой электронной подписью по правилам статей 5, 6 и\u00a09"
        " Федерального закона от\u00a006.04.2011 №\u00a063-ФЗ «Об\u00a0электронной подписи» и соглашения"
        f" об\u00a0использовании простой электронной подписи. Подписант: <b>{escape(spelled(data.signer_name))}</b>.",
        BODY,
    )
    for heading, facts in (
        ("Документ", _document(data)),
        ("Подписант и способ подписания", _signing(data)),
        ("Соглашение об использовании простой электронной подписи", _agreement(data)),
        ("Кем подтверждён момент", list(moment_facts(data.signed_at, data.trace_sha256, data.stamp))),
        ("Контроль неизменности", _integrity(data)),
    ):
        yield Text(heading, HEADING)
        yield _facts(facts)
    yield Text("События", HEADING)
    yield _event_table(data.events)
    yield Text("Как проверить", HEADING)
    yield _checking(data)


def _document(data: CertificateData) -> list[tuple[str, str]]:
    return [
        ("Договор", f"№ {data.contract_number}, версия {data.version}"),
        ("Исполнитель", data.executor_name),
        ("SHA-256 файла", data.pdf_sha256),
    ]


def _signing(data: CertificateData) -> list[tuple[str, str]]:
    facts = [
        ("Подписант", data.signer_name),
        *phone_facts(data.proof, data.masked_phone),
        ("Подписано", utc_moment(data.signed_at)),
        ("Способ", _CHANNELS[data.confirm_channel]),
    ]
    if data.proof is not None:
        by_client = data.confirm_channel is ConfirmChannel.CLIENT_APP
        facts += session_facts(data.proof, by_client=by_client)
    if data.signed_ip or data.signed_user_agent:
        facts += [("IP-адрес", data.signed_ip or "—"), ("Программа (User-Agent)", data.signed_user_agent or "—")]
    if data.entered_by is not None:
        facts += [
            ("Сотрудник", data.entered_by.name),
            ("IP-адрес сотрудника", data.entered_by.ip or "—"),
            ("Программа сотрудника (User-Agent)", data.entered_by.user_agent or "—"),
        ]
    return facts


def _agreement(data: CertificateData) -> list[tuple[str, str]]:
    how = "Подписант принял соглашение сам"
    if data.attested_by is not None:
        how = f"Согласие подписанта засвидетельствовал сотрудник: {data.attested_by}"
    return [
        ("Версия", data.agreement_version),
        ("SHA-256 текста", data.agreement_sha256),
        ("Принято", utc_moment(data.agreed_at)),
        ("Кем подтверждено", how),
    ]


def _integrity(data: CertificateData) -> list[tuple[str, str]]:
    return [
        ("Подписано (SHA-256)", data.signature_hash),
        ("Код записи (HMAC-SHA-256)", data.signature_hmac.removeprefix(f"{data.key_id}:")),
        ("Ключ записи", data.key_id),
    ]


def _facts(facts: list[tuple[str, str]]) -> LongTable:
    rows = [[[Text(name, CELL_LABEL)], [Text(escape(spelled(value)), CELL)]] for name, value in facts]
    return Grid(_COLUMNS, rows).table()


def _event_table(events: tuple[CertificateEvent, ...]) -> LongTable:
    rows = [[[Text(utc_moment(event.at), CELL)], [Text(escape(spelled(event.text)), CELL)]] for event in events]
    return Grid(_COLUMNS, rows, head=[[Text("Время", CELL_HEAD)], [Text("Что произошло", CELL_HEAD)]]).table()


def _checking(data: CertificateData) -> Table:
    words = [
        Text("Откройте страницу проверки по QR-коду или по адресу:", CELL),
        Text(escape(spelled(data.verify_url)), CELL_NOTE),
        Text(
            "Чтобы проверить файл, загрузите PDF договора или этого протокола на страницу"
            f" {escape(spelled(data.upload_url))}:"
            " сервис сравнит отпечаток файла с подписанным и проверит печать на протоколе.",
            CELL,
        ),
        Text(
            "Файл договора не изменён, если его SHA-256 совпадает с указанным выше; его посчитает любая программа."
            " В протокол вложены подписанный договор (contract.pdf) и запись о подписи (trace.json); протокол"
            " с вложениями заверен электронной печатью исполнителя: любое изменение делает печать недействительной.",
            CELL_NOTE,
        ),
    ]
    for word in words:
        word.spaceAfter = 4
    return Table(
        [[words, _Qr(data.verify_url)]],
        colWidths=(WIDTH - _QR - 6 * mm, _QR + 6 * mm),
        style=TableStyle(
            [
                FACE,
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("ALIGN", (1, 0), (1, 0), "RIGHT"),
                ("LEFTPADDING", (0, 0), (-1, -1), 5),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
            ]
        ),
    )


class _Qr(Flowable):  # type: ignore[misc]  # ReportLab is untyped
    """A QR code as vectors: one rectangle per run of dark modules."""

    def __init__(self, url: str) -> None:
        super().__init__()
        # As bytes, because segno may choose kanji mode for text.
        self.rows = [bytes(row) for row in segno.make(url.encode(), error="m", micro=False).matrix]
        self.width = self.height = _QR

    def draw(self) -> None:
        module = _QR / len(self.rows)
        self.canv.setFillColor(INK)
        path = self.canv.beginPath()
        for at, row in enumerate(self.rows):
            bottom = _QR - (at + 1) * module
            for begin, end in _dark_runs(row):
                path.rect(begin * module, bottom, (end - begin) * module, module)
        self.canv.drawPath(path, stroke=0, fill=1)


def _dark_runs(row: bytes) -> Iterator[tuple[int, int]]:
    begin: int | None = None
    for at, dark in enumerate([*row, 0]):
        if dark and begin is None:
            begin = at
        elif not dark and begin is not None:
            yield begin, at
            begin = None
