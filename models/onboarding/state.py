"""The state of a process, read from the rows in one statement."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.billing import invoice as invoice_rules
from domain.contracts.status import ContractStatus, is_outdated
from domain.onboarding.process import CodeState, ContractState, InvoiceState, OnboardingState
from models.clients.client import Client

READ = text(
    """
    SELECT coalesce((SELECT p.complete FROM users_passports p WHERE p.user_id = :user_id), false) AS passport_complete,
           (SELECT count(*) FROM manager_devices d WHERE d.client_id = :client_id) AS devices,
           EXISTS (SELECT FROM manager_client_tariffs t WHERE t.client_id = :client_id) AS tariff_applied,
           clock_timestamp() AS as_of,
           c.id, c.number, c.version, c.status, c.card_version, c.offer_started_at, c.offer_expires_at,
           c.client_reminded_at, c.manager_reminded_at, c.certificate_key,
           k.sent_at, k.expires_at, k.tries_left, k.expiry_noted_at, k.used_at,
           (SELECT array_agg(s.id ORDER BY s.version) FROM manager_contracts s
             WHERE s.client_id = :client_id AND s.status = 'signed' AND s.certificate_key IS NULL) AS uncertified,
           (SELECT array_agg(s.id ORDER BY s.version) FROM manager_contracts s
             WHERE s.client_id = :client_id AND s.status = 'signed' AND s.signature_hmac IS NULL) AS unsealed,
           (SELECT array_agg(d.id ORDER BY d.created_at, d.id) FROM deliveries d
             WHERE d.client_id = :client_id AND d.started_at IS NULL AND d.due_at IS NOT NULL) AS undelivered,
           (SELECT jsonb_agg(jsonb_build_object('id', i.id, 'due', i.due_date, 'status', i.status,
                                                'reminded', i.reminded_at IS NOT NULL) ORDER BY i.created_at, i.id)
              FROM manager_invoices i WHERE i.client_id = :client_id AND i.status IN ('pending', 'overdue')) AS invoices
      FROM (SELECT) AS one
      LEFT JOIN LATERAL (SELECT * FROM manager_contracts n
                          WHERE n.client_id = :client_id AND n.status NOT IN ('void', 'declined')
                          ORDER BY n.version DESC LIMIT 1) AS c ON true
      LEFT JOIN LATERAL (SELECT * FROM manager_contract_codes m
                          WHERE m.contract_id = c.id ORDER BY m.sent_at DESC, m.id LIMIT 1) AS k ON true
    """
)


async def read_state(session: AsyncSession, client: Client, zone: ZoneInfo) -> OnboardingState:
    """State of the client's process. The caller has locked the client's row and flushed the changes."""
    connection = await session.connection()
    row = (await connection.execute(READ, {"client_id": client.id, "user_id": client.user_id})).mappings().one()
    return OnboardingState(
        client_id=client.id,
        status=client.status,
        manager_id=client.assigned_manager_id,
        last_step_at=client.last_step_at,
        passport_complete=row["passport_complete"],
        devices=row["devices"],
        tariff_applied=row["tariff_applied"],
        contract=_contract(row, client) if row["id"] else None,
        uncertified=tuple(row["uncertified"] or ()),
        unsealed=tuple(row["unsealed"] or ()),
        invoices=tuple(_invoice(item, zone) for item in row["invoices"] or ()),
        as_of=row["as_of"],
        undelivered=tuple(row["undelivered"] or ()),
    )


def _contract(row: RowMapping, client: Client) -> ContractState:
    status = ContractStatus(row["status"])
    return ContractState(
        id=row["id"],
        number=row["number"],
        version=row["version"],
        status=status,
        outdated=is_outdated(status, row["card_version"], client.card_version, client.status),
        offer_started_at=row["offer_started_at"],
        offer_expires_at=row["offer_expires_at"],
        client_reminded=row["client_reminded_at"] is not None,
        manager_reminded=row["manager_reminded_at"] is not None,
        certified=row["certificate_key"] is not None,
        code=_code(row) if row["sent_at"] else None,
    )


def _code(row: RowMapping) -> CodeState:
    return CodeState(
        sent_at=row["sent_at"],
        expires_at=row["expires_at"],
        tries_left=row["tries_left"],
        expiry_noted=row["expiry_noted_at"] is not None,
        used=row["used_at"] is not None,
    )


def _invoice(item: dict[str, Any], zone: ZoneInfo) -> InvoiceState:
    due = date.fromisoformat(item["due"])
    return InvoiceState(
        id=UUID(item["id"]),
        remind_at=invoice_rules.reminder_at(due, zone),
        overdue_at=invoice_rules.overdue_at(due, zone),
        reminded=item["reminded"],
        overdue=item["status"] == "overdue",
    )
