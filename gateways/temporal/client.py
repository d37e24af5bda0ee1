"""Connection to Temporal: encrypted payloads, short retries, metrics."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Final

from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)
from temporalio.service import GrpcCompression, RetryConfig, TLSConfig

from domain.kernel.crypto import Keyring
from gateways.temporal.codec import EncryptionCodec
from gateways.temporal.converter import PrivetPayloadConverter
from gateways.temporal.failures import PrivetFailureConverter

# People wait for most calls and may repeat them by Idempotency-Key: less patience than the SDK's 10 s.
SHORT_RETRIES: Final = RetryConfig(max_elapsed_time_millis=3000, max_retries=5)


async def connect(
    address: str,
    namespace: str,
    keyring: Keyring,
    api_key: str | None = None,
    tls: TLSConfig | bool | None = None,
    lazy: bool = True,
    runtime: Runtime | None = None,
) -> Client:
    """A client of `address` (`host:port`).

    Lazy, it connects at the first call, so that the API starts while Temporal is down; a worker passes `lazy=False` and
    gets a `RuntimeError` if Temporal does not answer. Without `tls`, TLS is used only with an `api_key`.
    """
    return await Client.connect(
        address,
        namespace=namespace,
        api_key=api_key,
        data_converter=data_converter(keyring),
        tls=tls,
        retry_config=SHORT_RETRIES,
        # Ciphertext does not compress.
        grpc_compression=GrpcCompression.NONE,
        lazy=lazy,
        runtime=runtime,
    )


def data_converter(keyring: Keyring) -> DataConverter:
    """Pydantic payloads, encrypted, as are messages and stack traces of failures."""
    return replace(
        DataConverter.default,
        payload_converter_class=PrivetPayloadConverter,
        payload_codec=EncryptionCodec(keyring),
        failure_converter_class=PrivetFailureConverter,
    )


def tls_config(cert: Path | None = None, key: Path | None = None, ca: Path | None = None) -> TLSConfig | None:
    """From files of TEMPORAL_TLS_CERT, _KEY and _CA; `None` if none is set, `ValueError` for half a pair."""
    if cert is None and key is None and ca is None:
        return None
    if (cert is None) != (key is None):
        raise ValueError("TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY are needed together")
    return TLSConfig(
        server_root_ca_cert=ca.read_bytes() if ca else None,
        client_cert=cert.read_bytes() if cert else None,
        client_private_key=key.read_bytes() if key else None,
    )


def runtime(prometheus_bind: str | None) -> Runtime:
    """The SDK's runtime, one per process: metrics at `host:port`, logs through Python's `temporalio.core`."""
    metrics = (
        PrometheusConfig(
            bind_address=prometheus_bind, counters_total_suffix=True, unit_suffix=True, durations_as_seconds=True
        )
        if prometheus_bind
        else None
    )
    logs = LoggingConfig(
        filter=TelemetryFilter(core_level="WARN", other_level="ERROR"),
        forwarding=LogForwardingConfig(logger=logging.getLogger("temporalio.core")),
    )
    return Runtime(telemetry=TelemetryConfig(logging=logs, metrics=metrics))
