"""A contract or its amendment as PDF; the same snapshot always gives the same bytes."""

from collections.abc import Iterator, Mapping
from copy import copy
from functools import cache

from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable

from documents.contracts.contract_tables import device_table, signature_table, sums_table
from documents.contracts.coverage import check_printable
from documents.contracts.page import HEIGHT, WIDTH, Running, build
from documents.contracts.tables import Grid
from documents.contracts.template import Block, Kind, load_template
from documents.contracts.typography import (
    BODY,
    BODY_BEFORE_TABLE,
    CLAUSE,
    CLAUSE_BEFORE_TABLE,
    HEADING,
    SUBTITLE,
    TITLE,
    Text,
    printable,
    typesetting,
)
from documents.contracts.wording import long_date, passport_in_sentence
from domain.contracts.contract import ContractSnapshot
from domain.kernel.money import in_words

FIELDS = frozenset(
    (
        *("number", "day", "main_number", "client", "passport", "service_address", "device_count", "amount_in_words"),
        *("executor_name", "executor_inn", "executor_ogrn", "executor_phone", "executor_email"),
    )
)
PLACES = frozenset({"devices", "sums", "signatures"})

_STYLES = {
    Kind.TITLE: TITLE,
    Kind.SUBTITLE: SUBTITLE,
    Kind.HEADING: HEADING,
    Kind.CLAUSE: CLAUSE,
    Kind.BODY: BODY,
}
_BEFORE_A_TABLE = {Kind.CLAUSE: CLAUSE_BEFORE_TABLE, Kind.BODY: BODY_BEFORE_TABLE}


def render_contract(snapshot: ContractSnapshot) -> bytes:
    """The PDF of a snapshot; raises TemplateError for an unknown template, `Unprintable` rather than draw a box."""
    check_printable(snapshot)
    wording = snapshot.template if snapshot.amendment_of is None else f"{snapshot.template}-amendment"
    blocks = load_template(wording, FIELDS, PLACES)
    values = _values(snapshot)
    with typesetting():
        devices = device_table(snapshot.devices if snapshot.amendment_of is None else snapshot.billed)
        story = [
            piece
            for at, block in enumerate(blocks)
            for piece in _pieces(snapshot, devices, values, block, blocks[at + 1 :])
        ]
        return build(story, _running(snapshot))


def _values(snapshot: ContractSnapshot) -> Mapping[str, str]:
    executor = snapshot.executor
    return {
        "number": snapshot.number,
        "day": long_date(snapshot.day),
        "main_number": snapshot.amendment_of or "",
        "executor_name": executor.name,
        "executor_inn": executor.inn,
        "executor_ogrn": executor.ogrn,
        "executor_phone": executor.phone,
        "executor_email": executor.email,
        "client": snapshot.passport.full_name,
        "passport": passport_in_sentence(snapshot.passport),
        "service_address": snapshot.client_address or snapshot.passport.registration_address,
        "device_count": str(len(snapshot.devices)),
        "amount_in_words": in_words(snapshot.amount_due),
    }


def _pieces(
    snapshot: ContractSnapshot, devices: Grid, values: Mapping[str, str], block: Block, rest: tuple[Block, ...]
) -> Iterator[Flowable]:
    if block.kind is Kind.PLACE:
        yield _table(snapshot, devices, block.text)
        return
    place = rest[0].text if rest and rest[0].kind is Kind.PLACE else ""
    style = _STYLES[block.kind]
    if place == "sums":
        style = _BEFORE_A_TABLE.get(block.kind, style)
    words = (
        _standing(block, style) if block.stands else Text(block.filled(values), style, bulletText=block.number or None)
    )
    if place == "devices":
        # The table may go on for pages, so only its beginning is kept with the clause.
        beginning = words.wrap(WIDTH, HEIGHT)[1] + style.spaceAfter + devices.least
        yield CondPageBreak(beginning if beginning < HEIGHT else 45 * mm)
    yield words


@cache
def _moulded(block: Block, style: ParagraphStyle) -> Text:
    text = Text(block.text, style, bulletText=block.number or None)
    text.wrap(WIDTH, 0)
    return text


def _standing(block: Block, style: ParagraphStyle) -> Flowable:
    """A paragraph without values, parsed and broken into lines once; copies share the read-only parts."""
    return copy(_moulded(block, style))


def _table(snapshot: ContractSnapshot, devices: Grid, place: str) -> Flowable:
    match place:
        case "devices":
            return devices.table(spaceBefore=2, spaceAfter=9)
        case "sums":
            return sums_table(snapshot)
        case _:
            return signature_table(snapshot)


def _running(snapshot: ContractSnapshot) -> Running:
    kind = "Договор" if snapshot.amendment_of is None else "Дополнительное соглашение"
    name = f"{kind} № {printable(snapshot.number)}"
    return Running(
        header_left=f"{name}, версия {snapshot.version}",
        header_right=f"форма {snapshot.template}",
        footer_left=f"от {long_date(snapshot.day)}",
        title=f"{name}, версия {snapshot.version}",
        author=printable(snapshot.executor.name),
        subject="Абонентское обслуживание техники",
    )
