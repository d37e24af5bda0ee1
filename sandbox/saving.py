"""Keeps the state in one JSON file: a little after each change and at the end; read at the start."""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

FILE = "sandbox.json"
SHORTEST = 0.5
"""Seconds from a change to the write."""
SHARE = 20
"""A large state is written more rarely: never more than one part in so many of the time."""


class Saving:
    def __init__(self, folder: Path | None, snapshot: Callable[[], dict[str, Any]]) -> None:
        """Without a folder nothing is kept."""
        self._folder, self._snapshot = folder, snapshot
        self._timer: asyncio.TimerHandle | None = None
        self._took = 0.0

    def load(self) -> dict[str, Any] | None:
        """None: nothing was saved."""
        if self._folder is None or not (self._folder / FILE).exists():
            return None
        saved: dict[str, Any] = json.loads((self._folder / FILE).read_text())
        return saved

    def soon(self) -> None:
        if self._folder is not None and self._timer is None:
            wait = max(SHORTEST, self._took * SHARE)
            self._timer = asyncio.get_running_loop().call_later(wait, self.now)

    def now(self) -> None:
        """Writes beside and renames: a reader finds the old file or the new one, whole."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._folder is None:
            return
        began = perf_counter()
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = self._folder / f".{FILE}.new"
        beside.write_text(json.dumps(self._snapshot(), ensure_ascii=False))
        os.replace(beside, self._folder / FILE)
        self._took = perf_counter() - began
