"""The three tables of a contract: devices, sums and signatures."""

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.platypus import LongTable, Table, TableStyle

from documents.contracts.page import WIDTH
from documents.contracts.tables import FACE, Grid, Row
from documents.contracts.typography import (
    CELL,
    CELL_BOLD,
    CELL_HEAD,
    CELL_HEAD_RIGHT,
    CELL_NOTE,
    CELL_RIGHT,
    CELL_RIGHT_BOLD,
    INK,
    Text,
    escape,
    escape_lines,
)
from documents.contracts.wording import passport_line, phone_line, specs_line
from domain.contracts.contract import ContractSnapshot, DeviceSnapshot, Executor
from domain.kernel.money import Kopecks, format_roubles

_TOTAL = (("LINEABOVE", (0, -1), (-1, -1), 0.9, INK), ("LINEBELOW", (0, -1), (-1, -1), 0.9, INK))


_DEVICE_COLUMNS = (9 * mm, 52 * mm, WIDTH - 83 * mm, 22 * mm)


def device_table(devices: Sequence[DeviceSnapshot]) -> Grid:
    head = [
        [Text("№", CELL_HEAD)],
        [Text("Устройство", CELL_HEAD)],
        [Text("Описание и характеристики", CELL_HEAD)],
        [Text("Доплата, ₽", CELL_HEAD_RIGHT)],
    ]
    rows = [_device_row(ordinal, device) for ordinal, device in enumerate(devices, start=1)]
    if not rows:
        rows = [[[], [Text("Устройств пока нет", CELL)], [], [Text(format_roubles(Kopecks(0)), CELL_RIGHT)]]]
    return Grid(_DEVICE_COLUMNS, rows, head=head)


def _device_row(ordinal: int, device: DeviceSnapshot) -> Row:
    about = [escape_lines(device.description or ""), escape_lines(specs_line(device.specs) if device.specs else "")]
    return [
        [Text(str(ordinal), CELL)],
        [Text(escape(device.title), CELL_BOLD), Text(escape(device.device_type), CELL_NOTE)],
        [Text(text, style) for text, style in zip(about, (CELL, CELL_NOTE), strict=True) if text] or [Text("—", CELL)],
        [Text(format_roubles(device.extra_fee), CELL_RIGHT)],
    ]


def sums_table(snapshot: ContractSnapshot) -> LongTable:
    tariff = snapshot.tariff
    rows = [
        _sum(f"Абонентская плата по тарифу «{tariff.name}», справочно", tariff.base_fee),
        _sum("Доплата за одно устройство по тарифу, если для него не назначена своя", tariff.extra_per_device),
        _sum(f"Доплата за устройства, всего {len(snapshot.billed)}", snapshot.amount_due),
        [[Text("Итого к оплате", CELL_BOLD)], [Text(format_roubles(snapshot.amount_due), CELL_RIGHT_BOLD)]],
    ]
    head = [[Text("Условие", CELL_HEAD)], [Text("Сумма, ₽", CELL_HEAD_RIGHT)]]
    grid = Grid((WIDTH - 36 * mm, 36 * mm), rows, head=head)
    return grid.table(*_TOTAL, spaceBefore=2, spaceAfter=9)


def _sum(name: str, amount: Kopecks) -> Row:
    return [[Text(escape(name), CELL)], [Text(format_roubles(amount), CELL_RIGHT)]]


def signature_table(snapshot: ContractSnapshot) -> Table:
    """Both parties side by side; kept on one page with its heading unless it is higher than a page."""
    half = (WIDTH - 8 * mm) / 2
    return Table(
        [
            [[Text("Исполнитель", CELL_HEAD)], "", [Text("Заказчик", CELL_HEAD)]],
            [_executor(snapshot.executor), "", _client(snapshot)],
            [
                [Text("Направлен из информационной системы Исполнителя", CELL_NOTE)],
                "",
                [
                    Text(
                        "Подписывается простой электронной подписью; отметка о\u00a0подписании — в протоколе подписания"
                        f" к документу №\u00a0{escape(snapshot.number)}, версия {snapshot.version}",
                        CELL_NOTE,
                    )
                ],
            ],
        ],
        colWidths=(half, 8 * mm, half),
        splitInRow=1,
        spaceBefore=2,
        style=TableStyle(
            [
                FACE,
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 1), (-1, 1), 14),
                ("LINEABOVE", (0, 2), (0, 2), 0.7, INK),
                ("LINEABOVE", (2, 2), (2, 2), 0.7, INK),
            ]
        ),
    )


def _executor(executor: Executor) -> list[Text]:
    facts = (
        f"ИНН {executor.inn}",
        f"ОГРН {executor.ogrn}",
        f"Адрес: {executor.address}",
        f"Телефон: {executor.phone}",
        f"Эл. почта: {executor.email}",
        executor.bank_details,
    )
    return _party(executor.name, facts)


def _client(snapshot: ContractSnapshot) -> list[Text]:
    passport = snapshot.passport
    facts = (
        passport_line(passport),
        f"Адрес регистрации: {passport.registration_address}",
        f"Телефон: {phone_line(snapshot.client_phone)}",
        f"Эл. почта: {snapshot.client_email}" if snapshot.client_email else "",
    )
    return _party(passport.full_name, facts)


def _party(name: str, facts: Sequence[str]) -> list[Text]:
    return [Text(escape(name), CELL_BOLD), *(Text(escape_lines(fact), CELL) for fact in facts if fact)]
