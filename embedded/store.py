"""The S3 object store: `rclone serve s3` over a folder of plain files."""

import sysconfig
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from embedded.command import Command
from embedded.readiness import NotReady, until


@dataclass(frozen=True)
class Store:
    """One bucket; it knows no POST policies, so uploads pass through the API (`S3_UPLOADS=auto` finds that out).

    Object metadata live in its memory only: after a restart the content type follows from the key's suffix.
    """

    folder: Path
    port: int
    access_key: str
    secret_key: str = field(repr=False)
    bucket: str = "privet-bucket"
    region: str = "us-east-1"
    allow_origin: str | None = None
    """The origin of web pages that may fetch objects."""
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
        """A folder in the root is a bucket."""
        (self.data / self.bucket).mkdir(parents=True, exist_ok=True)

    def command(self) -> Command:
        origin = ("--allow-origin", self.allow_origin) if self.allow_origin else ()
        return Command(
            argv=(
                str(Path(sysconfig.get_path("scripts")) / "rclone"),
                *("serve", "s3", str(self.data), "--addr", self.address, *origin),
                "--no-cleanup",  # an emptied bucket stays a bucket
                *("--log-level", "ERROR"),
            ),
            # A user's own rclone.conf and proxies are none of our business; keys do not belong on a command line.
            env={"RCLONE_CONFIG": "/dev/null", "RCLONE_AUTH_KEY": f'"{self.access_key},{self.secret_key}"'},
        )

    async def wait_ready(self, patience: float = 30) -> None:
        """Until it answers, refusing us for want of a signature; raises TimeoutError."""
        await until(self._refuses_strangers, patience, "The object store")

    async def _refuses_strangers(self) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
            try:
                response = await http.get(f"{self.endpoint}/{self.bucket}")
            except httpx.HTTPError as error:
                raise NotReady(type(error).__name__) from error
        if response.status_code not in (400, 403):
            raise NotReady(f"answers {response.status_code} to an unsigned request")
