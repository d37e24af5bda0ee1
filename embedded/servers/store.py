"""The S3 object store: `rclone serve s3` over a folder of files."""

import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from supervisor.command import Command
from supervisor.readiness import NotReady, until


@dataclass(frozen=True)
class Store:
    """A store with one bucket. It has no POST policies, so uploads pass through the API (`S3_UPLOADS=auto`).

    Object metadata are kept in memory: after a restart the content type follows from the suffix of the key.
    """

    folder: Path
    port: int
    access_key: str
    secret_key: str = field(repr=False)
    bucket: str = "privet-bucket"
    region: str = "us-east-1"
    allow_origin: str | None = None
    """Origin of the pages that may fetch objects (CORS)."""
    host: str = "127.0.0.1"
    name: str = "store"

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def endpoint(self) -> str:
        return f"http://{self.address}"

    @property
    def data(self) -> Path:
        return self.folder.absolute() / "store"

    def prepare(self) -> None:
        """Create the bucket, a folder in the root."""
        (self.data / self.bucket).mkdir(parents=True, exist_ok=True)

    def command(self) -> Command:
        origin = ("--allow-origin", self.allow_origin) if self.allow_origin else ()
        return Command(
            argv=(
                str(Path(sysconfig.get_path("scripts")) / "rclone"),
                *("serve", "s3", str(self.data), "--addr", self.address, *origin),
                "--no-cleanup",  # keeps an empty bucket
                *("--log-level", "ERROR"),
            ),
            # The user's rclone.conf is ignored; keys are not passed on the command line, which every user can read.
            env={"RCLONE_CONFIG": "/dev/null", "RCLONE_AUTH_KEY": f'"{self.access_key},{self.secret_key}"'},
        )

    async def wait_ready(self, patience: float = 30) -> None:
        """Wait until the store refuses an unsigned request; raises TimeoutError."""
        await until(self._refuses_unsigned, patience, "The object store")

    async def _refuses_unsigned(self) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
            try:
                response = await http.get(f"{self.endpoint}/{self.bucket}")
            except httpx.HTTPError as error:
                raise NotReady(type(error).__name__) from error
        if response.status_code not in (400, 403):
            raise NotReady(f"answers {response.status_code} to an unsigned request")
