"""`python -m embedded.api_client`: the app's types of the API, from our OpenAPI document; --check fails when stale."""

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from embedded.node import NodeFailed
from embedded.web import WEB, WebApp, of_the_project

TYPES: Final = WEB / "src/shared/api/generated/schema.d.ts"
SHOWN: Final = 40
"""Lines of the difference."""


def generate(app: WebApp, into: Path) -> str:
    """Raises NodeFailed, or CalledProcessError when the API cannot be put together."""
    document, types = into / "openapi.json", into / "schema.d.ts"
    with document.open("wb") as file:
        subprocess.run([sys.executable, "-m", "api.document"], cwd=WEB.parent, stdout=file, check=True)
    options = ("--root-types", "--alphabetize", "--default-non-nullable=false")
    app.node.run(WEB, "exec", "--", "openapi-typescript", str(document), "--output", str(types), *options)
    return types.read_text()


def main(arguments: list[str]) -> None:
    try:
        app = of_the_project()
        app.install(lambda text: print(text, flush=True))
        with tempfile.TemporaryDirectory() as folder:
            types = generate(app, Path(folder))
    except (NodeFailed, subprocess.CalledProcessError) as error:
        sys.exit(f"privet: {error}")
    if "--check" not in arguments:
        TYPES.write_text(types)
    elif (old := TYPES.read_text()) != types:
        lines = list(difflib.unified_diff(old.splitlines(), types.splitlines(), "committed", "generated", n=0))
        print(*lines[:SHOWN], sep="\n")
        sys.exit("privet: the API has changed and the app's types of it have not: run `make api-client`")


if __name__ == "__main__":
    main(sys.argv[1:])
