"""Invented clients; their passport series begin with 99, which is no region."""

import random
from dataclasses import dataclass

LAST = ("Соколова", "Морозова", "Волкова", "Зайцева", "Лебедева", "Кузнецова", "Новикова")
FIRST = ("Анна", "Мария", "Ольга", "Елена", "Ксения", "Полина")
MIDDLE = ("Петровна", "Игоревна", "Сергеевна", "Олеговна")
STREETS = ("Садовая", "Лесная", "Школьная", "Полевая", "Озёрная")
DEVICES = (
    ("ноутбук", "Lenovo IdeaPad 3"),
    ("телефон", "Samsung Galaxy A54"),
    ("телевизор", "LG 43UQ75"),
    ("холодильник", "Атлант ХМ 4624"),
)


@dataclass(frozen=True)
class Person:
    """A client with passport data and devices as pairs of type and title."""

    phone: str
    email: str
    password: str
    passport: dict[str, str]
    devices: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return f"{self.passport['last_name']} {self.passport['first_name']}"


def invent(chance: random.Random) -> Person:
    address = f"г. Москва, ул. {chance.choice(STREETS)}, д. {chance.randrange(1, 90)}, кв. {chance.randrange(1, 200)}"
    phone = f"9{chance.randrange(10**8, 10**9)}"
    passport = {
        "last_name": chance.choice(LAST),
        "first_name": chance.choice(FIRST),
        "middle_name": chance.choice(MIDDLE),
        "series": f"99{chance.randrange(10, 25)}",
        "number": f"{chance.randrange(10**5, 10**6)}",
        "issued_by": "Отделением внутренних дел для примеров",
        "issue_code": "770-001",
        "issue_date": f"20{chance.randrange(15, 24)}-0{chance.randrange(1, 9)}-1{chance.randrange(10)}",
        "registration_address": address,
    }
    password = f"зелёный чайник {chance.randrange(100, 1000)}"
    return Person(phone, f"demo{phone}@example.com", password, passport, tuple(chance.sample(DEVICES, 2)))
