"""What pydantic says of a value, in Russian: signs of a text, values of a list, and nothing of what was sent."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import pytest
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    TypeAdapter,
    ValidationError,
)
from pydantic_core._pydantic_core import list_all_errors

from api.http import fields, wording
from api.http.search import Search


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = ""


TEXT: Final = AfterValidator(str)
FIRST: Final = BeforeValidator(lambda value: value)


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (Annotated[str, Field(max_length=1)], "абв", "Не больше 1 знака."),
        (Annotated[str, Field(max_length=2)], "абв", "Не больше 2 знаков."),
        (Annotated[str, Field(max_length=21)], "а" * 22, "Не больше 21 знака."),
        (Annotated[str, Field(max_length=111)], "а" * 112, "Не больше 111 знаков."),
        (Annotated[str, TEXT, Field(max_length=200)], "а" * 201, "Не больше 200 знаков."),
        (Annotated[str, FIRST, Field(max_length=200)], "а" * 201, "Не больше 200 знаков."),
        (Annotated[str, FIRST, Field(min_length=2)], "а", "Не меньше 2 знаков."),
        (Annotated[str, Field(min_length=1)], "", "Поле не может быть пустым."),
        (Annotated[str, TEXT, Field(min_length=1)], "", "Поле не может быть пустым."),
        (Annotated[str, Field(min_length=8)], "абв", "Не меньше 8 знаков."),
        (Annotated[str, Field(min_length=21)], "абв", "Не меньше 21 знака."),
        (Annotated[str, Field(pattern="^[a-z]+$")], "1", "Неверный формат."),
        (StrictStr, 5, "Ожидается текст."),
        (StrictStr, None, "Ожидается текст."),
        (Annotated[list[int], Field(max_length=1)], [1, 2], "Не больше 1 значения."),
        (Annotated[list[int], Field(max_length=20)], list(range(21)), "Не больше 20 значений."),
        (Annotated[list[int], Field(min_length=1)], [], "Нужно хотя бы одно значение."),
        (Annotated[list[int], Field(min_length=2)], [1], "Не меньше 2 значений."),
        (Annotated[dict[str, int], Field(max_length=3)], dict.fromkeys("абвг", 1), "Не больше 3 значений."),
        (Annotated[dict[str, int], Field(min_length=1)], {}, "Нужно хотя бы одно значение."),
        (list[int], "1", "Ожидается список."),
        (dict[str, int], [], "Ожидается объект JSON."),
        (Closed, [], "Ожидается объект JSON."),
        (Closed, {"age": 1}, "Такого поля нет."),
        (StrictInt, "1", "Ожидается целое число."),
        (StrictInt, 1.5, "Ожидается целое число."),
        (int, "один", "Ожидается целое число."),
        (int, "9" * 5000, "Слишком большое число."),
        (float, "пять", "Ожидается число."),
        (Annotated[float, Field(allow_inf_nan=False)], float("nan"), "Ожидается число."),
        (Decimal, "пять", "Ожидается число."),
        (Annotated[int, Field(ge=0)], -1, "Нужно число не меньше 0."),
        (Annotated[int, Field(le=200)], 201, "Нужно число не больше 200."),
        (Annotated[int, Field(gt=0)], 0, "Нужно число больше 0."),
        (Annotated[int, Field(lt=5)], 5, "Нужно число меньше 5."),
        (StrictBool, 1, "Ожидается true или false."),
        (bool, "да", "Ожидается true или false."),
        (UUID, "x", "Ожидается идентификатор (UUID)."),
        (UUID, 5, "Ожидается идентификатор (UUID)."),
        (date, "31.12.2026", "Укажите дату в виде ГГГГ-ММ-ДД."),
        (date, [], "Укажите дату в виде ГГГГ-ММ-ДД."),
        (datetime, "вчера", "Укажите время в виде ГГГГ-ММ-ДДTЧЧ:ММ:СС с часовым поясом."),
        (time, "полдень", "Укажите время в виде ЧЧ:ММ."),
        (Literal["owner", "manager"], "boss", "Допустимо: 'owner', 'manager'."),
        (Literal["support_chat"], "sms", "Допустимо: 'support_chat'."),
        (Colour, "green", "Допустимо: 'red', 'blue'."),
        (fields.Line200, "а" * 201, "Не больше 200 знаков."),
        (fields.Line200, "\u200b\u00ad\u2800", "Поле не может быть пустым."),
        (fields.Line200, "а\x00б", "Уберите невидимые и служебные символы."),
        (fields.Optional200, "а" * 201, "Не больше 200 знаков."),
        (fields.Optional500, "а" * 501, "Не больше 500 знаков."),
        (fields.Text4000, "а" * 4001, "Не больше 4000 знаков."),
        (Annotated[fields.Line200, Field(max_length=100)], "а" * 101, "Не больше 100 знаков."),
        (fields.Email, "а" * 250 + "@example.ru", "Не больше 254 знаков."),
        (fields.Email, "почта", "Укажите адрес электронной почты, например name@example.ru."),
        (fields.Phone, "123", "Укажите номер телефона в России: 10 цифр без +7, например 9001234567."),
        (fields.Password, "", "Поле не может быть пустым."),
        (fields.EnteredCode, "\u200b", "Поле не может быть пустым."),
        (fields.Day, "2010-W20-4", "Укажите дату в виде ГГГГ-ММ-ДД."),
        (fields.Day, "20100520", "Укажите дату в виде ГГГГ-ММ-ДД."),
        (fields.Day, 20100520, "Укажите дату в виде ГГГГ-ММ-ДД."),
        (fields.Id, "1", "Ожидается идентификатор (UUID)."),
        (fields.Count, 10_001, "Нужно число не больше 10000."),
        (fields.RoublesIn, "5", "Сумма должна быть числом."),
        (fields.Specs, {"Цвет": "а", "Цв\u00adет": "б"}, "Одно название указано дважды."),
        (Search, "а" * 201, "Не больше 200 знаков."),
    ],
)
def test_a_wrong_value_is_named_in_words(kind: Any, value: Any, said: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        TypeAdapter(kind).validate_python(value)
    assert {error["msg"] for error in wording.field_errors(wrong.value.errors())} == {said}


def test_a_field_that_is_missing_and_json_that_is_none() -> None:
    class Wanted(BaseModel):
        name: str

    with pytest.raises(ValidationError) as missing:
        Wanted.model_validate({})
    assert wording.field_errors(missing.value.errors()) == [{"loc": ["name"], "msg": "Обязательное поле."}]
    with pytest.raises(ValidationError) as broken:
        Wanted.model_validate_json("{")
    assert wording.field_errors(broken.value.errors())[0]["msg"] == wording.NOT_JSON


NEVER_OF_A_BODY: Final = {
    "arguments_type", "assertion_error", "callable_type", "complex_str_parsing", "complex_type", "dataclass_exact_type",
    "default_factory_not_called", "frozen_field", "frozen_instance", "get_attribute_error", "is_instance_of",
    "is_subclass_of", "iteration_error", "missing_keyword_only_argument", "missing_positional_only_argument",
    "missing_sentinel_error", "multiple_argument_values", "needs_python_object", "no_such_attribute",
    "time_delta_parsing", "time_delta_type", "unexpected_keyword_argument", "unexpected_positional_argument",
    "union_tag_invalid", "union_tag_not_found", "value_error",
}  # fmt: skip


def test_every_kind_of_error_has_words_of_its_own() -> None:
    silent = set()
    for known in list_all_errors():
        context = dict.fromkeys(known.get("example_context") or {}, 2)
        one = {"type": known["type"], "loc": ("body", "x"), "ctx": context, "input": None}
        if wording.field_errors([one])[0]["msg"] == wording.DEFAULT:
            silent.add(known["type"])
    assert silent == NEVER_OF_A_BODY


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (fields.Line200, "\ufeffМа\u00adрия\u00a0 Ёлкина\u202c", "Мария Ёлкина"),
        (fields.Line200, "а" * 200 + "\u200b" * 50, "а" * 200),
        (fields.Optional200, "\u200b", None),
        (fields.Optional500, "г.\u200b Тверь", "г. Тверь"),
        (fields.Text4000, "раз\r\n\u00adдва\u200b", "раз\nдва"),
        (fields.Optional4000, "\ufeff \u2060", None),
        (fields.Email, "\u200bmaria@\u00adexample.ru\ufeff", "maria@example.ru"),
        (fields.OptionalEmail, "\u200b", None),
        (fields.Phone, "\u202a+7 916 123\u201145\u201167\u202c", "9161234567"),
        (fields.LoginPhone, "8 701 123 45 67", "7011234567"),
        (fields.EnteredCode, "\u200b123456\ufeff", "123456"),
        (fields.Password, " па\u200bроль\ufeff ", " па\u200bроль\ufeff "),
        (fields.Day, "\u200e2026-01-31\u200e", date(2026, 1, 31)),
        (fields.Specs, {"Цв\u00adет": ["\u200bбелый", {"а\ufeff": 1}]}, {"Цвет": ["белый", {"а": 1}]}),
        (Search, "Ма\u00adрия\x00Ёлкина", "Мария Ёлкина"),
    ],
)
def test_what_is_not_seen_is_taken_out_and_not_complained_about(kind: Any, typed: Any, kept: Any) -> None:
    assert TypeAdapter(kind).validate_python(typed) == kept
