"""Figures of the installation for its operator: onboarding (from trail and contracts) and conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, TextClause, bindparam, text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.conversations.content import INTERNAL
from domain.onboarding.process import WizardStep

STEPS = tuple(step for step in WizardStep if step is not WizardStep.DONE)

_STEPS = text(
    """
    WITH first AS (
        SELECT c.id, c.created_at AS entered, e.profile, e.devices, e.tariff, n.contract, n.signature, n.payment,
               CASE WHEN p.complete THEN e.passport END AS passport
          FROM manager_clients c
          LEFT JOIN users_passports p ON p.user_id = c.user_id
          LEFT JOIN LATERAL (
                SELECT min(a.at) FILTER (WHERE a.verb = 'profile-saved') AS profile,
                       min(a.at) FILTER (WHERE a.verb = 'passport-saved') AS passport,
                       min(a.at) FILTER (WHERE a.verb = 'device-added') AS devices,
                       min(a.at) FILTER (WHERE a.verb = 'tariff-applied') AS tariff
                  FROM audit_events a WHERE a.client_id = c.id) AS e ON true
          LEFT JOIN LATERAL (
                SELECT min(m.offer_started_at) AS contract, min(m.signed_at) AS signature,
                       min(CASE WHEN m.total_fee = 0 THEN m.signed_at ELSE m.payment_confirmed_at END) AS payment
                  FROM manager_contracts m WHERE m.client_id = c.id) AS n ON true
         WHERE c.updated_at >= :since
    ), done AS (
        SELECT f.id, f.entered, v.place, v.at
          FROM first f
          CROSS JOIN LATERAL (VALUES
                (0, coalesce(f.profile, f.contract, f.signature, f.payment)),
                (1, coalesce(f.passport, f.contract, f.signature, f.payment)),
                (2, coalesce(least(f.devices, f.tariff), f.contract, f.signature, f.payment)),
                (3, coalesce(f.tariff, f.contract, f.signature, f.payment)),
                (4, coalesce(f.contract, f.signature, f.payment)),
                (5, coalesce(f.signature, f.payment)),
                (6, f.payment)) AS v (place, at)
    ), passed AS (
        SELECT id, entered, place,
               CASE WHEN bool_and(at IS NOT NULL) OVER before THEN greatest(entered, max(at) OVER before) END AS until
          FROM done
        WINDOW before AS (PARTITION BY id ORDER BY place)
    ), stays AS (
        SELECT place, entered, until, lag(until, 1, entered) OVER (PARTITION BY id ORDER BY place) AS since FROM passed
    )
    SELECT place,
           count(since) FILTER (WHERE entered >= :since) AS reached,
           count(until) FILTER (WHERE entered >= :since) AS passed,
           count(*) FILTER (WHERE until >= :since AND until > since) AS count,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM until - since))
                  FILTER (WHERE until >= :since AND until > since) AS p50_seconds,
           percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM until - since))
                  FILTER (WHERE until >= :since AND until > since) AS p90_seconds
      FROM stays GROUP BY place ORDER BY place
    """
)
"""A step is done at its first event: devices at the first device or, as none are needed, at the tariff; a step
without an event at the contract, which requires it. A step is left when it and all before it are done, as in
`domain.onboarding.process.next_step`; a step done ahead of its turn has no stay."""

_DAYS = """
    WITH days AS (
        SELECT CAST(day AS date) AS day
          FROM generate_series(CAST(:first AS date), CAST(:last AS date), interval '1 day') AS day
    )"""

_DAILY = text(
    f"""
    {_DAYS}, moments AS (
        SELECT created_at AS at, 'registered' AS what FROM manager_clients WHERE created_at >= :since
        UNION ALL
        SELECT signed_at, 'signed' FROM manager_contracts WHERE signed_at >= :since AND amendment_of_id IS NULL
        UNION ALL
        SELECT CASE WHEN total_fee = 0 THEN signed_at ELSE payment_confirmed_at END, 'processed'
          FROM manager_contracts
         WHERE CASE WHEN total_fee = 0 THEN signed_at ELSE payment_confirmed_at END >= :since
           AND amendment_of_id IS NULL
    )
    SELECT day,
           count(*) FILTER (WHERE what = 'registered') AS registered,
           count(*) FILTER (WHERE what = 'signed') AS signed,
           count(*) FILTER (WHERE what = 'processed') AS processed
      FROM days LEFT JOIN moments ON CAST(at AT TIME ZONE CAST(:zone AS text) AS date) = day
     GROUP BY day ORDER BY day
    """  # noqa: S608 - the text is ours
)
"""Counts first contracts only: an amendment is not a new client."""

_MESSAGES_DAILY = text(
    f"""
    {_DAYS}, counted AS (
        SELECT CAST(received_at AT TIME ZONE CAST(:zone AS text) AS date) AS day,
               count(*) FILTER (WHERE author = 'buyer') AS inbound,
               count(*) FILTER (WHERE author IN ('staff', 'api', 'seller_app')) AS outbound,
               count(*) FILTER (WHERE is_auto_reply) AS auto,
               count(*) FILTER (WHERE direction = 'telegram' AND status = 'failed') AS failed
          FROM dialog_messages
         WHERE received_at >= :since AND NOT hidden AND kind NOT IN :internal
         GROUP BY 1
    )
    SELECT day, coalesce(inbound, 0) AS inbound, coalesce(outbound, 0) AS outbound, coalesce(auto, 0) AS auto,
           coalesce(failed, 0) AS failed
      FROM days LEFT JOIN counted USING (day) ORDER BY day
    """  # noqa: S608 - the text is ours
).bindparams(bindparam("internal", [str(kind) for kind in INTERNAL], expanding=True))

_CONVERSATIONS = text(
    """
    SELECT (SELECT count(*) FROM dialogs WHERE state = 'active') AS open, unanswered.*,
           (SELECT count(*) FROM dialog_messages
             WHERE (settled_at IS NULL OR reaction_wanted IS NOT NULL) AND status = 'pending'
               AND direction = 'telegram' AND NOT hidden AND kind NOT IN :internal) AS pending,
           (SELECT count(*) FROM dialog_messages
             WHERE status = 'failed' AND direction = 'telegram' AND NOT hidden AND kind NOT IN :internal) AS failed
      FROM (SELECT count(*) AS unanswered, min(first_unanswered_at) AS oldest_unanswered_at
              FROM dialogs WHERE state = 'active' AND first_unanswered_at IS NOT NULL) AS unanswered
    """
).bindparams(bindparam("internal", [str(kind) for kind in INTERNAL], expanding=True))
"""The current state, of any age; the conditions match the partial indexes."""


@dataclass(frozen=True)
class Window:
    """The days in `zone` from `since`, the first moment of a day, up to `now`."""

    since: datetime
    now: datetime
    zone: str

    @property
    def values(self) -> dict[str, Any]:
        return {"since": self.since}

    @property
    def days(self) -> dict[str, Any]:
        return {**self.values, "first": self.since.date(), "last": self.now.date(), "zone": self.zone}


@dataclass(frozen=True)
class Figures:
    """`steps` in the order of `STEPS`: clients of the window that reached and passed each step, and stays that ended in
    the window; the daily figures include empty days."""

    steps: Sequence[RowMapping]
    daily: Sequence[RowMapping]
    conversations: RowMapping
    messages_daily: Sequence[RowMapping]


async def read_figures(session: AsyncSession, window: Window) -> Figures:
    """Figures of all organisations."""
    connection = await session.connection()

    async def rows(query: TextClause, values: dict[str, Any]) -> Sequence[RowMapping]:
        return (await connection.execute(query, values)).mappings().all()

    return Figures(
        steps=await rows(_STEPS, window.values),
        daily=await rows(_DAILY, window.days),
        conversations=(await rows(_CONVERSATIONS, {}))[0],
        messages_daily=await rows(_MESSAGES_DAILY, window.days),
    )
