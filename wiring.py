"""Objects that all entry points build from the settings: keys, the object store, Telegram, the Temporal client."""

from temporalio.client import Client

from domain.kernel.crypto import Keyring, NamedSecrets
from gateways.storage.client import Storage
from gateways.telegram.client import TelegramApi
from gateways.temporal.client import connect, runtime, tls_config
from settings import Settings


def keyring(settings: Settings) -> Keyring:
    return Keyring.parse(settings.data_keys.get_secret_value())


def signature_secrets(settings: Settings) -> NamedSecrets:
    return NamedSecrets.parse(settings.contract_signature_secret.get_secret_value())


def storage(settings: Settings) -> Storage:
    return Storage(
        settings.s3_endpoint,
        settings.s3_access_key.get_secret_value(),
        settings.s3_secret_key.get_secret_value(),
        settings.s3_bucket,
        settings.s3_region,
        settings.s3_public_endpoint,
    )


def telegram(settings: Settings) -> TelegramApi:
    proxy = settings.telegram_proxy
    return TelegramApi(settings.telegram_api_base, proxy=proxy.get_secret_value() if proxy else None)


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
