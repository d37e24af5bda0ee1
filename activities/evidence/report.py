"""What a check of a bundle has found, for a person."""

from dataclasses import dataclass, field
from enum import StrEnum


class Mark(StrEnum):
    GOOD = "✓"
    BAD = "✗"
    OPEN = "–"


@dataclass
class Report:
    """Lines for a person; `OPEN` is what the bundle does not prove, which is no fault of it."""

    lines: list[tuple[Mark, str]] = field(default_factory=list)

    def good(self, text: str) -> None:
        self.lines.append((Mark.GOOD, text))

    def bad(self, text: str) -> None:
        self.lines.append((Mark.BAD, text))

    def open(self, text: str) -> None:
        self.lines.append((Mark.OPEN, text))

    @property
    def holds(self) -> bool:
        return bool(self.lines) and all(mark is not Mark.BAD for mark, _ in self.lines)

    def text(self) -> str:
        said = "ПОДТВЕРЖДЕНО: комплект цел, противоречий нет." if self.holds else "НЕ ПОДТВЕРЖДЕНО."
        return "\n".join([*(f"{mark} {text}" for mark, text in self.lines), "", said]) + "\n"


class Contradiction(ValueError):
    """Parts of the bundle contradict each other; the text is a Russian sentence for the report."""
