"""`make down`: ends the `make up` that uses this data folder."""

import os
import sys

import psutil

from embedded.config import UpConfig
from supervisor import lock

PATIENCE = 20
"""Seconds; `make up` ends within 15."""


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
