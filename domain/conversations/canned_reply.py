"""Canned replies: templates with a fixed set of variables."""

import re
from collections.abc import Mapping
from typing import Final

from domain.kernel.refusal import FieldError, InvalidValue
from domain.kernel.text import AVITO_TEXT, utf16

KNOWN: Final = ("buyer", "item", "price", "account")
MOST: Final = 50

_NAME: Final = re.compile(r"[a-zа-яё0-9_-]{1,32}")
# Doubled braces first: they are literal braces.
_PIECE: Final = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def render(template: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in; empty for a missing value. Raises what `check_template` raises."""
    check_template(template)
    return _PIECE.sub(lambda piece: _filled(piece, values), template)


def check_template(template: str) -> None:
    """Raises InvalidValue for an empty or long text, an unknown variable or an unpaired brace."""
    wrong = _wrong(template)
    if wrong is not None:
        raise InvalidValue(wrong)


def check_canned(templates: Mapping[str, str]) -> None:
    """Checks names, number and texts of an organisation's templates. Raises InvalidValue."""
    errors: list[FieldError] = []
    if len(templates) > MOST:
        errors.append(_error(f"Шаблонов может быть не больше {MOST}."))
    for name, template in templates.items():
        wrong = _wrong(template)
        if _NAME.fullmatch(name) is None:
            errors.append(_error("Имя шаблона: от 1 до 32 строчных букв, цифр, «_» или «-», без пробелов.", name))
        elif wrong is not None:
            errors.append(_error(wrong, name))
    if errors:
        raise InvalidValue("Проверьте шаблоны ответов.", errors)


def _filled(piece: re.Match[str], values: Mapping[str, str]) -> str:
    if piece[1] is None:
        return piece[0][0]
    return values.get(piece[1].strip(), "")


def _wrong(template: str) -> str | None:
    if not template.strip():
        return "Текст шаблона пуст."
    if utf16(template) > AVITO_TEXT:
        return f"Текст шаблона длиннее {AVITO_TEXT} символов."
    for piece in _PIECE.finditer(template):
        if piece[0] in ("{", "}"):
            return "Фигурная скобка без пары. Чтобы написать саму скобку, удвойте её: {{ или }}."
        if piece[1] is not None and piece[1].strip() not in KNOWN:
            known = ", ".join(f"{{{name}}}" for name in KNOWN)
            return f"Неизвестная переменная {{{piece[1].strip()[:40]}}}. Есть такие: {known}."
    return None


def _error(msg: str, *place: str) -> FieldError:
    return FieldError(loc=["body", "canned_replies", *place], msg=msg)
