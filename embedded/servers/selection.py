"""Selects and configures the servers of `make up`: those whose address is not set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from embedded.config import UpConfig
from embedded.servers.postgres import Postgres
from embedded.servers.sandbox import Sandbox
from embedded.servers.store import Store
from embedded.servers.temporal import Temporal

Server: TypeAlias = Postgres | Temporal | Store | Sandbox


@dataclass(frozen=True)
class Servers:
    """The servers to start; None where the environment gives the address of another one."""

    postgres: Postgres | None
    temporal: Temporal | None
    store: Store | None
    sandbox: Sandbox | None

    def started(self) -> list[Server]:
        return [server for server in (self.postgres, self.temporal, self.store, self.sandbox) if server]


def select_servers(config: UpConfig, secrets: Mapping[str, str]) -> Servers:
    """Configure the servers of `config`; each listens on the address by which this machine reaches HOST."""
    folder, ports = config.data_dir, config.ports
    postgres = Postgres(
        folder,
        ports["POSTGRES_PORT"],
        secrets["POSTGRES_PASSWORD"],
        secrets["PRIVET_APP_DB_PASSWORD"],
        config.reach,
    )
    temporal = Temporal(
        folder, ports["TEMPORAL_PORT"], ports["TEMPORAL_UI_PORT"], f"{config.app_url}/codec", config.reach
    )
    store = Store(
        folder,
        ports["S3_PORT"],
        secrets["S3_ACCESS_KEY"],
        secrets["S3_SECRET_KEY"],
        config.bucket,
        config.region,
        config.app_url,
        config.reach,
    )
    sandbox = Sandbox(
        folder,
        ports["SANDBOX_PORT"],
        config.reach,
        config.plays_both_sides,
        config.app_url,
        None if config.temporal_address else temporal.ui_url,
        config.smtp_port,
    )
    return Servers(
        postgres=None if config.database_url else postgres,
        temporal=None if config.temporal_address else temporal,
        store=None if config.s3_endpoint else store,
        sandbox=sandbox if config.plays_telegram or config.plays_avito else None,
    )
