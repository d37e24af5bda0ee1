"""`python -m sandbox`: serves the stand-ins; HOST, SANDBOX_PORT, SANDBOX_SMTP_PORT and DATA_DIR say where."""

import os
from collections.abc import Mapping
from pathlib import Path

from sandbox.app import create_app
from sandbox.serving import server


def main() -> None:
    """SANDBOX_SEED=0 leaves an empty sandbox empty; without SANDBOX_SMTP_PORT there is no mail server."""
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("SANDBOX_PORT", "8100"))
    folder = Path(os.environ.get("DATA_DIR", ".data/sandbox"))
    smtp = os.environ.get("SANDBOX_SMTP_PORT", "")
    mail = (host, int(smtp)) if smtp else None
    app = create_app(folder, seed=os.environ.get("SANDBOX_SEED", "1") != "0", links=_links(os.environ), mail=mail)
    server(app, host, port).run()


def _links(environment: Mapping[str, str]) -> dict[str, str]:
    """SANDBOX_APP_URL and SANDBOX_TEMPORAL_UI, where they are set; AUTO_REPLY_DELAY_SECONDS is for the countdown."""
    app = environment.get("SANDBOX_APP_URL", "").rstrip("/")
    links = {
        "app": app,
        "docs": f"{app}/docs" if app else "",
        "temporal": environment.get("SANDBOX_TEMPORAL_UI", ""),
        "auto_reply_seconds": environment.get("AUTO_REPLY_DELAY_SECONDS", ""),
    }
    return {name: value for name, value in links.items() if value}


if __name__ == "__main__":
    main()
