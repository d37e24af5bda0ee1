"""The owners' daily note, in words: the anchor as attachments, and the digest of the day."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Note:
    """`stamped_at` is in the organisation's zone; None without a stamp. `findings` and `flags` are None if nothing was
    compared or counted."""

    name: str
    day: date
    leaves: int
    sha256: str
    root: str
    signatures: int | None
    flags: int | None
    breaks: int | None
    findings: int | None
    stamped_at: datetime | None
    authority: str | None

    @property
    def is_alarm(self) -> bool:
        return bool(self.findings or self.breaks)

    def subject(self) -> str:
        if self.is_alarm:
            return f"ТРЕВОГА: история клиентов изменена (якорь {self.name})"
        return f"Ежедневный якорь {self.name}"

    def text(self) -> str:
        return "\n".join([*self._alarm(), *self._digest(), *self._anchor(), "", *_KEEP]) + "\n"

    def _alarm(self) -> list[str]:
        if not self.is_alarm:
            return []
        return [
            "ВНИМАНИЕ. История клиентов отличается от той, что была заверена раньше: записи изменены или удалены.",
            "Сохраните это письмо и прежние письма с якорями, позовите того, кто отвечает за систему, "
            "и не удаляйте ничего сами.",
            "",
        ]

    def _digest(self) -> list[str]:
        shown = (
            ("Подписано договоров за прошедшие сутки", self.signatures),
            ("Отмечено подписаний и учётных записей (сеть или браузер сотрудника)", self.flags),
            ("Разрывов в цепочках истории", self.breaks),
            ("Отличий от предыдущего якоря", self.findings),
        )
        return [f"{what}: {count}" for what, count in shown if count is not None] + [""]

    def _anchor(self) -> list[str]:
        stamp = (
            f"Метка времени: {self.stamped_at:%d.%m.%Y %H:%M:%S %Z}, {self.authority}"
            if self.stamped_at
            else "Метка времени: служба времени не ответила, метка придёт следующим письмом"
        )
        return [
            f"Якорь {self.name}: заверены истории {self.leaves} клиентов.",
            f"Корень: {self.root}",
            f"SHA-256 файла anchor.json: {self.sha256}",
            stamp,
        ]


_KEEP = (
    "Сохраните это письмо с вложениями вне нашей системы. Если кто-то, даже владелец базы данных, перепишет историю",
    "задним числом, это будет видно по этому файлу. Проверить: python -m worker.evidence compare anchor.json",
)
