"""Executes a program that ends with its parent and optionally runs as another user.

Run as a script with `-I -S` (25 ms), so it imports the standard library only.
"""

import argparse
import ctypes
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 1 << 2
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def main(argv: Sequence[str]) -> None:
    options = arguments(argv)
    if options.user is not None:
        become(options.user, options.read_anywhere)
    if sys.platform == "linux":
        die_with(options.parent, options.signal)
        os.execvp(options.program[0], options.program)  # noqa: S606 - replaces this process on purpose
    sys.exit(watch(options.parent, options.program))


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--signal", type=int, default=int(signal.SIGKILL))
    parser.add_argument("--user", type=int)
    parser.add_argument("--read-anywhere", action="store_true")
    parser.add_argument("program", nargs="+")
    return parser.parse_args(argv)


def die_with(parent: int, orphan_signal: int) -> None:
    """Set the signal of the parent's death, after a change of user, which clears it; exit when `parent` is gone."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, orphan_signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def become(user: int, read_anywhere: bool) -> None:
    """Drop root permanently; `read_anywhere` keeps CAP_DAC_OVERRIDE where the system allows it."""
    keeps = read_anywhere and sys.platform == "linux"
    libc = ctypes.CDLL(None, use_errno=True)
    if keeps:
        # With this bit capabilities outlive the change of user; access(2) takes them into account.
        libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    group = group_of(user)
    os.setgroups([])
    os.setresgid(group, group, group)
    os.setresuid(user, user, user)
    os.umask(0o077)
    if keeps:
        keep_dac_override(libc)


def group_of(user: int) -> int:
    import pwd

    try:
        return pwd.getpwuid(user).pw_gid
    except KeyError:
        return user


def keep_dac_override(libc: ctypes.CDLL) -> None:
    """Make CAP_DAC_OVERRIDE ambient, so that it outlives exec; no effect without the permission."""
    bit = 1 << CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    if libc.capset(header, sets) == 0:
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def watch(parent: int, program: Sequence[str]) -> int:
    """For kernels without a parent-death signal: wait, forward signals, and end the program with its parent."""
    child = subprocess.Popen(program)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda received, _frame: child.send_signal(received))
    threading.Thread(target=end_orphan, args=(parent, child), daemon=True).start()
    return child.wait()


def end_orphan(parent: int, child: "subprocess.Popen[bytes]") -> None:
    while os.getppid() == parent:
        select.select([], [], [], 0.5)
    child.kill()


if __name__ == "__main__":
    main(sys.argv[1:])
