"""Validation errors of pydantic in Russian; without the values."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.kernel.clock import NOT_A_DAY
from domain.kernel.money import plural
from domain.kernel.refusal import FieldError

DEFAULT: Final = "Недопустимое значение."
NOT_JSON: Final = "Тело запроса — не JSON."
MISSING: Final = "Обязательное поле."
NOT_A_TEXT: Final = "Ожидается текст."
NOT_A_NUMBER: Final = "Ожидается число."
NOT_WHOLE: Final = "Ожидается целое число."
TOO_BIG: Final = "Слишком большое число."
NOT_A_LIST: Final = "Ожидается список."
NOT_AN_OBJECT: Final = "Ожидается объект JSON."
NOT_AN_ID: Final = "Ожидается идентификатор (UUID)."
NOT_A_MOMENT: Final = "Укажите время в виде ГГГГ-ММ-ДДTЧЧ:ММ:СС с часовым поясом."
NOT_A_LINK: Final = "Укажите ссылку, например https://example.ru."
NOT_A_TIME: Final = "Укажите время в виде ЧЧ:ММ."
UNKNOWN_FIELD: Final = "Такого поля нет."

_WORDS: Final[Mapping[str, str]] = {
    "missing": MISSING,
    "missing_argument": MISSING,
    "extra_forbidden": UNKNOWN_FIELD,
    "none_required": "Здесь может быть только null.",
    "string_type": NOT_A_TEXT,
    "string_sub_type": NOT_A_TEXT,
    "string_unicode": "В тексте недопустимые символы.",
    "string_not_ascii": "Допустимы только латинские буквы, цифры и знаки.",
    "string_pattern_mismatch": "Неверный формат.",
    "bytes_type": NOT_A_TEXT,
    "bytes_invalid_encoding": "В тексте недопустимые символы.",
    "url_type": NOT_A_LINK,
    "url_parsing": NOT_A_LINK,
    "url_syntax_violation": NOT_A_LINK,
    "url_scheme": NOT_A_LINK,
    "int_type": NOT_WHOLE,
    "int_parsing": NOT_WHOLE,
    "int_parsing_size": TOO_BIG,
    "int_from_float": NOT_WHOLE,
    "float_type": NOT_A_NUMBER,
    "float_parsing": NOT_A_NUMBER,
    "finite_number": NOT_A_NUMBER,
    "decimal_type": NOT_A_NUMBER,
    "decimal_parsing": NOT_A_NUMBER,
    "decimal_max_digits": "Слишком длинное число.",
    "decimal_whole_digits": TOO_BIG,
    "decimal_max_places": "Слишком много знаков после запятой.",
    "bool_type": "Ожидается true или false.",
    "bool_parsing": "Ожидается true или false.",
    "greater_than": "Нужно число больше {gt}.",
    "greater_than_equal": "Нужно число не меньше {ge}.",
    "less_than": "Нужно число меньше {lt}.",
    "less_than_equal": "Нужно число не больше {le}.",
    "multiple_of": "Нужно число, кратное {multiple_of}.",
    "uuid_type": NOT_AN_ID,
    "uuid_parsing": NOT_AN_ID,
    "uuid_version": NOT_AN_ID,
    "date_type": NOT_A_DAY,
    "date_parsing": NOT_A_DAY,
    "date_from_datetime_parsing": NOT_A_DAY,
    "date_from_datetime_inexact": NOT_A_DAY,
    "date_past": "Нужна дата в прошлом.",
    "date_future": "Нужна дата в будущем.",
    "datetime_type": NOT_A_MOMENT,
    "datetime_parsing": NOT_A_MOMENT,
    "datetime_from_date_parsing": NOT_A_MOMENT,
    "datetime_object_invalid": NOT_A_MOMENT,
    "datetime_past": "Нужно время в прошлом.",
    "datetime_future": "Нужно время в будущем.",
    "timezone_aware": NOT_A_MOMENT,
    "timezone_naive": NOT_A_MOMENT,
    "timezone_offset": NOT_A_MOMENT,
    "time_type": NOT_A_TIME,
    "time_parsing": NOT_A_TIME,
    "list_type": NOT_A_LIST,
    "tuple_type": NOT_A_LIST,
    "set_type": NOT_A_LIST,
    "frozen_set_type": NOT_A_LIST,
    "iterable_type": NOT_A_LIST,
    "set_item_not_hashable": NOT_A_TEXT,
    "invalid_key": NOT_A_TEXT,
    "dict_type": NOT_AN_OBJECT,
    "mapping_type": NOT_AN_OBJECT,
    "model_type": NOT_AN_OBJECT,
    "model_attributes_type": NOT_AN_OBJECT,
    "dataclass_type": NOT_AN_OBJECT,
    "json_type": NOT_JSON,
    "json_invalid": NOT_JSON,
    "recursion_loop": "Слишком глубокая вложенность.",
}


def field_errors(found: Sequence[Any]) -> list[FieldError]:
    """All errors, each with the path to its field."""
    return [{"loc": [str(part) for part in one["loc"]], "msg": _message(one)} for one in found]


def summary(errors: Sequence[FieldError]) -> str:
    """One sentence with the names of the fields, for clients that show only `detail`."""
    if len(errors) == 1:
        return f"{_name(errors[0])}: {errors[0]['msg']}" if _name(errors[0]) else errors[0]["msg"]
    named = ", ".join(dict.fromkeys(filter(None, map(_name, errors))))
    return f"Проверьте поля: {named}." if named else "Проверьте данные."


def _name(error: FieldError) -> str:
    return ".".join(error["loc"][1:])


def _message(one: Mapping[str, Any]) -> str:
    """The Russian sentence of a `ValueError` of a rule; other errors are looked up by type."""
    context = one.get("ctx") or {}
    match one["type"]:
        case "value_error" if isinstance(context.get("error"), ValueError):
            return str(context["error"])
        case "enum" | "literal_error":
            return f"Допустимо: {str(context.get('expected', '')).replace(' or ', ', ')}."
        case "string_too_long" | "bytes_too_long" | "url_too_long":
            return f"Не больше {_signs(context['max_length'])}."
        case "string_too_short" | "bytes_too_short":
            return _at_least(context["min_length"], _signs, "Поле не может быть пустым.")
        case "too_long" if _is_text(one):
            return f"Не больше {_signs(context['max_length'])}."
        case "too_short" if _is_text(one):
            return _at_least(context["min_length"], _signs, "Поле не может быть пустым.")
        case "too_long":
            return f"Не больше {_values(context['max_length'])}."
        case "too_short":
            return _at_least(context["min_length"], _values, "Нужно хотя бы одно значение.")
        case known:
            return _WORDS.get(known, DEFAULT).format_map(context)


def _is_text(one: Mapping[str, Any]) -> bool:
    """A limit that is checked after a rule of ours says «value» of a string and of a list alike."""
    return isinstance(one.get("input"), str | bytes)


def _at_least(count: int, counted: Any, one: str) -> str:
    return one if count == 1 else f"Не меньше {counted(count)}."


def _signs(count: int) -> str:
    """After «не больше» and «не меньше», in the genitive: 1 знака, 2 знаков."""
    return f"{count} {plural(count, 'знака', 'знаков', 'знаков')}"


def _values(count: int) -> str:
    return f"{count} {plural(count, 'значения', 'значений', 'значений')}"
