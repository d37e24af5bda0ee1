"""Values as the client's app sends them: bounded, without signs that neither people nor the database can read."""

from typing import Annotated, Final

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, StrictStr

from domain.errors import InvalidValue
from domain.phone import normalise_phone

_KEPT: Final = "\n\t\r"


def _readable(text: str) -> str:
    if any(ord(sign) < 32 and sign not in _KEPT for sign in text):
        raise ValueError("В тексте недопустимые символы.")
    return text.strip()


def _one_line(text: str) -> str:
    return " ".join(_readable(text).split())


def _phone(text: str) -> str:
    try:
        return normalise_phone(text)
    except InvalidValue as error:
        raise ValueError(error.detail) from None


def _email(text: str) -> str:
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        raise ValueError("Укажите адрес электронной почты, например name@example.com.") from None


def _filled(text: str) -> str:
    if not text:
        raise ValueError("Обязательное поле.")
    return text


def _or_none(text: str | None) -> str | None:
    return text or None


Phone = Annotated[StrictStr, Field(max_length=32, examples=["9001234567"]), AfterValidator(_phone)]
Email = Annotated[StrictStr, Field(max_length=254, examples=["anna@example.com"]), AfterValidator(_email)]
Name = Annotated[StrictStr, Field(max_length=200, examples=["Анна Иванова"]), AfterValidator(_one_line)]
Address = Annotated[StrictStr, Field(max_length=500), AfterValidator(_one_line)]
Subject = Annotated[StrictStr, Field(max_length=300), AfterValidator(_one_line), AfterValidator(_filled)]
Reason = Annotated[StrictStr, Field(max_length=1000), AfterValidator(_readable), AfterValidator(_filled)]
Text = Annotated[StrictStr, Field(max_length=4000), AfterValidator(_readable)]
FileKey = Annotated[StrictStr, Field(max_length=300), AfterValidator(_one_line)]
RefreshToken = Annotated[StrictStr, Field(min_length=1, max_length=512)]
