"""`python -m embedded.web.api_client`: writes the app's types of the API; --check fails when they are outdated."""

import difflib
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from embedded.web.app import WEB, WebApp, project_app
from embedded.web.node import NodeFailed

TYPES: Final = WEB / "src/shared/api/generated/schema.d.ts"
DIFFERENCE_LINES: Final = 40
"""Lines printed by --check."""


def generate(app: WebApp, into: Path) -> str:
    """Raises NodeFailed, or CalledProcessError when the OpenAPI document cannot be made."""
    document, types = into / "openapi.json", into / "schema.d.ts"
    with document.open("wb") as file:
        subprocess.run([sys.executable, "-m", "api.document"], cwd=WEB.parent, stdout=file, check=True)
    options = ("--root-types", "--alphabetize", "--default-non-nullable=false")
    app.node.run(WEB, "exec", "--", "openapi-typescript", str(document), "--output", str(types), *options)
    return types.read_text()


def main(arguments: list[str]) -> None:
    try:
        app = project_app()
        app.install(lambda text: print(text, flush=True))
        with tempfile.TemporaryDirectory() as folder:
            types = generate(app, Path(folder))
    except (NodeFailed, subprocess.CalledProcessError) as error:
        sys.exit(f"privet: {error}")
    if "--check" not in arguments:
        TYPES.write_text(types)
    elif (old := TYPES.read_text()) != types:
        lines = list(difflib.unified_diff(old.splitlines(), types.splitlines(), "committed", "generated", n=0))
        print(*lines[:DIFFERENCE_LINES], sep="\n")
        sys.exit("privet: the API has changed and the app's types of it have not: run `make api-client`")


if __name__ == "__main__":
    main(sys.argv[1:])
