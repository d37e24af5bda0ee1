"""Settings from the environment, read once by each entry point and passed on as plain values."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, Self, TypeVar
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from domain.deliveries.code_channels import DEFAULT as DEFAULT_CHANNELS
from domain.deliveries.code_channels import code_channels
from domain.kernel import secrecy
from domain.kernel.crypto import Keyring
from gateways.mail.client import MailServer
from gateways.mail.letter import Mailbox

TELEGRAM: Final = "https://api.telegram.org"
AVITO: Final = "https://api.avito.ru"
SMS: Final = "https://sms.ru"

TELEGRAM_GROUP_PER_MINUTE: Final = 20
"""Telegram's own limit for a bot in one group."""

SANDBOX_MARK: Final = "sandbox"
"""Part of every token and secret of the sandbox; such a value is refused outside of it."""

PROXIES: Final = ("http", "https", "socks5", "socks5h")
"""Schemes of TELEGRAM_PROXY."""

MAKE_ONE: Final = 'make one: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
MAKE_KEY: Final = "make one as .env.example says: 32 random bytes in base64"

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


MAKE_UP: Final = "PRIVET_UP"
"""Variable that `make up` alone gives to its children, 1: pages may come by plain HTTP from this network."""


class MissingSettings(SystemExit):
    """Stops the start with one line per missing or invalid variable, without values."""


class Settings(BaseSettings):
    """The environment variables of API and workers; their names are the upper-case field names.

    The secrets of signatures are not among them: only the sealing process reads them (`seal_settings.py`).
    """

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
    data_keys: SecretStr

    manager_access_token_expire_minutes: int = Field(default=120, ge=1)
    otp_ttl_seconds: int = Field(default=600, ge=60, le=600)
    otp_max_attempts: int = Field(default=5, ge=1, le=10)
    otp_resend_seconds: int = Field(default=60, ge=1)
    signing_needs_confirmed_phone: bool = True
    registrations_per_hour: int = Field(default=20, ge=1, le=100_000)
    code_channels: str = DEFAULT_CHANNELS
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
    tsa_url: SecretStr | None = None
    tsa_ca_path: Path | None = None
    sms_api_base: str = SMS
    sms_api_key: SecretStr | None = None
    webhook_base_url: str | None = None
    telegram_group_per_minute: int | None = Field(default=None, ge=0, le=10_000)
    auto_reply_delay_seconds: int = Field(default=75, ge=1, le=3600)
    avito_sweep_seconds: int = Field(default=30, ge=2, le=3600)
    master_bot_token: SecretStr | None = None
    master_bot_secret: SecretStr | None = None
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    mail_reply_to: str | None = None

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

    @field_validator(
        *(
            "telegram_api_base",
            "avito_api_base",
            "sms_api_base",
            "webhook_base_url",
            "public_web_url",
            "s3_public_endpoint",
        ),
        "temporal_ui_url",
    )
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        """Requires a scheme and a host; removes the slash at the end, because paths are appended."""
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an address with http:// or https://")
        return value.rstrip("/")

    @field_validator("tsa_url")
    @classmethod
    def _authority(cls, value: SecretStr | None) -> SecretStr | None:
        """Messages never hold the value, which may carry a password. The protocol protects itself: http:// is usual."""
        parts = urlsplit(value.get_secret_value()) if value is not None else None
        if parts is not None and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("must be an address with http:// or https://")
        return value

    @field_validator("code_channels")
    @classmethod
    def _channels(cls, value: str) -> str:
        code_channels(value)
        return value

    @field_validator("telegram_proxy")
    @classmethod
    def _proxy(cls, value: SecretStr | None) -> SecretStr | None:
        """Messages never hold the value, which may carry a password."""
        if value is not None and not _is_proxy(value.get_secret_value()):
            raise ValueError(
                "must be http://, https:// or socks5:// with a host, as in socks5://user:password@host:1080"
            )
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        """Messages never hold the value, which may carry a password."""
        if value is not None:
            MailServer.parse(value.get_secret_value())
        return value

    @field_validator("mail_from", "mail_reply_to")
    @classmethod
    def _mailbox(cls, value: str | None) -> str | None:
        if value is not None:
            Mailbox.parse(value)
        return value

    @model_validator(mode="after")
    def _safe(self) -> Self:
        """No default credentials (ASVS 13.2.3), no trust in everybody: all faults at once, without values."""
        if faults := list(self._faults()):
            raise ValueError("\n".join(faults))
        return self

    def _faults(self) -> Iterator[str]:
        yield from self._weak_secrets()
        yield from self._sandbox_values()
        if fault_of_sms := self._fault_of_sms():
            yield fault_of_sms
        if os.environ.get(MAKE_UP) != "1":
            yield from self._plain_http()
        for name, fault in (
            ("TRUSTED_PROXIES", secrecy.fault_of_proxies(self.trusted_proxies)),
            ("CORS_ALLOW_ORIGINS", secrecy.fault_of_origins(self.cors_allow_origins)),
            ("DATABASE_URL", secrecy.fault_of_database(_open(self.database_url))),
            ("MAIL_FROM", "needed with SMTP_URL" if self.smtp_url and not self.mail_from else None),
        ):
            if fault:
                yield f"{name}: {fault}"

    def _weak_secrets(self) -> Iterator[str]:
        yield from self._weak_own()
        yield from faults_of_keys(
            "DATA_KEYS", _open(self.data_keys), Keyring.parse, secrecy.faults_of_data_keys, MAKE_KEY
        )
        if fault_of_store := secrecy.fault_of_store_keys(_open(self.s3_access_key), _open(self.s3_secret_key)):
            yield f"{fault_of_store}; {MAKE_ONE}"
        yield from secrecy.same_secrets(self._secrets())

    def _weak_own(self) -> Iterator[str]:
        """Of the secrets that not every process has."""
        for name, weak in (
            ("JWT_SECRET", secrecy.weakness(_open(self.jwt_secret))),
            ("MANAGER_JWT_SECRET", secrecy.weakness(_open(self.manager_jwt_secret))),
        ):
            if weak:
                yield f"{name}: {weak}; {MAKE_ONE}"

    def _secrets(self) -> Mapping[str, Sequence[str]]:
        """Values of all secrets by variable, to compare them with each other."""
        return {
            "JWT_SECRET": [_open(self.jwt_secret)],
            "MANAGER_JWT_SECRET": [_open(self.manager_jwt_secret)],
            "DATA_KEYS": secrecy.parts_of_named(_open(self.data_keys)),
            "S3_SECRET_KEY": [_open(self.s3_secret_key)],
            "MASTER_BOT_SECRET": [_open(self.master_bot_secret)],
            "DATABASE_URL": [urlsplit(_open(self.database_url)).password or ""],
            "SMS_API_KEY": [_open(self.sms_api_key)],
            "SMTP_URL": [unquote(urlsplit(_open(self.smtp_url)).password or "")],
        }

    def _sandbox_values(self) -> Iterator[str]:
        """The sandbox's public values outside of it, where they open the master bot to anyone, or lose mail."""
        if self.plays_outside_world:
            return
        for name, value in (
            ("MASTER_BOT_TOKEN", _open(self.master_bot_token)),
            ("MASTER_BOT_SECRET", _open(self.master_bot_secret)),
            ("SMS_API_KEY", _open(self.sms_api_key)),
            ("SMTP_URL", _open(self.smtp_url)),
            ("MAIL_FROM", self.mail_from or ""),
        ):
            if SANDBOX_MARK in value.lower():
                yield f"{name}: the sandbox's value, and Telegram or Avito is not the sandbox"
        secret = _open(self.master_bot_secret)
        if secret and (weak := secrecy.weakness(secret)):
            yield f"MASTER_BOT_SECRET: {weak}; {MAKE_ONE}"

    def _fault_of_sms(self) -> str | None:
        """Of key and address together: the key goes with every call."""
        key, base = _open(self.sms_api_key), self.sms_api_base
        if not key or self._is_here(base):
            return None
        if not base.startswith("https://"):
            return "SMS_API_BASE: must be https://, the key is sent to it"
        weak = secrecy.weakness(key)
        return f"SMS_API_KEY: {weak}; copy the api_id from the provider's page" if weak else None

    def _plain_http(self) -> Iterator[str]:
        store = "S3_PUBLIC_ENDPOINT" if self.s3_public_endpoint else "S3_ENDPOINT (or set S3_PUBLIC_ENDPOINT)"
        for name, address in (
            ("PUBLIC_WEB_URL", self.public_web_url),
            ("WEBHOOK_BASE_URL", self.webhook_base_url),
            (store, self.s3_public_endpoint or self.s3_endpoint),
            ("TEMPORAL_UI_URL", self.temporal_ui_url),
        ):
            if address and (fault := secrecy.fault_of_public_address(address)):
                yield f"{name}: {fault}"

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


