"""Busy loops beside a contestant: a machine that has other work to do."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

LOOPS: Final = 4
"""Two for each of the two processors."""


@contextmanager
def busy_machine(loops: int = LOOPS) -> Iterator[None]:
    """Entered in the main thread, like all children."""
    beside = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for one in beside:
            one.kill()
            one.wait()
