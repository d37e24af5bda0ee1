"""Timeouts and retries of activities. Retries are unlimited: only a refusal ends an activity."""

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
"""Heartbeat timeout that detects a dead worker; workers of slow queues send heartbeats automatically."""

INTERACTIVE = LocalPolicy(
    start_to_close_timeout=timedelta(seconds=10),
    local_retry_threshold=timedelta(seconds=3),
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_interval=timedelta(seconds=5)),
)
"""Short writes inside an update: the caller waits some seconds, retries go on until the database is back."""

RENDERING = WatchedPolicy(
    start_to_close_timeout=timedelta(minutes=5),
    heartbeat_timeout=NOTICED_AFTER,
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=5)),
)
"""PDF and photos inside an update; long enough for a giant contract, with heartbeats to detect a dead worker."""

ERRANDS = WatchedPolicy(
    start_to_close_timeout=timedelta(seconds=60),
    heartbeat_timeout=NOTICED_AFTER,
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5)),
)
"""Background seals, certificates and deletions."""

PATIENT = RemotePolicy(
    start_to_close_timeout=timedelta(seconds=60),
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5)),
)
"""Background work without a waiting caller, retried for hours if necessary."""

CONVERSING = WatchedPolicy(
    start_to_close_timeout=timedelta(seconds=120),
    heartbeat_timeout=NOTICED_AFTER,
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=30)),
)
"""Calls to Telegram and Avito. The activities wait out external outages; these retries are for internal errors."""

DELIVERING = WatchedPolicy(
    start_to_close_timeout=timedelta(minutes=10),
    heartbeat_timeout=timedelta(seconds=15),
    retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=30)),
)
"""Calls to SMS, Telegram and mail. A second run takes a claimed attempt for unknown, so a busy worker is given time."""

TO_BUYER = Priority(priority_key=2)
"""Priority of 1 to 5 (3 is the default): under load, answers to buyers go before messages to staff."""

POLLING = WatchedPolicy(
    start_to_close_timeout=timedelta(minutes=15),
    heartbeat_timeout=NOTICED_AFTER,
    retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30)),
)
"""Long polling of a bot, for about ten minutes per activity."""