AnySettings = TypeVar("AnySettings", bound=Settings)


def load() -> Settings:
    """Read the settings of every process but the sealing one; raises `MissingSettings`."""
    return read(Settings)


def read(kind: type[AnySettings]) -> AnySettings:
    """Read settings from the environment; raises `MissingSettings`."""
    try:
        return kind()
    except ValidationError as error:
        raise MissingSettings(
            "\n".join(["Cannot start, the settings are not complete or not safe (see .env.example):", *_lines(error)])
        ) from None


def _is_proxy(value: str) -> bool:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    visible = all(character.isprintable() and not character.isspace() for character in value)
    return parts.scheme in PROXIES and bool(parts.hostname) and port != 0 and bare and visible


def _lines(error: ValidationError) -> Iterator[str]:
    for item in error.errors():
        variable = ".".join(map(str, item["loc"])).upper()
        for line in item["msg"].removeprefix("Value error, ").split("\n"):
            yield f"  {variable}: {line}" if variable else f"  {line}"


def faults_of_keys(
    name: str, text: str, parse: Callable[[str], object], faults_of: Callable[[str], list[str]], advice: str
) -> Iterator[str]:
    try:
        parse(text)
    except ValueError as malformed:
        yield f"{malformed}; {advice}"
    else:
        yield from (f"{name}: {fault}; {advice}" for fault in faults_of(text))


def _open(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
