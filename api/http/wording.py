"""Validation errors of pydantic in Russian; without the values."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from domain.kernel.refusal import FieldError

DEFAULT: Final = "Недопустимое значение."
NOT_JSON: Final = "Тело запроса — не JSON."

_WORDS: Final[Mapping[str, str]] = {
    "missing": "Обязательное поле.",
    "string_type": "Ожидается текст.",
    "string_unicode": "В тексте недопустимые символы.",
    "string_too_short": "Не короче {min_length} симв.",
    "string_too_long": "Не длиннее {max_length} симв.",
    "string_pattern_mismatch": "Неверный формат.",
    "int_type": "Ожидается целое число.",
    "int_parsing": "Ожидается целое число.",
    "int_parsing_size": "Слишком большое число.",
    "int_from_float": "Ожидается целое число.",
    "float_type": "Ожидается число.",
    "float_parsing": "Ожидается число.",
    "finite_number": "Ожидается число.",
    "bool_type": "Ожидается true или false.",
    "bool_parsing": "Ожидается true или false.",
    "greater_than": "Должно быть больше {gt}.",
    "greater_than_equal": "Не меньше {ge}.",
    "less_than": "Должно быть меньше {lt}.",
    "less_than_equal": "Не больше {le}.",
    "uuid_type": "Ожидается идентификатор (UUID).",
    "uuid_parsing": "Ожидается идентификатор (UUID).",
    "uuid_version": "Ожидается идентификатор (UUID).",
    "date_type": "Укажите дату в виде ГГГГ-ММ-ДД.",
    "date_parsing": "Укажите дату в виде ГГГГ-ММ-ДД.",
    "date_from_datetime_parsing": "Укажите дату в виде ГГГГ-ММ-ДД.",
    "date_from_datetime_inexact": "Укажите дату в виде ГГГГ-ММ-ДД.",
    "list_type": "Ожидается список.",
    "too_long": "Не больше {max_length} значений.",
    "too_short": "Не меньше {min_length} значений.",
    "dict_type": "Ожидается объект JSON.",
    "model_type": "Ожидается объект JSON.",
    "model_attributes_type": "Ожидается объект JSON.",
    "json_invalid": NOT_JSON,
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
    if one["type"] == "value_error" and isinstance(context.get("error"), ValueError):
        return str(context["error"])
    if one["type"] in ("enum", "literal_error"):
        return f"Допустимо: {str(context.get('expected', '')).replace(' or ', ', ')}."
    return _WORDS.get(one["type"], DEFAULT).format_map(context) if one["type"] in _WORDS else DEFAULT
