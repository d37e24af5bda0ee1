"""`python -m api`: serve until SIGTERM."""

import uvicorn

from api.app import create_app
from logs import set_up
from settings import load

LONGEST_GOODBYE = 10
"""Seconds that requests under way are given at the end."""


def main() -> None:
    set_up()
    settings = load()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        timeout_graceful_shutdown=LONGEST_GOODBYE,
    )


if __name__ == "__main__":
    main()
