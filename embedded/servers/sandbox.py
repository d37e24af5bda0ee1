"""The sandbox: one process that emulates Telegram, Avito and a mail server, with a page to act as their people."""

import sys
from dataclasses import dataclass
from pathlib import Path

import httpx

from supervisor.command import Command
from supervisor.readiness import NotReady, until

ROOT = Path(__file__).resolve().parents[2]

MASTER_BOT = "1000000002:SANDBOX-master-bot-token-000000002"
"""A token that exists in the sandbox only; the settings refuse it with the real Telegram."""

SMS_KEY = "SANDBOX-sms-api-id-0000-000000000001"  # opens nothing but the sandbox's telephones
"""The api_id that the sandbox takes; the settings refuse it elsewhere."""

MAIL_LOGIN = "sandbox:SANDBOX-mail-password"
MAIL_FROM = "Привет <hello@sandbox.privet.test>"
"""Log-in and sender of the sandbox's mail; the settings refuse both elsewhere."""


@dataclass(frozen=True)
class Sandbox:
    """A sandbox with its data in `folder`; with `seed` an empty one gets a bot, a group and two chats."""

    folder: Path
    port: int
    host: str = "127.0.0.1"
    seed: bool = True
    app_url: str | None = None
    temporal_ui: str | None = None
    """Links on the page."""
    smtp_port: int | None = None
    """None: no mail server."""
    name: str = "sandbox"

    @property
    def url(self) -> str:
        """Base of both APIs and of the page."""
        return f"http://{self.host}:{self.port}"

    @property
    def smtp_url(self) -> str | None:
        return f"smtp://{MAIL_LOGIN}@{self.host}:{self.smtp_port}" if self.smtp_port else None

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def command(self) -> Command:
        return Command(
            argv=(sys.executable, "-m", "sandbox"),
            env={
                "HOST": self.host,
                "SANDBOX_PORT": str(self.port),
                "SANDBOX_SMTP_PORT": str(self.smtp_port or ""),
                "DATA_DIR": str(self.folder.absolute()),
                "SANDBOX_SEED": "1" if self.seed else "0",
                "SANDBOX_APP_URL": self.app_url or "",
                "SANDBOX_TEMPORAL_UI": self.temporal_ui or "",
                "PYTHONUNBUFFERED": "1",
            },
            cwd=ROOT,
        )

    async def wait_ready(self, patience: float = 30) -> None:
        """Raises TimeoutError."""
        await until(self._answers, patience, "The sandbox")

    async def _answers(self) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
            try:
                response = await http.get(f"{self.url}/sandbox/faults")
            except httpx.HTTPError as error:
                raise NotReady(type(error).__name__) from error
        if not response.is_success:
            raise NotReady(f"answers {response.status_code}")
