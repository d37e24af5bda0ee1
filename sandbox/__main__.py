"""`python -m sandbox`: serves the stand-ins; HOST, SANDBOX_PORT and DATA_DIR say where."""

import os
from pathlib import Path

from sandbox.app import create_app
from sandbox.serving import server


def main() -> None:
    """SANDBOX_SEED=0 leaves an empty sandbox empty."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("SANDBOX_PORT", "8100"))
    folder = Path(os.environ.get("DATA_DIR", ".data/sandbox"))
    app = create_app(folder, seed=os.environ.get("SANDBOX_SEED", "1") != "0")
    server(app, host, port).run()


if __name__ == "__main__":
    main()
