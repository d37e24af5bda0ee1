"""How long effects are tried: a person waits, or nobody does; none gives up, because a refusal is the only «no»."""

from datetime import timedelta
from typing import TypedDict

from temporalio.common import Priority, RetryPolicy


class LocalPolicy(TypedDict):
    start_to_close_timeout: timedelta
    local_retry_threshold: timedelta
    retry_policy: RetryPolicy


class RemotePolicy(TypedDict):
    start_to_close_timeout: timedelta
    retry_policy: RetryPolicy


class WatchedPolicy(RemotePolicy):
    heartbeat_timeout: timedelta


NOTICED_AFTER = timedelta(seconds=5)
"""A worker that died with slow work in its hands is noticed after this; workers of slow queues beat by themselves."""

INTERACTIVE = LocalPolicy(
    start_to_close_timeout=timedelta(seconds=10),
    local_retry_threshold=timedelta(seconds=3),
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_interval=timedelta(seconds=5)),
)
"""A short write of rows inside an update: the caller waits some seconds, the effect until the database is back."""

RENDERING = WatchedPolicy(
    start_to_close_timeout=timedelta(minutes=5),
    heartbeat_timeout=NOTICED_AFTER,
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=5)),
)
"""PDF and photos that a person waits for; long, because a giant contract must end, and heartbeats tell a death."""

ERRANDS = WatchedPolicy(
    start_to_close_timeout=timedelta(seconds=60),
    heartbeat_timeout=NOTICED_AFTER,
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5)),
)
"""Certificates and deletions on the documents queue, which nobody waits for."""

PATIENT = RemotePolicy(
    start_to_close_timeout=timedelta(seconds=60),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5)),
)
"""Nobody waits: hours if need be."""

CONVERSING = WatchedPolicy(
    start_to_close_timeout=timedelta(seconds=120),
    heartbeat_timeout=NOTICED_AFTER,
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=30)),
)
"""Calls to Telegram and Avito. They wait out the outside world by themselves: what is tried again here is our own."""

TO_BUYER = Priority(priority_key=2)
"""Of 1 to 5, 3 being everybody's: where many wait for a worker, buyers get their answers before staff see them."""

POLLING = WatchedPolicy(
    start_to_close_timeout=timedelta(minutes=15),
    heartbeat_timeout=NOTICED_AFTER,
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30)),
)
"""Listening to a bot for some ten minutes at a stretch."""
