"""Settings from the environment, read once by each entry point and passed on as plain values."""

from pathlib import Path
from typing import Final, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SHORTEST_SECRET = 32
"""Characters; a shorter secret is refused."""

PLACEHOLDERS = ("change", "changeme", "secret", "example", "default", "xxx", "replace")

TELEGRAM: Final = "https://api.telegram.org"
AVITO: Final = "https://api.avito.ru"

TELEGRAM_GROUP_PER_MINUTE: Final = 20
"""Telegram's own limit for a bot in one group."""

SANDBOX_MARK: Final = "sandbox"
"""Part of every token and secret of the sandbox; such a value is refused outside of it."""

PROXIES: Final = ("http", "https", "socks5", "socks5h")
"""Schemes of TELEGRAM_PROXY."""

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class MissingSettings(SystemExit):
    """Stops the start with one line per missing or invalid variable, without values."""


class Settings(BaseSettings):
    """All environment variables; their names are the upper-case field names."""

    model_config = SettingsConfigDict(
        frozen=True, env_file=".env", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True
    )

    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = Path(".data")
    database_url: SecretStr
    database_pool: int = Field(default=20, ge=2, le=200)

    temporal_address: str
    temporal_namespace: str = "default"
    temporal_api_key: SecretStr | None = None
    temporal_tls_ca: Path | None = None
    temporal_tls_cert: Path | None = None
    temporal_tls_key: Path | None = None
    temporal_ui_port: int = 8233
    temporal_ui_url: str | None = None

    s3_endpoint: str
    s3_public_endpoint: str | None = None
    s3_access_key: SecretStr
    s3_secret_key: SecretStr
    s3_bucket: str = Field(default="privet-bucket", min_length=3)
    s3_region: str = "us-east-1"
    s3_uploads: Literal["auto", "direct", "gateway"] = "auto"

    jwt_secret: SecretStr
    manager_jwt_secret: SecretStr
    contract_signature_secret: SecretStr
    data_keys: SecretStr
    seal_pkcs12_path: Path
    seal_passphrase: SecretStr

    manager_access_token_expire_minutes: int = Field(default=120, ge=1)
    otp_ttl_seconds: int = Field(default=600, ge=60, le=600)
    otp_max_attempts: int = Field(default=5, ge=1, le=10)
    otp_resend_seconds: int = Field(default=60, ge=1)
    offer_hours: int = Field(default=72, ge=1)
    business_timezone: str = "Europe/Moscow"
    public_web_url: str | None = None
    cors_allow_origins: str = ""
    trusted_proxies: str = ""
    metrics_port: int = Field(default=0, ge=0, le=65_535)
    worker_metrics_port: int = 0

    telegram_api_base: str = TELEGRAM
    telegram_proxy: SecretStr | None = None
    avito_api_base: str = AVITO
    webhook_base_url: str | None = None
    telegram_group_per_minute: int | None = Field(default=None, ge=0, le=10_000)
    auto_reply_delay_seconds: int = Field(default=75, ge=1, le=3600)
    avito_sweep_seconds: int = Field(default=30, ge=2, le=3600)
    master_bot_token: SecretStr | None = None
    master_bot_secret: SecretStr | None = None

    executor_name: str = "ООО «Привет»"
    executor_inn: str = "0000000000"
    executor_ogrn: str = "0000000000000"
    executor_address: str = "г. Москва"
    executor_phone: str = "+7 000 000-00-00"
    executor_email: str = "info@example.com"

    @field_validator("business_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        ZoneInfo(value)
        return value

    @field_validator("telegram_api_base", "avito_api_base", "webhook_base_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        """Requires a scheme and a host; removes the slash at the end, because paths are appended."""
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an address with http:// or https://")
        return value.rstrip("/")

    @field_validator("telegram_proxy")
    @classmethod
    def _proxy(cls, value: SecretStr | None) -> SecretStr | None:
        """Messages never hold the value, which may carry a password."""
        if value is not None and not _is_proxy(value.get_secret_value()):
            raise ValueError(
                "must be http://, https:// or socks5:// with a host, as in socks5://user:password@host:1080"
            )
        return value

    @model_validator(mode="after")
    def _no_sandbox_value(self) -> Self:
        """Refuses the sandbox's public values outside of it, where they would open the master bot to anyone."""
        given = {"MASTER_BOT_TOKEN": self.master_bot_token, "MASTER_BOT_SECRET": self.master_bot_secret}
        values = {name: secret.get_secret_value() for name, secret in given.items() if secret}
        if self.plays_outside_world:
            return self
        if known := [name for name, value in values.items() if SANDBOX_MARK in value.lower()]:
            raise ValueError(f"{', '.join(known)}: the sandbox's value, and Telegram or Avito is not the sandbox")
        if (secret := values.get("MASTER_BOT_SECRET")) and _is_weak(secret):
            raise ValueError(f"MASTER_BOT_SECRET: shorter than {SHORTEST_SECRET} characters or a placeholder")
        return self

    @model_validator(mode="after")
    def _no_default_secret(self) -> Self:
        """No default credentials (ASVS 13.2.3): refuses weak or equal secrets."""
        secrets = {
            "JWT_SECRET": self.jwt_secret,
            "MANAGER_JWT_SECRET": self.manager_jwt_secret,
            "CONTRACT_SIGNATURE_SECRET": self.contract_signature_secret,
            "DATA_KEYS": self.data_keys,
        }
        weak = [name for name, secret in secrets.items() if _is_weak(secret.get_secret_value())]
        if weak:
            raise ValueError(f"{', '.join(weak)}: shorter than {SHORTEST_SECRET} characters or a placeholder")
        if self.jwt_secret.get_secret_value() == self.manager_jwt_secret.get_secret_value():
            raise ValueError("JWT_SECRET and MANAGER_JWT_SECRET must differ")
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.business_timezone)

    @property
    def plays_outside_world(self) -> bool:
        """Whether the sandbox replaces both Telegram and Avito: plain HTTP on this machine."""
        return all(self._is_here(base) for base in (self.telegram_api_base, self.avito_api_base))

    @property
    def group_per_minute(self) -> int:
        """Own budget of sends per Telegram group; 0: unlimited."""
        if self.telegram_group_per_minute is not None:
            return self.telegram_group_per_minute
        return TELEGRAM_GROUP_PER_MINUTE if self.telegram_api_base == TELEGRAM else 0

    def _is_here(self, base: str) -> bool:
        parts = urlsplit(base)
        return parts.scheme == "http" and parts.hostname in (*LOOPBACK, self.host)

    @property
    def metrics_on_main_port(self) -> bool:
        """Whether `GET /metrics` is one of the API's addresses: without a port of its own, on this machine alone.

        Behind a proxy it never is, because a proxy's rule for one path does not hold for the path's other spellings.
        """
        only_here = self.host in LOOPBACK and urlsplit(self.web_url).hostname in LOOPBACK
        return only_here and not self.metrics_port and not self.trusted_proxies

    @property
    def web_url(self) -> str:
        """Public address of the web app, without a slash at the end."""
        return (self.public_web_url or f"http://{self.host}:{self.port}").rstrip("/")


def load() -> Settings:
    """Read the settings; raises `MissingSettings`."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"  {'.'.join(map(str, item['loc'])).upper() or 'settings'}: {item['msg']}" for item in error.errors()]
        raise MissingSettings(
            "\n".join(["Cannot start, the settings are not complete (see .env.example):", *lines])
        ) from None


def _is_weak(secret: str) -> bool:
    words = secret.lower().replace("-", "").replace("_", "")
    return len(secret) < SHORTEST_SECRET or any(words.startswith(word) for word in PLACEHOLDERS)


def _is_proxy(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    visible = all(character.isprintable() and not character.isspace() for character in value)
    return parts.scheme in PROXIES and bool(parts.hostname) and port != 0 and bare and visible
