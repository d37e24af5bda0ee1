"""Objects that all entry points build from the settings: keys, the store, Telegram, mail, the Temporal client."""

from pathlib import Path

import httpx
from asn1crypto.x509 import Certificate
from temporalio.client import Client

from domain.deliveries.delivery import Channel
from domain.kernel.crypto import Keyring
from domain.people.one_time_code import CodeRules
from gateways.mail.client import Mailer, MailServer
from gateways.mail.letter import Mailbox
from gateways.sms.client import SmsRu
from gateways.stamping.client import Stamping
from gateways.stamping.token import roots_of
from gateways.storage.client import Storage
from gateways.telegram.client import TelegramApi
from gateways.temporal.client import connect, runtime, tls_config
from settings import MissingSettings, Settings


def keyring(settings: Settings) -> Keyring:
    return Keyring.parse(settings.data_keys.get_secret_value())


def file_of(variable: str, path: Path) -> bytes:
    """The content of the file of a setting; raises `MissingSettings`."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise MissingSettings(f"Cannot start, {variable}: {path} cannot be read: {error.strerror}") from None


def storage(settings: Settings) -> Storage:
    return Storage(
        settings.s3_endpoint,
        settings.s3_access_key.get_secret_value(),
        settings.s3_secret_key.get_secret_value(),
        settings.s3_bucket,
        settings.s3_region,
        settings.s3_public_endpoint,
    )


def stamping(settings: Settings, http: httpx.AsyncClient) -> Stamping | None:
    """The authority of TSA_URL; None without one."""
    if settings.tsa_url is None:
        return None
    return Stamping(http, settings.tsa_url.get_secret_value(), authorities(settings))


def authorities(settings: Settings) -> list[Certificate]:
    """Whose time stamps are believed, none: whoever's they are. Raises `MissingSettings` for a wrong TSA_CA_PATH."""
    try:
        return roots_of(file_of("TSA_CA_PATH", settings.tsa_ca_path)) if settings.tsa_ca_path else []
    except ValueError:
        raise MissingSettings(
            f"Cannot start, TSA_CA_PATH: {settings.tsa_ca_path} holds other things than certificates (PEM)"
        ) from None


def telegram(settings: Settings) -> TelegramApi:
    proxy = settings.telegram_proxy
    return TelegramApi(settings.telegram_api_base, proxy=proxy.get_secret_value() if proxy else None)


def mailer(settings: Settings) -> Mailer | None:
    """None without SMTP_URL: nothing goes by mail."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    reply_to = Mailbox.parse(settings.mail_reply_to) if settings.mail_reply_to else None
    return Mailer(MailServer.parse(settings.smtp_url.get_secret_value()), Mailbox.parse(settings.mail_from), reply_to)


async def temporal(settings: Settings, keys: Keyring, *, lazy: bool, metrics: str | None = None) -> Client:
    """Connect to Temporal; a worker needs `lazy=False`. `metrics` is `host:port` for Prometheus."""
    api_key = settings.temporal_api_key
    return await connect(
        settings.temporal_address,
        settings.temporal_namespace,
        keys,
        api_key=api_key.get_secret_value() if api_key else None,
        tls=tls_config(settings.temporal_tls_cert, settings.temporal_tls_key, settings.temporal_tls_ca),
        lazy=lazy,
        runtime=runtime(metrics) if metrics else None,
    )


def code_rules(settings: Settings) -> CodeRules:
    return CodeRules(settings.otp_ttl_seconds, settings.otp_max_attempts, settings.otp_resend_seconds)


def sms(settings: Settings, http: httpx.AsyncClient) -> SmsRu | None:
    """None without a key: the channel is off."""
    key = settings.sms_api_key
    return SmsRu(http, settings.sms_api_base, key.get_secret_value()) if key else None


def confirming_channels(settings: Settings) -> frozenset[Channel]:
    """By which a phone or an e-mail address can be confirmed."""
    on = {Channel.SMS: settings.sms_api_key is not None, Channel.MAIL: settings.smtp_url is not None}
    return frozenset(channel for channel, there in on.items() if there)
