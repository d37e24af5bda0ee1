"""`make lock`: writes requirements/*.txt from pyproject.toml, all with the same versions."""

import subprocess
import sys

LOCKS = {"dev": ("embedded", "dev"), "embedded": ("embedded",), "runtime": (), "bench": ("embedded", "dev", "bench")}
"""Extras by file; the versions of the first one constrain the others."""


def main() -> None:
    for name, extras in LOCKS.items():
        subprocess.run(
            [
                *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml"),
                *("--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"),
                *(part for extra in extras for part in ("--extra", extra)),
                *(() if name == "dev" else ("--constraint", "requirements/dev.txt")),
                *("--quiet", "--output-file", f"requirements/{name}.txt"),
            ],
            check=True,
        )


if __name__ == "__main__":
    main()
