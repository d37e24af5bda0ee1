"""`python -m embedded.web`: builds the managers' app when it is missing or outdated."""

import os
import sys

from embedded.web.app import KEEP_GOING, WEB, project_app
from embedded.web.node import NodeFailed


def main(arguments: list[str]) -> None:
    def say(text: str) -> None:
        print(text, flush=True)

    os.umask(0o022)  # the umask of `make up` is 077; every user may read the app
    try:
        app = project_app()
        if not app.build(say) and KEEP_GOING not in arguments:
            say("the web app is up to date")
    except (NodeFailed, OSError) as error:
        say(f"!!! the web app was not built: {error}")
        say(f"!!! {_advice()}")
        if KEEP_GOING not in arguments:
            sys.exit(1)


def _advice() -> str:
    cause = "The lines above say why. npm reads HTTPS_PROXY, npm_config_registry and ~/.npmrc."
    if (WEB / "dist/index.html").exists():
        return f"{cause} The one built before goes on being served; `make web` tries again."
    return f"{cause} The API works without it; `make web` tries again, and no restart is needed."


if __name__ == "__main__":
    main(sys.argv[1:])
