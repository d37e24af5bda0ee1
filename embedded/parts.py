"""The embedded parts of one `make up`, and the environment that leads the children to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from embedded.config import UpConfig
from embedded.postgres import Postgres
from embedded.sandbox import Sandbox
from embedded.store import Store
from embedded.temporal import Temporal

SANDBOX_MASTER_BOT = "1000000002:SANDBOX-master-bot-token-000000002"
"""Known to the sandbox and to nobody else; the settings refuse it beside the real Telegram."""


@dataclass(frozen=True)
class Parts:
    """None: the environment names a server of somebody else, and nothing is started."""

    postgres: Postgres | None
    temporal: Temporal | None
    store: Store | None
    sandbox: Sandbox | None

    def started(self) -> list[Postgres | Temporal | Store | Sandbox]:
        return [part for part in (self.postgres, self.temporal, self.store, self.sandbox) if part]


def embedded_parts(config: UpConfig, secrets: Mapping[str, str]) -> Parts:
    """The servers listen on the loopback address only, whatever HOST is; the API and the Web UI follow HOST."""
    folder, ports = config.data_dir, config.ports
    postgres = Postgres(folder, ports["POSTGRES_PORT"], secrets["POSTGRES_PASSWORD"], config.reach)
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
    )
    return Parts(
        postgres=None if config.database_url else postgres,
        temporal=None if config.temporal_address else temporal,
        store=None if config.s3_endpoint else store,
        sandbox=sandbox if config.plays_telegram or config.plays_avito else None,
    )


def children_environment(
    config: UpConfig, parts: Parts, secrets: Mapping[str, str], seal: Path, given: Mapping[str, str]
) -> dict[str, str]:
    """What api, workers and migrations get on top of what was given, which always wins."""
    own = {
        "HOST": config.host,
        "PORT": str(config.ports["PORT"]),
        "DATA_DIR": str(config.data_dir),
        "TEMPORAL_NAMESPACE": "default",
        "TEMPORAL_UI_PORT": str(config.ports["TEMPORAL_UI_PORT"]),
        "S3_BUCKET": config.bucket,
        "S3_REGION": config.region,
        "S3_UPLOADS": "auto",
        "SEAL_PKCS12_PATH": str(seal),
        "WEBHOOK_BASE_URL": config.app_url,
        "PYTHONUNBUFFERED": "1",
    }
    if parts.postgres:
        own |= {"DATABASE_URL": parts.postgres.url, "PRIVET_EMBEDDED": "1"}
    if parts.temporal:
        own["TEMPORAL_ADDRESS"] = parts.temporal.address
    if parts.store:
        own |= {"S3_ENDPOINT": parts.store.endpoint, "S3_PUBLIC_ENDPOINT": parts.store.endpoint}
    if parts.sandbox:
        own |= {"TELEGRAM_API_BASE": parts.sandbox.url, "AVITO_API_BASE": parts.sandbox.url}
        if config.plays_both_sides:
            own |= {"MASTER_BOT_TOKEN": SANDBOX_MASTER_BOT, "PRIVET_SANDBOX": "1"}
    if given.get("WEBHOOK_BASE_URL") == "":
        own["WEBHOOK_BASE_URL"] = ""  # the one variable whose emptiness says something: bots are polled
    keys = {name: value for name, value in secrets.items() if _is_for_children(name, parts)}
    return {**own, **keys, **{name: value for name, value in given.items() if value and name in (own | keys)}}


def _is_for_children(name: str, parts: Parts) -> bool:
    if name == "POSTGRES_PASSWORD":
        return False
    return parts.store is not None or not name.startswith("S3_")
