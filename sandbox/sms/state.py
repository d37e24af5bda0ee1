"""Messages that were taken, where they stand by the clock, and the telephones that show them."""

import secrets
from dataclasses import asdict, dataclass, field
from typing import Any, Final, TypeAlias

from sandbox.clock import Now

Json: TypeAlias = dict[str, Any]

KEY: Final = "SANDBOX-sms-api-id-0000-000000000001"
"""The api_id that is taken; settings refuse it with the real SMS.ru."""

QUEUED, PASSED_ON, ON_THE_WAY, DELIVERED, EXPIRED = 100, 101, 102, 103, 104
STEPS: Final = ((0.5, QUEUED), (1.0, PASSED_ON), (1.5, ON_THE_WAY))
"""Until how many seconds after the call a message has which status; delivered afterwards."""

PRICE: Final = 7.5
"""Roubles a part."""

LIFETIME: Final = 24 * 3600
"""Seconds without a ttl of the caller."""


@dataclass
class Sms:
    """`number` has eleven digits. `off_at`: the phone was off at that time and until `on_at`."""

    id: str
    number: str
    text: str
    sent_at: float
    ttl: float
    arrived_at: float | None = None
    copies: int = 1


@dataclass
class Phone:
    """`off`: nothing arrives until it is switched on."""

    number: str
    off: bool = False


@dataclass
class Kept:
    messages: list[Sms] = field(default_factory=list)
    phones: list[Phone] = field(default_factory=list)
    balance: float = 1000.0


class Telephones:
    def __init__(self, now: Now) -> None:
        self.now = now
        self.kept = Kept()

    def take(self, number: str, text: str, ttl: float | None, copies: int = 1) -> Sms:
        """A message that was paid for; it arrives as soon as the phone is on."""
        sms_id = f"{self._year()}-{secrets.randbelow(10**7):07}"
        message = Sms(sms_id, number, text, self.now(), LIFETIME if ttl is None else ttl, copies=copies)
        self.kept.messages.append(message)
        self.kept.balance -= PRICE * parts(text)
        self._phone(number)
        return message

    def switch(self, number: str, off: bool) -> Phone:
        """A phone that is switched on gets what has not expired."""
        self.arrive()
        phone = self._phone(number)
        phone.off = off
        self.arrive()
        return phone

    def find(self, sms_id: str) -> Sms | None:
        return next((one for one in self.kept.messages if one.id == sms_id), None)

    def status(self, message: Sms) -> int:
        self.arrive()
        age = self.now() - message.sent_at
        for seconds, code in STEPS:
            if age < seconds:
                return code
        if message.arrived_at is not None:
            return DELIVERED
        return EXPIRED if age >= message.ttl else ON_THE_WAY

    def arrive(self) -> None:
        """What is under way reaches the phones that are on."""
        now, off = self.now(), {phone.number for phone in self.kept.phones if phone.off}
        for one in self.kept.messages:
            if one.arrived_at is None and one.number not in off and now - one.sent_at < one.ttl:
                one.arrived_at = now

    def clear(self) -> None:
        self.kept = Kept()

    def snapshot(self) -> Json:
        return asdict(self.kept)

    def restore(self, saved: Json) -> None:
        self.kept = Kept(
            [Sms(**one) for one in saved["messages"]], [Phone(**one) for one in saved["phones"]], saved["balance"]
        )

    def view(self) -> list[Json]:
        """Each phone with what arrived on it, in the order of the messages; those that last got one first."""
        self.arrive()
        shown = [self._shown(phone) for phone in self.kept.phones]
        return sorted(shown, key=lambda phone: -max((one["at"] for one in phone["messages"]), default=0.0))

    def _shown(self, phone: Phone) -> Json:
        own = [one for one in self.kept.messages if one.number == phone.number]
        messages = [
            {"id": one.id, "text": one.text, "at": one.arrived_at, "copy": copy}
            for one in own
            for copy in range(one.copies)
            if one.arrived_at is not None
        ]
        waiting = sum(1 for one in own if one.arrived_at is None and self.status(one) != EXPIRED)
        return {"number": phone.number, "off": phone.off, "waiting": waiting, "messages": messages}

    def _phone(self, number: str) -> Phone:
        known = next((one for one in self.kept.phones if one.number == number), None)
        if known is None:
            known = Phone(number)
            self.kept.phones.append(known)
        return known

    def _year(self) -> int:
        return 202600 + int(self.now() // 86_400) % 100


def parts(text: str) -> int:
    """Of one SMS: 70 characters in Cyrillic, 160 in Latin, fewer in each of several."""
    cyrillic = not text.isascii()
    one, several = (70, 67) if cyrillic else (160, 153)
    return 1 if len(text) <= one else -(-len(text) // several)
