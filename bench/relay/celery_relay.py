"""`python -m bench.relay.celery_relay CONFIG`: a Celery worker that posts to Telegram, with late acknowledgement."""

import sys
from typing import Any

import httpx

from bench.relay.config import RivalConfig

TASK = "relay.show"
PROCESSES = 2
TRIES = 12
RESTORING = {"visibility_timeout": 10, "unacked_restore_interval": 2, "unacked_restore_throttle": 1}
"""Tasks of a killed worker are repeated after 10 s; by default after an hour and up to 100 s more."""


def build(config: RivalConfig) -> Any:
    """The Celery application, without tasks."""
    from celery import Celery

    app = Celery("relay", broker=config.redis)
    app.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_ignore_result=True,
        broker_transport_options=RESTORING,
        broker_connection_retry_on_startup=True,
        worker_hijack_root_logger=False,
    )
    return app


def add_task(app: Any, config: RivalConfig) -> None:
    http = httpx.Client()

    def show(self: Any, chat: str, text: str) -> None:
        try:
            answer = http.post(config.send_message, json=config.message(chat, text))
        except httpx.TransportError as error:
            raise self.retry(exc=error, countdown=1) from error
        if answer.status_code == 429:
            raise self.retry(countdown=answer.json()["parameters"]["retry_after"])
        if answer.status_code >= 500:
            raise self.retry(countdown=1)
        answer.raise_for_status()

    app.task(bind=True, name=TASK, max_retries=TRIES)(show)


def main() -> None:
    config = RivalConfig.read(sys.argv[1])
    app = build(config)
    add_task(app, config)
    app.worker_main(["worker", "--pool=prefork", f"--concurrency={PROCESSES}", "--loglevel=WARNING"])


if __name__ == "__main__":
    main()
