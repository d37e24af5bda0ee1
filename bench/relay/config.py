"""The configuration of a rival's processes, one JSON file."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class RivalConfig:
    """`kind` is bare, list or celery; `topics` maps Avito chats to threads of the group."""

    kind: str
    telegram: str
    bot_token: str
    group: int
    topics: dict[str, int]
    redis: str
    port: int

    @classmethod
    def read(cls, file: str) -> Self:
        return cls(**json.loads(Path(file).read_text()))

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self)))

    @property
    def send_message(self) -> str:
        return f"{self.telegram}/bot{self.bot_token}/sendMessage"

    def message(self, chat: str, text: str) -> dict[str, object]:
        return {"chat_id": self.group, "message_thread_id": self.topics[chat], "text": text}
