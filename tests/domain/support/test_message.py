"""Staff cannot write what a client could take for a code or a bill of the system."""

import pytest

from domain.contracts.signature import code_message, masked_code_message
from domain.kernel.refusal import InvalidValue
from domain.support.message import check_written
from tests.domain.rules import passes


@pytest.mark.parametrize(
    "text",
    [
        code_message("АА-260302-01", "482913", 100_000, "ab" * 32),
        masked_code_message("АА-260302-01", 100_000, "ab" * 32),
        "Договор АА-1, код подтверждения 482913",
        "договор аа-1 КОД ПОДТВЕРЖДЕНИЯ",
        "Внимание!\n\nДоговор АА-1, код подтверждения",
        "Здравствуйте. Договор № АА-260302-01, ваш код подтверждения",
        "Дoгoвop AA-1, кoд пoдтвepждeния 482913",
        "До\u200bговор АА-1, ко\u00adд подтвержде\u2060ния 48",
        "Д о г о в о р  АА-1: код — подтверждения",
        "Код подтверждения: 4 8 2 9 1 3",
        "482913 — ваш код подтверждения",
        "Коду подтверждения соответствует 482-913",
        "Выставлен счёт по договору АА-1: 1 000.00 ₽. Оплатите до 01.02.2027",
        "Напоминаем: счет по договору АА-1",
    ],
)
def test_an_imitation_is_refused_in_whatever_letters(text: str) -> None:
    with pytest.raises(InvalidValue, match="только система"):
        check_written(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Пришёл код?",
        "Код подтверждения придёт в этот чат, введите его сами.",
        "Для договора нужен код подтверждения, он в этом чате.",
        "По договору АА-260302-01 вам сейчас придёт код подтверждения",
        "Договор готов, посмотрите его в приложении. Телефон для вопросов: 8 800 555-35-35",
        "Счёт по договору оплатили? Номер 482913",
        "Договор подписан, спасибо!\nМастер приедет 12.03.2027, код домофона 4829",
        "Contract AA-260302-01 is ready",
    ],
)
def test_ones_own_words_are_welcome(text: str) -> None:
    assert passes(check_written, text)
