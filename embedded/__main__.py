"""`python -m embedded`: everything that Privet needs, in the foreground, until Ctrl-C."""

import asyncio
import ctypes
import os
import signal
import sys

from embedded.config import BadSetting
from embedded.guard import PR_SET_PDEATHSIG
from embedded.lock import AlreadyRunning
from embedded.up import CannotStart, up


def main() -> None:
    if "--with-parent" in sys.argv and sys.platform == "linux":
        # `make` killed by SIGKILL cannot tell us; the kernel does.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    os.umask(0o077)
    try:
        asyncio.run(up(os.environ, sys.stdout.fileno()))
    except (CannotStart, AlreadyRunning, BadSetting, RuntimeError, TimeoutError) as error:
        sys.exit(f"privet: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
