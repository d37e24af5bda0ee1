"""The environment by which API, workers and migrations reach the servers of `make up`.

Only the migrations get the address of the tables' owner.
"""

from collections.abc import Mapping
from pathlib import Path

from domain.kernel.secrecy import OF_SEAL
from embedded.config import UpConfig
from embedded.credentials import OF_DATABASE
from embedded.servers.sandbox import MAIL_FROM, MASTER_BOT, SMS_KEY
from embedded.servers.selection import Servers

REGISTRATIONS = "1000"
"""Beside the sandbox everybody comes from this machine: a demo may be repeated within an hour."""


def children_environment(
    config: UpConfig, servers: Servers, secrets: Mapping[str, str], seal: Path, given: Mapping[str, str]
) -> dict[str, str]:
    """The variables of all processes together; values of `given` take precedence."""
    own = {
        "PRIVET_UP": "1",
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
    if servers.postgres:
        own |= {"DATABASE_URL": servers.postgres.url, "PRIVET_EMBEDDED": "1"}
    if servers.temporal:
        own["TEMPORAL_ADDRESS"] = servers.temporal.address
    if servers.store:
        own |= {"S3_ENDPOINT": servers.store.endpoint, "S3_PUBLIC_ENDPOINT": servers.store.endpoint}
    if servers.sandbox:
        own |= {"TELEGRAM_API_BASE": servers.sandbox.url, "AVITO_API_BASE": servers.sandbox.url}
        own["TSA_URL"] = f"{servers.sandbox.url}/tsa"
        if config.plays_both_sides:
            own |= {"MASTER_BOT_TOKEN": MASTER_BOT, "PRIVET_SANDBOX": "1", "REGISTRATIONS_PER_HOUR": REGISTRATIONS}
            if servers.sandbox.smtp_url and not given.get("SMTP_URL"):
                own |= {"SMTP_URL": servers.sandbox.smtp_url, "MAIL_FROM": MAIL_FROM}
            if not given.get("SMS_API_KEY") and not given.get("SMS_API_BASE"):
                own |= {"SMS_API_BASE": servers.sandbox.url, "SMS_API_KEY": SMS_KEY}
    if given.get("WEBHOOK_BASE_URL") == "":
        own["WEBHOOK_BASE_URL"] = ""  # empty is a value of this variable: bots are polled
    keys = {name: value for name, value in secrets.items() if _is_for_children(name, servers)}
    chosen = {name: value for name, value in given.items() if value and name in (own | keys)}
    # Emptied, because children inherit the variables of `make up` itself.
    return {**own, **keys, **chosen, "MIGRATION_DATABASE_URL": ""}


def migration_environment(servers: Servers, given: Mapping[str, str]) -> dict[str, str]:
    """What the migrations get beside the variables of all children."""
    url = servers.postgres.owner_url if servers.postgres else given.get("MIGRATION_DATABASE_URL", "")
    return {"MIGRATION_DATABASE_URL": url}


def without_seal(environment: Mapping[str, str]) -> dict[str, str]:
    """For every process but the sealing one; empty, because a child inherits what the shell has."""
    return {**environment, **dict.fromkeys(OF_SEAL, "")}


def _is_for_children(name: str, servers: Servers) -> bool:
    if name in OF_DATABASE:
        return False
    return servers.store is not None or not name.startswith("S3_")
