"""The managers' app, built when it is missing or older than its sources: `python -m embedded.web`."""

import contextlib
import fcntl
import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from embedded.node import Node, NodeFailed

WEB: Final = Path(__file__).resolve().parent.parent / "web"
APART: Final = {"node_modules", "dist", "coverage"}
"""What stands beside the sources and is none."""

KEEP_GOING: Final = "--keep-going"
"""For `make up`: a build that fails is said and costs nothing else."""


@dataclass(frozen=True)
class WebApp:
    """The sources in `folder`, the app as it is served in `folder/dist`."""

    folder: Path
    node: Node

    @property
    def dist(self) -> Path:
        return self.folder / "dist"

    @property
    def is_there(self) -> bool:
        return (self.dist / "index.html").exists()

    def is_current(self) -> bool:
        """By content: the times of a fresh clone say nothing."""
        built = self._built()
        return built.get("sources") == self.fingerprint() and all(
            (self.dist / name).exists() for name in built["files"]
        )

    def build(self, say: Callable[[str], None]) -> bool:
        """False when there was nothing to do; raises NodeFailed and leaves what was built before as it was.

        Two at once: the second waits, and finds it done.
        """
        if self.is_current():
            return False
        with self._alone():
            if self.is_current():
                return False
            began = time.monotonic()
            self._install(say, tools=False)
            say("building the web app …")
            self._build_beside()
            say(f"web app built in {time.monotonic() - began:.0f} s")
        return True

    def install(self, say: Callable[[str], None]) -> None:
        """Packages as the lock says, those of tests and checks too; raises NodeFailed."""
        with self._alone():
            self._install(say, tools=True)

    def fingerprint(self) -> str:
        """Of every source; tests of the app are none."""
        digest = hashlib.sha256()
        for file in self._sources():
            digest.update(f"{file.relative_to(self.folder).as_posix()}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def _sources(self) -> Iterator[Path]:
        for folder, folders, files in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if name not in APART and not name.startswith("."))
            yield from (
                Path(folder, name) for name in sorted(files) if ".test." not in name and not name.startswith(".")
            )

    def _built(self) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads((self.dist / ".built").read_text())
        except (FileNotFoundError, ValueError):
            return {"files": [], "sources": ""}
        return content

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _install(self, say: Callable[[str], None], *, tools: bool) -> None:
        lock = (self.folder / "package-lock.json").read_bytes()
        # Some packages are programs for one kind of machine.
        wanted = f"{hashlib.sha256(lock).hexdigest()} {sys.platform} {platform.machine()}"
        stamp = self.folder / "node_modules/.installed"
        installed = stamp.read_text() if stamp.exists() else ""
        if installed == f"{wanted} with tools" or (installed == wanted and not tools):
            return
        say("installing the packages of the web app (the first time takes a minute) …")
        stamp.unlink(missing_ok=True)
        which = "--include=dev" if tools else "--omit=dev"
        # No package's own script is run: none of ours needs it.
        self.node.run(self.folder, "ci", which, "--ignore-scripts", "--no-audit", "--no-fund")
        stamp.write_text(f"{wanted} with tools" if tools else wanted)

    def _build_beside(self) -> None:
        sources = self.fingerprint()
        workshop = self.folder / "node_modules/.building"
        shutil.rmtree(workshop, ignore_errors=True)  # of a build that was killed
        workshop.mkdir()
        new = Path(tempfile.mkdtemp(dir=workshop))
        new.chmod(0o755)
        try:
            quietly = ("--emptyOutDir", "--logLevel", "warn")
            self.node.run(self.folder, "run", "--silent", "build", "--", "--outDir", str(new), *quietly)
            if not (new / "index.html").exists():
                raise NodeFailed("the build made no index.html")
            self._publish(new, sources)
        finally:
            shutil.rmtree(workshop, ignore_errors=True)

    def _publish(self, new: Path, sources: str) -> None:
        """File by file, the page last: at no moment does a page name a file that is not there.

        Files of the build before stay for one build more: a tab that is open goes on loading them.
        """
        before = self._built()["files"]
        names = sorted(path.relative_to(new).as_posix() for path in new.rglob("*") if path.is_file())
        for name in sorted(names, key=lambda name: name.startswith("index.html")):
            (self.dist / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).replace(self.dist / name)
        (new / ".built").write_text(json.dumps({"sources": sources, "files": names}, indent=1))
        (new / ".built").replace(self.dist / ".built")
        kept = {*names, *before, ".built"}
        for path in self.dist.rglob("*"):
            if path.is_file() and path.relative_to(self.dist).as_posix() not in kept:
                path.unlink()


def of_the_project() -> WebApp:
    """Raises NodeFailed."""
    return WebApp(WEB, Node.of_the_project(os.environ))


def main(arguments: list[str]) -> None:
    def say(text: str) -> None:
        print(text, flush=True)

    os.umask(0o022)  # `make up` closes what it makes; the app is for everybody
    try:
        app = of_the_project()
        if not app.build(say) and KEEP_GOING not in arguments:
            say("the web app is up to date")
    except (NodeFailed, OSError) as error:
        say(f"!!! the web app was not built: {error}")
        say(f"!!! {_what_now()}")
        if KEEP_GOING not in arguments:
            sys.exit(1)


def _what_now() -> str:
    cause = "The lines above say why. npm reads HTTPS_PROXY, npm_config_registry and ~/.npmrc."
    if (WEB / "dist/index.html").exists():
        return f"{cause} The one built before goes on being served; `make web` tries again."
    return f"{cause} The API works without it; `make web` tries again, and no restart is needed."


if __name__ == "__main__":
    main(sys.argv[1:])
