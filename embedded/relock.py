"""`make lock`: writes requirements/*.txt from pyproject.toml, each smaller one a part of the larger."""

import subprocess
import sys

LOCKS = {"dev": ("embedded", "dev"), "embedded": ("embedded",), "runtime": (), "bench": ("embedded", "dev", "bench")}
"""The first one decides: the others take its versions as constraints."""


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
