"""One supervisor per data folder: a kernel lock, which ends with its process and is never stale."""

import fcntl
import os
from pathlib import Path
from typing import IO


class AlreadyRunning(Exception):
    """The process `pid` holds the lock of `folder`."""

    def __init__(self, folder: Path, pid: int) -> None:
        super().__init__(f"process {pid} already runs with the data in {folder}")
        self.folder, self.pid = folder, pid


def hold(file: Path) -> IO[str]:
    """Hold the lock until the returned file is closed or this process ends; raises AlreadyRunning."""
    lock = file.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        pid = int(lock.read().strip() or 0)
        lock.close()
        raise AlreadyRunning(file.parent, pid) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock
