"""A contract's number, its frozen content, and when nothing changed."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clients.document import DocumentType
from domain.contracts.contract import (
    JSON,
    ContractSnapshot,
    DeviceSnapshot,
    Executor,
    PassportSnapshot,
    TariffSnapshot,
    content_digest,
    contract_number,
    from_json,
    number_prefix,
    to_canonical_json,
)
from domain.kernel.money import Kopecks


@pytest.mark.parametrize(
    ("last_name", "prefix"),
    [
        ("Иванов", "ИВ"),
        ("петров", "ПЕ"),
        ("Ёлкин", "ЕЛ"),
        ("Щёголева", "ЩЕ"),
        ("О’Нил", "ОН"),
        ("Д'Артаньян", "ДА"),
        ("А-Линь", "АЛ"),
        (" Ким", "КИ"),
        ("Ю", "ЮЮ"),
        ("Smith", "SM"),
        ("И\u0306орданов", "ЙО"),
        ("123", "БФ"),
        ("", "БФ"),
        ("李明", "БФ"),
        ("שלום", "БФ"),
        ("ქართველი", "БФ"),
        ("Ʂ李Ким", "КИ"),
        ("ŉuman", "NU"),
        ("Straße", "ST"),
        ("ß", "SS"),
        ("Ĝѡ", "ĜѠ"),
        ("ＡＢ", "AB"),
        ("🎮Иванов", "ИВ"),
    ],
)
def test_the_prefix_is_the_first_two_letters_of_the_surname(last_name: str, prefix: str) -> None:
    assert number_prefix(last_name) == prefix


@given(st.text())
def test_every_surname_has_a_prefix(last_name: str) -> None:
    assert len(number_prefix(last_name)) >= 2


@pytest.mark.parametrize(
    ("ordinal", "number"), [(1, "ИВ-260105-01"), (10, "ИВ-260105-10"), (99, "ИВ-260105-99"), (100, "ИВ-260105-100")]
)
def test_the_number_tells_prefix_day_and_ordinal(ordinal: int, number: str) -> None:
    assert contract_number("ИВ", date(2026, 1, 5), ordinal) == number


def test_contracts_of_a_day_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        contract_number("ИВ", date(2026, 1, 5), 0)


words = st.text(max_size=12)
money = st.integers(min_value=0, max_value=10**14).map(Kopecks)
specs: st.SearchStrategy[dict[str, JSON]] = st.dictionaries(
    words,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=3,
)
devices = st.lists(
    st.builds(DeviceSnapshot, st.uuids(), words, words, st.none() | words, st.none() | specs, money), max_size=3
).map(tuple)
snapshots = st.builds(
    ContractSnapshot,
    template=words,
    number=words,
    version=st.integers(min_value=1),
    amendment_of=st.none() | words,
    day=st.dates(),
    client_name=words,
    client_phone=words,
    client_email=st.none() | words,
    client_address=st.none() | words,
    passport=st.builds(
        PassportSnapshot,
        words,
        words,
        st.none() | words,
        st.none() | words,
        words,
        words,
        st.none() | words,
        st.dates(),
        words,
        st.sampled_from(DocumentType),
    ),
    devices=devices,
    billed_devices=st.lists(st.uuids(), max_size=3).map(tuple),
    tariff=st.builds(TariffSnapshot, st.none() | st.uuids(), words, money, money, st.integers(min_value=0), money),
    executor=st.builds(Executor, words, words, words, words, words, words, words),
)


@given(snapshots)
def test_a_frozen_contract_is_read_back_exactly(snapshot: ContractSnapshot) -> None:
    frozen = to_canonical_json(snapshot)
    assert from_json(frozen) == snapshot
    assert to_canonical_json(from_json(frozen)) == frozen
    assert content_digest(from_json(frozen)) == content_digest(snapshot)


@given(snapshots, st.dates())
def test_number_version_and_day_are_not_content(snapshot: ContractSnapshot, day: date) -> None:
    later = replace(snapshot, number="ИВ-260105-02", version=snapshot.version + 1, day=day)
    assert content_digest(later) == content_digest(snapshot)


DEVICE = DeviceSnapshot(UUID(int=1), "Ноутбук", "ThinkPad", None, {"b": 1, "a": 2}, Kopecks(100_000))
CONTRACT = ContractSnapshot(
    template="contract-v1",
    number="ИВ-260105-01",
    version=1,
    amendment_of=None,
    day=date(2026, 1, 5),
    client_name="Иван",
    client_phone="9123456789",
    client_email=None,
    client_address=None,
    passport=PassportSnapshot(
        "Иванов", "Иван", None, "4510", "123456", "ГУ МВД", "770-001", date(2012, 5, 17), "Москва"
    ),
    devices=(DEVICE, replace(DEVICE, id=UUID(int=2), extra_fee=Kopecks(50_050))),
    billed_devices=(UUID(int=1), UUID(int=2)),
    tariff=TariffSnapshot(None, "Домашний", Kopecks(0), Kopecks(100_000), 2, Kopecks(150_050)),
    executor=Executor("ООО «Т»", "7701234567", "1207700123456", "Москва", "+74950000000", "help@example.com"),
)


@pytest.mark.parametrize(
    "changed",
    [
        replace(CONTRACT, client_phone="9123456780"),
        replace(CONTRACT, client_email="a@example.com"),
        replace(CONTRACT, passport=replace(CONTRACT.passport, number="123457")),
        replace(CONTRACT, devices=CONTRACT.devices[:1]),
        replace(CONTRACT, billed_devices=(UUID(int=1),)),
        replace(CONTRACT, tariff=replace(CONTRACT.tariff, base_fee=Kopecks(1))),
        replace(CONTRACT, executor=replace(CONTRACT.executor, phone="+74950000001")),
        replace(CONTRACT, amendment_of="ИВ-260101-01"),
        replace(CONTRACT, template="contract-v2"),
    ],
)
def test_a_change_of_content_changes_the_digest(changed: ContractSnapshot) -> None:
    assert content_digest(changed) != content_digest(CONTRACT)


def test_the_order_of_specs_is_not_a_change() -> None:
    turned = replace(DEVICE, specs={"a": 2, "b": 1})
    assert content_digest(replace(CONTRACT, devices=(turned, *CONTRACT.devices[1:]))) == content_digest(CONTRACT)


def test_canonical_json_is_plain_utf8_with_sorted_keys() -> None:
    frozen = to_canonical_json(CONTRACT).decode()
    assert frozen.startswith('{"amendment_of":null,"billed_devices":["00000000-0000-0000-0000-000000000001",')
    assert '"day":"2026-01-05"' in frozen
    assert '"last_name":"Иванов"' in frozen


def test_the_invoice_bills_only_the_billed_devices() -> None:
    assert CONTRACT.amount_due == 150_050
    assert replace(CONTRACT, billed_devices=(UUID(int=2),)).amount_due == 50_050
    assert replace(CONTRACT, billed_devices=()).amount_due == 0


def test_no_personal_data_in_a_printed_snapshot() -> None:
    assert "Иван" not in repr(CONTRACT)
    assert "123456" not in f"{CONTRACT.passport} {CONTRACT.devices}"


@pytest.mark.parametrize("data", [b"{}", b"[]", b"no json", b'{"passport":{}}'])
def test_what_is_no_frozen_contract_is_not_read(data: bytes) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_json(data)


def test_a_contract_frozen_before_there_were_other_documents_is_read_and_stays_as_it_is() -> None:
    frozen = to_canonical_json(CONTRACT)
    assert b"document_type" not in frozen
    assert from_json(frozen).passport.document_type is DocumentType.PASSPORT_RF
    assert to_canonical_json(from_json(frozen)) == frozen


def test_the_type_of_the_document_is_content() -> None:
    permit = replace(CONTRACT.passport, document_type=DocumentType.RESIDENCE_PERMIT)
    assert content_digest(replace(CONTRACT, passport=permit)) != content_digest(CONTRACT)
