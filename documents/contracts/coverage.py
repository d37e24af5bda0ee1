"""Refuses a contract with a character that its typefaces do not have, and names the field and the character."""

from collections.abc import Iterator
from typing import TypeAlias

from documents.contracts.glyphs import named, unprintable
from documents.contracts.wording import phone_line, specs_line
from domain.contracts.contract import ContractSnapshot, DeviceSnapshot, Executor, PassportSnapshot
from domain.contracts.refusals import Unprintable
from domain.kernel.refusal import FieldError

Fact: TypeAlias = tuple[tuple[str, ...], str, str]
"""Its place in the card, its name for people, its text."""

_SHOWN = 5
"""Fields that the sentence names; the list of errors has all."""


def check_printable(snapshot: ContractSnapshot) -> None:
    """Raises `Unprintable` unless every text of the contract can be printed."""
    errors: list[FieldError] = [
        {"loc": list(place), "msg": f"{name}: {wrong(sign)}"}
        for place, name, text in _facts(snapshot)
        if (sign := unprintable(text)) is not None
    ]
    if errors:
        more = " Есть и другие такие поля." if len(errors) > _SHOWN else ""
        told = " ".join(error["msg"] for error in errors[:_SHOWN])
        raise Unprintable(f"{told}{more} Исправьте карточку и сформируйте договор снова.", errors)


def check_executor(executor: Executor) -> None:
    """Raises `Unprintable` for details of the executor that no contract could show, so that the start tells it."""
    for _, name, text in _executor(executor):
        if (sign := unprintable(text)) is not None:
            raise Unprintable(f"{name}: {wrong(sign)}")


def wrong(sign: str) -> str:
    """`символ «🎮» (U+1F3AE) нельзя напечатать в договоре, уберите или замените его.`"""
    return f"символ {named(sign)} нельзя напечатать в договоре, уберите или замените его."


def _facts(snapshot: ContractSnapshot) -> Iterator[Fact]:
    yield from _passport(snapshot.passport)
    yield ("user", "phone"), "Телефон клиента", phone_line(snapshot.client_phone)
    yield ("user", "email"), "Электронная почта клиента", snapshot.client_email or ""
    yield ("user", "address"), "Адрес клиента", snapshot.client_address or ""
    for ordinal, device in enumerate(snapshot.devices, start=1):
        yield from _device(ordinal, device)
    yield ("tariff", "name"), "Название тарифа", snapshot.tariff.name
    yield from _executor(snapshot.executor)
    yield ("contract", "number"), "Номер договора", f"{snapshot.number} {snapshot.amendment_of or ''}"


def _passport(passport: PassportSnapshot) -> Iterator[Fact]:
    for field, name, text in (
        ("last_name", "фамилия", passport.last_name),
        ("first_name", "имя", passport.first_name),
        ("middle_name", "отчество", passport.middle_name or ""),
        ("series", "серия", passport.series or ""),
        ("number", "номер", passport.number),
        ("issued_by", "кем выдан", passport.issued_by),
        ("issue_code", "код подразделения", passport.issue_code or ""),
        ("registration_address", "адрес регистрации", passport.registration_address),
    ):
        yield ("passport", field), f"Паспорт, {name}", text


def _device(ordinal: int, device: DeviceSnapshot) -> Iterator[Fact]:
    for field, name, text in (
        ("device_type", "вид", device.device_type),
        ("title", "название", device.title),
        ("description", "описание", device.description or ""),
        ("specs", "характеристики", specs_line(device.specs or {})),
    ):
        yield ("devices", str(device.id), field), f"Устройство {ordinal}, {name}", text


def _executor(executor: Executor) -> Iterator[Fact]:
    for field, name, text in (
        ("name", "название", executor.name),
        ("inn", "ИНН", executor.inn),
        ("ogrn", "ОГРН", executor.ogrn),
        ("address", "адрес", executor.address),
        ("phone", "телефон", executor.phone),
        ("email", "электронная почта", executor.email),
        ("bank_details", "банковские реквизиты", executor.bank_details),
    ):
        yield ("executor", field), f"Реквизиты исполнителя, {name}", text
