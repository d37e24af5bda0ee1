"""A fake npm for tests of the build: `ci` and `run build -- --outDir FOLDER`; writes its calls to .calls.

The build makes the files of .plan.json, {name: content}; without it the build fails halfway.
"""

import json
import sys
from pathlib import Path


def main(arguments: list[str]) -> None:
    with Path(".calls").open("a") as calls:
        calls.write(" ".join(arguments[:3]) + "\n")
    if arguments[0] == "ci":
        install()
    else:
        build(Path(arguments[arguments.index("--outDir") + 1]))


def install() -> None:
    if Path(".no-network").exists():
        sys.exit("npm error network getaddrinfo ENOTFOUND")
    Path("node_modules").mkdir(exist_ok=True)


def build(out: Path) -> None:
    (out / "index.html").write_text("half")
    for name, content in json.loads(Path(".plan.json").read_text()).items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(content)


if __name__ == "__main__":
    main(sys.argv[1:])
