"""`python -m embedded`: runs Privet with all its servers in the foreground until Ctrl-C."""

import asyncio
import ctypes
import os
import signal
import sys

from embedded.config import BadSetting
from embedded.ports import PortsTaken
from embedded.up import up
from supervisor.guard import PR_SET_PDEATHSIG
from supervisor.lock import AlreadyRunning


def main() -> None:
    if "--with-parent" in sys.argv and sys.platform == "linux":
        # `make` killed by SIGKILL passes no signal on; the kernel sends one.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    os.umask(0o077)
    try:
        asyncio.run(up(os.environ, sys.stdout.fileno()))
    except AlreadyRunning as running:
        folder, pid = running.folder, running.pid
        sys.exit(f"privet: `make up` already runs with the data in {folder} (pid {pid}); `make down` ends it")
    except (PortsTaken, BadSetting, RuntimeError, TimeoutError) as error:
        sys.exit(f"privet: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
