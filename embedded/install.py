"""Makes .venv match a lock file: no work when it does, and an interrupted installation is completed.

Runs before any package is installed, so it imports the standard library only.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTAINS = {
    "bench": ("bench", "dev", "embedded", "runtime"),
    "dev": ("dev", "embedded", "runtime"),
    "embedded": ("embedded", "runtime"),
    "runtime": ("runtime",),
}


def main(name: str) -> int:
    lock = ROOT / "requirements" / f"{name}.txt"
    if is_installed(name):
        return 0
    handle = os.open(lock.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # two verbs of make may run at once
        return 0 if is_installed(name) else install(name, lock)
    finally:
        os.close(handle)


def is_installed(name: str) -> bool:
    stamp = stamp_of(name)
    return stamp.exists() and stamp.read_text() == wanted(name) and python().exists()


def install(name: str, lock: Path) -> int:
    say(f"installing {name} packages into {venv().name} (the first time takes some minutes) …")
    if not works():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv())], check=True)
    remove_half_installed()
    pip = [str(python()), "-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    code = subprocess.run([*pip, "-r", str(lock)], check=False).returncode
    if code:
        say("the installation failed; the lines above say why. Running the same command again goes on from here.")
        return code
    for contained in CONTAINS[name]:
        stamp_of(contained).write_text(wanted(contained))
    say("installed.")
    return 0


def works() -> bool:
    """False for a missing or incomplete environment, and for one whose Python is gone or too old."""
    test = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([str(python()), "-c", test], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def remove_half_installed() -> None:
    """Remove packages without INSTALLER, which pip writes last; otherwise they count as installed."""
    for info in venv().glob("lib/python*/site-packages/*.dist-info"):
        if not (info / "INSTALLER").exists():
            shutil.rmtree(info)


def wanted(name: str) -> str:
    """The stamp: the lock's hash, and the path, because scripts of a moved environment do not start."""
    return f"{hashlib.sha256((ROOT / 'requirements' / f'{name}.txt').read_bytes()).hexdigest()} {venv()}\n"


def stamp_of(name: str) -> Path:
    return venv() / f".installed-{name}"


def venv() -> Path:
    return ROOT / ".venv"


def python() -> Path:
    return venv() / "bin" / "python"


def say(text: str) -> None:
    print(f"privet: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
