"""The ordinary user as whom PostgreSQL runs when everything else runs as root: PostgreSQL refuses root."""

import os
import pwd
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class RunAs:
    """`user` None: stay who we are."""

    user: int | None = None
    read_anywhere: bool = False


def for_postgres(data: Path, needed: Iterable[Path]) -> RunAs:
    """Who runs the cluster in `data`: we, or its owner if there is one already, or an ordinary user.

    `needed` are files that this user must be able to read; where a parent folder is closed (a checkout below /root
    with mode 700), the process keeps the right to pass closed folders instead of anybody's folders being opened.
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
    """Make `user` the owner of the folder and all below it."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user, -1, follow_symlinks=False)


def _open_to_all(path: Path) -> bool:
    resolved = path.resolve()
    passable = all(parent.stat().st_mode & stat.S_IXOTH for parent in resolved.parents)
    mode = resolved.stat().st_mode
    return bool(passable and mode & stat.S_IROTH and (not resolved.is_dir() or mode & stat.S_IXOTH))
