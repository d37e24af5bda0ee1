"""A contract: its number, its frozen snapshot, and the digest that detects changes since the last version."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any, TypeAlias
from uuid import UUID

from domain.clients.document import DocumentType
from domain.kernel.money import Kopecks

JSON: TypeAlias = "str | int | float | bool | list[JSON] | dict[str, JSON] | None"

TEMPLATE = "contract-v1"
"""The wording of new contracts; older contracts have theirs in the snapshot."""

_NO_LETTERS = "БФ"

NUMBER_LETTER = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-ſА-ЯЀ-ЏѠ-ҁҊ-ӿ]")
"""A letter of a contract's number: upper-case Latin or Cyrillic, which every paper can show."""


def number_prefix(last_name: str) -> str:
    """The first two letters of a surname in upper case, Ё as Е.

    Hyphens, apostrophes, spaces and letters of other alphabets are skipped; a single letter is doubled; a surname
    without letters gives «БФ», so that every client has a number.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", last_name).upper()).replace("Ё", "Е")
    letters = [sign for sign in folded if NUMBER_LETTER.fullmatch(sign)]
    if not letters:
        return _NO_LETTERS
    return letters[0] + letters[-1 if len(letters) == 1 else 1]


def contract_number(prefix: str, day: date, ordinal: int) -> str:
    """`AA-YYMMDD-NN`; `ordinal` counts from 1 within prefix and day."""
    if ordinal < 1:
        raise ValueError("contracts of a day are counted from 1")
    return f"{prefix}-{day:%y%m%d}-{ordinal:02d}"


# No repr, because it could put personal data into logs.
@dataclass(frozen=True, repr=False)
class PassportSnapshot:
    """Of any type of document; only an internal passport has a division code, and not every one."""

    last_name: str
    first_name: str
    middle_name: str | None
    series: str | None
    number: str
    issued_by: str
    issue_code: str | None
    issue_date: date
    registration_address: str
    document_type: DocumentType = DocumentType.PASSPORT_RF

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, (self.last_name, self.first_name, self.middle_name)))


@dataclass(frozen=True, repr=False)
class DeviceSnapshot:
    """`extra_fee` is the effective one: the device's own if it has one above 0, else the tariff's."""

    id: UUID
    device_type: str
    title: str
    description: str | None
    specs: dict[str, JSON] | None
    extra_fee: Kopecks


@dataclass(frozen=True, repr=False)
class TariffSnapshot:
    tariff_id: UUID | None
    name: str
    base_fee: Kopecks
    extra_per_device: Kopecks
    device_count: int
    total_extra_fee: Kopecks


@dataclass(frozen=True)
class Executor:
    """The executor's details in a contract, from the settings."""

    name: str
    inn: str
    ogrn: str
    address: str
    phone: str
    email: str
    bank_details: str = ""


@dataclass(frozen=True, repr=False)
class ContractSnapshot:
    """The whole content of a contract; `amendment_of` is the number of the signed contract that it extends."""

    template: str
    number: str
    version: int
    amendment_of: str | None
    day: date
    client_name: str
    client_phone: str
    client_email: str | None
    client_address: str | None
    passport: PassportSnapshot
    devices: tuple[DeviceSnapshot, ...]
    billed_devices: tuple[UUID, ...]
    tariff: TariffSnapshot
    executor: Executor

    @property
    def billed(self) -> tuple[DeviceSnapshot, ...]:
        return tuple(device for device in self.devices if device.id in self.billed_devices)

    @property
    def amount_due(self) -> Kopecks:
        """Amount of this contract's invoice."""
        return Kopecks(sum(device.extra_fee for device in self.billed))


def to_canonical_json(snapshot: ContractSnapshot) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8."""
    return _canonical(_content(snapshot))


def from_json(data: bytes) -> ContractSnapshot:
    """Inverse of `to_canonical_json`; raises KeyError, TypeError or ValueError for anything else."""
    raw = json.loads(data)
    passport, tariff = raw["passport"], raw["tariff"]
    tariff_id = tariff["tariff_id"]
    return ContractSnapshot(
        **raw
        | {
            "day": date.fromisoformat(raw["day"]),
            "passport": passport_from(passport),
            "devices": tuple(DeviceSnapshot(**device | {"id": UUID(device["id"])}) for device in raw["devices"]),
            "billed_devices": tuple(UUID(device_id) for device_id in raw["billed_devices"]),
            "tariff": TariffSnapshot(**tariff | {"tariff_id": UUID(tariff_id) if tariff_id else None}),
            "executor": Executor(**raw["executor"]),
        }
    )


def passport_from(fields: Mapping[str, Any]) -> PassportSnapshot:
    """From the fields as they are stored; a field that may be missing may also be absent."""
    document = DocumentType(fields.get("document_type") or DocumentType.PASSPORT_RF)
    issued = date.fromisoformat(fields["issue_date"])
    return PassportSnapshot(
        **{"middle_name": None, "series": None, "issue_code": None, **fields}
        | {"issue_date": issued, "document_type": document}
    )


def content_digest(snapshot: ContractSnapshot) -> str:
    """Digest of the content without number, version and day; equal digests mean «nothing changed»."""
    content = _content(snapshot)
    for of_the_paper in ("number", "version", "day"):
        del content[of_the_paper]
    return sha256(_canonical(content)).hexdigest()


def _content(snapshot: ContractSnapshot) -> dict[str, Any]:
    """An internal passport goes without its type, as it was frozen before there were others: digests stay equal."""
    content = asdict(snapshot)
    if snapshot.passport.document_type is DocumentType.PASSPORT_RF:
        del content["passport"]["document_type"]
    return content


def _canonical(content: Mapping[str, object]) -> bytes:
    text = json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_plain
    )
    return text.encode()


def _plain(value: object) -> str:
    if isinstance(value, date | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a contract")
