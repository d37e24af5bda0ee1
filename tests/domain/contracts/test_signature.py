"""The trace of a signature cannot change unseen, and the code's message says what entering it means."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from domain.contracts.signature import (
    ConfirmChannel,
    Trace,
    canonical,
    code_message,
    masked_code_message,
    moment,
    seal_trace,
    trace_holds,
    verify_token,
)

AGREEMENT = Path(__file__).parents[3] / "documents" / "contracts" / "templates" / "pep-agreement-v1.txt"
SHA = "0a1b2c3d" + "ef" * 28
NUMBER = "ИВ-261121-01"
KEYS = {"1": b"old secret", "2": b"new secret"}
TRACE = Trace(
    contract_number=NUMBER,
    version=1,
    document_sha256=SHA,
    signed_at="2026-11-21T12:00:00.000000+00:00",
    pep_agreed_at="2026-11-20T12:00:00.000000+00:00",
    agreement_version="1",
    agreement_sha256="aa" * 32,
    confirm_channel=ConfirmChannel.CLIENT_APP,
    signed_ip="203.0.113.7",
    signed_user_agent="Safari",
    entered_by_id=None,
    entered_by_ip=None,
    entered_by_user_agent=None,
    client_id="5f0c",
)


def test_an_untouched_trace_holds_under_the_key_that_sealed_it() -> None:
    assert seal_trace(TRACE, "2", KEYS["2"]).startswith("2:")
    assert trace_holds(TRACE, seal_trace(TRACE, "2", KEYS["2"]), KEYS)
    assert trace_holds(TRACE, seal_trace(TRACE, "1", KEYS["1"]), KEYS)


@pytest.mark.parametrize("name", [field.name for field in fields(Trace)])
def test_a_change_of_any_field_breaks_the_seal(name: str) -> None:
    sealed = seal_trace(TRACE, "1", KEYS["1"])
    values = {field.name: getattr(TRACE, field.name) for field in fields(Trace)} | {name: "something else"}
    assert not trace_holds(Trace(**values), sealed, KEYS)


def test_a_value_moved_to_another_field_breaks_the_seal() -> None:
    sealed = seal_trace(TRACE, "1", KEYS["1"])
    moved = replace(TRACE, signed_ip=None, entered_by_ip=TRACE.signed_ip)
    assert not trace_holds(moved, sealed, KEYS)
    assert not trace_holds(replace(TRACE, entered_by_id=""), sealed, KEYS)


@pytest.mark.parametrize("sealed", ["", "1", "1:", "3:00", "9:" + "00" * 32, "1:приветствие", ":"])
def test_a_seal_by_an_unknown_key_or_of_no_shape_does_not_hold(sealed: str) -> None:
    assert not trace_holds(TRACE, sealed, KEYS)


def test_a_seal_does_not_hold_under_another_keys_name() -> None:
    assert not trace_holds(TRACE, seal_trace(TRACE, "1", KEYS["2"]), KEYS)


def test_the_canonical_form_ignores_the_order_of_fields() -> None:
    assert canonical({"б": "Ё", "a": None}) == canonical({"a": None, "б": "Ё"}) == '{"a":null,"б":"Ё"}'.encode()
    assert json.loads(canonical({"a": 'кавычка "'})) == {"a": 'кавычка "'}


def test_a_moment_is_written_the_same_in_every_zone() -> None:
    at = datetime(2026, 11, 21, 15, 0, tzinfo=timezone(timedelta(hours=3)))
    assert moment(at) == moment(at.astimezone(UTC)) == "2026-11-21T12:00:00.000000+00:00"


def test_the_code_message_starts_as_the_clients_app_expects() -> None:
    assert code_message(NUMBER, "012345", 150_050, SHA).startswith(f"Договор {NUMBER}, код подтверждения 012345")


def test_the_code_message_says_what_entering_the_code_means() -> None:
    message = code_message(NUMBER, "012345", 150_050, SHA)
    assert "10 мин" in message
    assert "простой электронной подписью" in message
    assert "1500.50 ₽" in message
    assert "0a1b2c3d" in message
    assert SHA not in message
    assert message.endswith("Никому не сообщайте код, в том числе сотруднику.")


def test_staff_see_the_same_message_without_the_code() -> None:
    hidden = masked_code_message(NUMBER, 150_050, SHA)
    assert "012345" not in hidden
    assert hidden == code_message(NUMBER, "012345", 150_050, SHA).replace("012345", "••••••")


def test_a_verify_link_cannot_be_guessed_from_another() -> None:
    token = verify_token(NUMBER, SHA, b"key")
    assert len(token) >= 22
    assert token.replace("-", "").replace("_", "").isalnum()
    others = [
        verify_token("ИВ-261121-02", SHA, b"key"),
        verify_token(NUMBER, "ff" * 32, b"key"),
        verify_token(NUMBER, SHA, b"other"),
    ]
    assert token not in others


def test_the_published_agreement_names_the_rules_the_law_asks_for() -> None:
    text = AGREEMENT.read_text(encoding="utf-8")
    assert "63-ФЗ" in text
    assert "соблюдать его конфиденциальность" in text
    assert "равнозначным документу на бумажном носителе" in text
    assert "Лицо, подписавшее документ, определяется" in text
