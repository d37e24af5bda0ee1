"""Installs the packages of the managers' app and builds it when it is missing or outdated."""

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

from embedded.web.node import Node, NodeFailed

WEB: Final = Path(__file__).resolve().parents[2] / "web"
NO_SOURCES: Final = {"node_modules", "dist", "coverage"}
"""Folders without sources."""

KEEP_GOING: Final = "--keep-going"
"""The option of `make up`: a failed build is printed and is no error."""


@dataclass(frozen=True)
class WebApp:
    """The app with its sources in `folder` and the build in `folder/dist`."""

    folder: Path
    node: Node

    @property
    def dist(self) -> Path:
        return self.folder / "dist"

    def is_current(self) -> bool:
        """Compares contents, because a clone sets new times."""
        built = self._built()
        return built.get("sources") == self.fingerprint() and all(
            (self.dist / name).exists() for name in built["files"]
        )

    def build(self, say: Callable[[str], None]) -> bool:
        """Build unless the build is current; returns whether it was built. Of two calls at once the second waits.

        Raises NodeFailed; the previous build then stays as it is.
        """
        if self.is_current():
            return False
        with self._locked():
            if self.is_current():
                return False
            began = time.monotonic()
            self._install(say, tools=False)
            say("building the web app …")
            self._build()
            say(f"web app built in {time.monotonic() - began:.0f} s")
        return True

    def install(self, say: Callable[[str], None]) -> None:
        """Install all packages of the lock file, with those of tests and checks; raises NodeFailed."""
        with self._locked():
            self._install(say, tools=True)

    def fingerprint(self) -> str:
        """Hash of all sources without tests."""
        digest = hashlib.sha256()
        for file in self._sources():
            digest.update(f"{file.relative_to(self.folder).as_posix()}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
        return digest.hexdigest()

    def _sources(self) -> Iterator[Path]:
        for folder, folders, files in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if name not in NO_SOURCES and not name.startswith("."))
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
    def _locked(self) -> Iterator[None]:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _install(self, say: Callable[[str], None], *, tools: bool) -> None:
        lock = (self.folder / "package-lock.json").read_bytes()
        # Some packages contain programs for one platform.
        wanted = f"{hashlib.sha256(lock).hexdigest()} {sys.platform} {platform.machine()}"
        stamp = self.folder / "node_modules/.installed"
        installed = stamp.read_text() if stamp.exists() else ""
        if installed == f"{wanted} with tools" or (installed == wanted and not tools):
            return
        say("installing the packages of the web app (the first time takes a minute) …")
        stamp.unlink(missing_ok=True)
        which = "--include=dev" if tools else "--omit=dev"
        # No package needs its install scripts.
        self.node.run(self.folder, "ci", which, "--ignore-scripts", "--no-audit", "--no-fund")
        stamp.write_text(f"{wanted} with tools" if tools else wanted)

    def _build(self) -> None:
        sources = self.fingerprint()
        temporary = self.folder / "node_modules/.building"
        shutil.rmtree(temporary, ignore_errors=True)  # left by a killed build
        temporary.mkdir()
        new = Path(tempfile.mkdtemp(dir=temporary))
        new.chmod(0o755)
        try:
            options = ("--emptyOutDir", "--logLevel", "warn")
            self.node.run(self.folder, "run", "--silent", "build", "--", "--outDir", str(new), *options)
            if not (new / "index.html").exists():
                raise NodeFailed("the build made no index.html")
            self._publish(new, sources)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def _publish(self, new: Path, sources: str) -> None:
        """Move the files into `dist`, index.html last, so that it never names a missing file.

        The files of the previous build stay until the next one, because open tabs load them.
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


def project_app() -> WebApp:
    """Raises NodeFailed."""
    return WebApp(WEB, Node.installed(os.environ))
