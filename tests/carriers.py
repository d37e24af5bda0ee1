"""Carriers that remember what they were given, and answer as a test says."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from activities.deliveries.carrier import Outgoing, Receipt

Answer: TypeAlias = str | BaseException | Callable[[Outgoing], Awaitable[str]]


@dataclass
class FakeCarrier:
    """`answers` to sends, `receipts` to questions, one after the other; then it takes everything and knows nothing."""

    gives_receipts: bool = True
    answers: list[Answer] = field(default_factory=list)
    receipts: list[Receipt | BaseException | None] = field(default_factory=list)
    sent: list[Outgoing] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def send(self, message: Outgoing) -> str:
        self.sent.append(message)
        answer = self.answers.pop(0) if self.answers else f"id-{len(self.sent)}"
        if isinstance(answer, BaseException):
            raise answer
        return answer if isinstance(answer, str) else await answer(message)

    async def receipt(self, provider_id: str) -> Receipt | None:
        self.asked.append(provider_id)
        answer = self.receipts.pop(0) if self.receipts else None
        if isinstance(answer, BaseException):
            raise answer
        return answer
