"""The settings of `make up`, read from environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

PORTS = {
    "PORT": 8000,
    "TEMPORAL_PORT": 7233,
    "TEMPORAL_UI_PORT": 8233,
    "S3_PORT": 9000,
    "POSTGRES_PORT": 5433,
    "SANDBOX_PORT": 8100,
}


SMTP_PORT = "SANDBOX_SMTP_PORT"


class BadSetting(Exception):
    """A variable has an invalid value; the text names it."""


@dataclass(frozen=True)
class UpConfig:
    """The variables of `make up`; where an address is None, `make up` starts the server."""

    host: str
    ports: Mapping[str, int]
    data_dir: Path
    database_url: str | None
    temporal_address: str | None
    s3_endpoint: str | None
    telegram_api_base: str | None
    avito_api_base: str | None
    bucket: str
    region: str
    smtp_port: int | None = None
    """Of the sandbox's mail server; None: a free one is picked at each start."""

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """An empty variable counts as not set; raises BadSetting."""
        given = {name: value for name, value in environment.items() if value}
        return cls(
            host=given.get("HOST", "127.0.0.1"),
            ports={name: _port(name, given.get(name, str(default))) for name, default in PORTS.items()},
            data_dir=Path(given.get("DATA_DIR", ".data")).absolute(),
            database_url=given.get("DATABASE_URL"),
            temporal_address=given.get("TEMPORAL_ADDRESS"),
            s3_endpoint=given.get("S3_ENDPOINT"),
            telegram_api_base=given.get("TELEGRAM_API_BASE"),
            avito_api_base=given.get("AVITO_API_BASE"),
            bucket=given.get("S3_BUCKET", "privet-bucket"),
            region=given.get("S3_REGION", "us-east-1"),
            smtp_port=_port(SMTP_PORT, given[SMTP_PORT]) if SMTP_PORT in given else None,
        )

    @property
    def reach(self) -> str:
        """The address by which this machine reaches a server that listens on `host`."""
        return "127.0.0.1" if self.host in ("0.0.0.0", "::", "*") else self.host  # noqa: S104 - compared, not bound

    @property
    def app_url(self) -> str:
        return f"http://{self.reach}:{self.ports['PORT']}"

    @property
    def sandbox_url(self) -> str:
        return f"http://{self.reach}:{self.ports['SANDBOX_PORT']}"

    @property
    def plays_telegram(self) -> bool:
        return self.telegram_api_base is None

    @property
    def plays_avito(self) -> bool:
        return self.avito_api_base is None

    @property
    def plays_both_sides(self) -> bool:
        """Demo bots and chats are made in this case only."""
        return self.plays_telegram and self.plays_avito

    def needed_ports(self) -> dict[str, int]:
        """The ports that `make up` listens on, by the name of their variable."""
        absent = {
            *(("POSTGRES_PORT",) if self.database_url else ()),
            *(("TEMPORAL_PORT", "TEMPORAL_UI_PORT") if self.temporal_address else ()),
            *(("S3_PORT",) if self.s3_endpoint else ()),
            *(() if self.plays_telegram or self.plays_avito else ("SANDBOX_PORT",)),
        }
        smtp = {SMTP_PORT: self.smtp_port} if self.smtp_port and "SANDBOX_PORT" not in absent else {}
        return {name: port for name, port in self.ports.items() if name not in absent} | smtp


def _port(name: str, value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise BadSetting(f"{name}={value} is not a port number")
    return int(value)
