"""Output of the supervisor and its children: one line at a time, each with the name of its process."""

import os
import queue
import threading
from collections.abc import Callable

COLOURS = (36, 32, 35, 34, 33, 96, 92, 95)
LOUD = "\033[1;31m"
PLAIN = "\033[0m"
NAME_WIDTH = 9
QUEUE_LENGTH = 20_000
"""Lines; further ones are dropped, so that a stopped terminal blocks no child."""


class Console:
    """Writes to the descriptor `out` in its own thread, and calls `closed` there when the reader is gone.

    `name` precedes the lines of the supervisor itself.
    """

    def __init__(self, out: int, name: str, closed: Callable[[], None]) -> None:
        self.out, self.name, self.closed = out, name, closed
        self.colours: dict[str, int] = {}
        self.is_terminal = os.isatty(out)
        self.lines: queue.Queue[str | None] = queue.Queue(QUEUE_LENGTH)
        self.thread = threading.Thread(target=self._write_all, name="console", daemon=True)
        self.thread.start()

    def say(self, text: str) -> None:
        """Print a line of the supervisor."""
        self.line(self.name, text)

    def warn(self, text: str) -> None:
        """Print a highlighted line of the supervisor."""
        self.line(self.name, f"{LOUD}{text}{PLAIN}" if self.is_terminal else f"!!! {text}")

    def line(self, name: str, text: str) -> None:
        prefix = f"{name:<{NAME_WIDTH}} │ "
        if self.is_terminal:
            colour = self.colours.setdefault(name, COLOURS[len(self.colours) % len(COLOURS)])
            prefix = f"\033[{colour}m{prefix}{PLAIN}"
        self.raw(f"{prefix}{text}\n")

    def raw(self, text: str) -> None:
        try:
            self.lines.put_nowait(text)
        except queue.Full:
            return

    def close(self) -> None:
        """Write the remaining lines, waiting a second for the reader at most."""
        try:
            self.lines.put(None, timeout=0.5)
        except queue.Full:
            return
        self.thread.join(timeout=1)

    def _write_all(self) -> None:
        while (text := self.lines.get()) is not None:
            try:
                self._write(text.encode(errors="replace"))
            except OSError:
                return self._discard()
        return None

    def _write(self, content: bytes) -> None:
        while content:
            content = content[os.write(self.out, content) :]

    def _discard(self) -> None:
        self.closed()
        while self.lines.get() is not None:
            pass
