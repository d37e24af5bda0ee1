"""The OS user of PostgreSQL, which refuses to run as root."""

import os
import pwd
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class RunAs:
    """User id and rights of a process; `user` None: the current user."""

    user: int | None = None
    read_anywhere: bool = False


def for_postgres(data: Path, needed: Iterable[Path]) -> RunAs:
    """The user of the cluster in `data`: the current one, or under root the owner of `data` or an ordinary user.

    `needed` are files that this user must read. Where a parent folder is closed (a checkout below /root), the process
    keeps the right to pass closed folders; permissions of folders stay as they are.
    """
    if os.geteuid() != 0:
        return RunAs()
    owner = data.stat().st_uid if data.exists() else 0
    user = owner or ordinary_user()
    return RunAs(user, read_anywhere=not all(_open_to_all(path) for path in (data.parent, *needed)))


def ordinary_user() -> int:
    """Raises RuntimeError on a system without one."""
    for name in CANDIDATES:
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise RuntimeError(
        f"PostgreSQL refuses to run as root, and there is none of the users {', '.join(CANDIDATES)} here"
    )


def give(folder: Path, user: int) -> None:
    """Make `user` the owner of the folder and its content."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user, -1, follow_symlinks=False)


def _open_to_all(path: Path) -> bool:
    resolved = path.resolve()
    passable = all(parent.stat().st_mode & stat.S_IXOTH for parent in resolved.parents)
    mode = resolved.stat().st_mode
    return bool(passable and mode & stat.S_IROTH and (not resolved.is_dir() or mode & stat.S_IXOTH))
