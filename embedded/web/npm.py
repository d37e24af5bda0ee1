"""`python -m embedded.web.npm SCRIPT…`: runs scripts of web/package.json in order."""

import sys

from embedded.web.app import WEB, project_app
from embedded.web.node import NodeFailed


def main(scripts: list[str]) -> None:
    try:
        app = project_app()
        app.install(lambda text: print(text, flush=True))
        for script in scripts:
            app.node.run(WEB, "run", "--silent", script)
    except NodeFailed as error:
        sys.exit(f"privet: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
