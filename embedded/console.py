"""What `make up` writes: one line at a time, each with the name of the child that said it."""

import os
import queue
import threading
from collections.abc import Callable

COLOURS = (36, 32, 35, 34, 33, 96, 92, 95)
LOUD = "\033[1;31m"
PLAIN = "\033[0m"
NAME_WIDTH = 9
QUEUE_LENGTH = 20_000
"""Lines kept for a reader that does not read; what comes on top is dropped, so that no child waits for a terminal."""


class Console:
    """Writes to the descriptor `out` from a thread of its own, and calls `gone` there when nobody reads any more."""

    def __init__(self, out: int, gone: Callable[[], None]) -> None:
        self.out, self.gone = out, gone
        self.colours: dict[str, int] = {}
        self.is_terminal = os.isatty(out)
        self.lines: queue.Queue[str | None] = queue.Queue(QUEUE_LENGTH)
        self.thread = threading.Thread(target=self._write_all, name="console", daemon=True)
        self.thread.start()

    def say(self, text: str) -> None:
        """A line of the supervisor itself."""
        self.line("privet", text)

    def warn(self, text: str) -> None:
        """A line of the supervisor that must be seen."""
        self.line("privet", f"{LOUD}{text}{PLAIN}" if self.is_terminal else f"!!! {text}")

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
        """Write what is left, but wait no longer than a second for a reader."""
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
                return self._lose_reader()
        return None

    def _write(self, content: bytes) -> None:
        while content:
            content = content[os.write(self.out, content) :]

    def _lose_reader(self) -> None:
        self.gone()
        while self.lines.get() is not None:
            pass
