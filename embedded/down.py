"""`make down`: ends the `make up` that holds this data folder, from another terminal."""

import os
import sys

import psutil

from embedded import lock
from embedded.config import UpConfig

PATIENCE = 20
"""Seconds; `make up` promises 15."""


def main() -> None:
    folder = UpConfig.read(os.environ).data_dir
    if not folder.exists():
        sys.exit(f"privet: nothing runs with the data in {folder}")
    try:
        lock.hold(folder / "lock").close()
    except lock.AlreadyRunning as running:
        running_process = psutil.Process(running.pid)
        running_process.terminate()
        running_process.wait(PATIENCE)
    else:
        print(f"privet: nothing runs with the data in {folder}")


if __name__ == "__main__":
    main()
