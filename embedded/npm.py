"""`python -m embedded.npm SCRIPT…`: scripts of web/package.json, one after the other, by the project's own Node."""

import sys

from embedded.node import NodeFailed
from embedded.web import WEB, of_the_project


def main(scripts: list[str]) -> None:
    try:
        app = of_the_project()
        app.install(lambda text: print(text, flush=True))
        for script in scripts:
            app.node.run(WEB, "run", "--silent", script)
    except NodeFailed as error:
        sys.exit(f"privet: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
