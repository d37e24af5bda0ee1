"""A client's card, read in one statement that also records the access event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import RowMapping, text
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.onboarding.process import WizardStep, sees_all
from models.onboarding.next_step import step_of
from models.people.manager import Manager

READ = text(
    """
    WITH noted AS (
        INSERT INTO access_events (id, client_id, manager_id, at)
        SELECT :access_id, c.id, :manager_id, :at
          FROM manager_clients c
         WHERE :noted AND c.id = :client_id AND (:sees_all OR coalesce(c.assigned_manager_id = :manager_id, true))
    )
    SELECT c.id, c.status, c.assigned_manager_id, c.support_ticket_id, c.card_version,
           u.id AS user_id,
           coalesce(c.contact_phone, u.phone, u.new_phone) AS phone,
           coalesce(c.contact_email, u.email, u.new_email) AS email,
           CASE WHEN u.phone IS NOT NULL AND u.phone_confirmed_by IS NOT NULL THEN u.phone_confirmed_at END
               AS phone_confirmed_at,
           CASE WHEN u.phone IS NOT NULL AND u.phone_confirmed_at IS NOT NULL THEN u.phone_confirmed_by END
               AS phone_confirmed_by,
           coalesce(c.contact_name, u.name) AS name,
           coalesce(c.contact_address, u.address) AS address,
           p.id AS passport_id, p.data AS passport_data, p.complete AS passport_complete, p.photo_key,
           p.created_at AS passport_created_at, p.updated_at AS passport_updated_at,
           (SELECT jsonb_agg(to_jsonb(d) || jsonb_build_object('photos', coalesce(
                       (SELECT jsonb_agg(to_jsonb(f) ORDER BY f.created_at, f.id)
                          FROM manager_device_photos f WHERE f.device_id = d.id), '[]'))
                     ORDER BY d.created_at, d.id)
              FROM manager_devices d WHERE d.client_id = c.id) AS devices,
           (SELECT to_jsonb(t) FROM manager_client_tariffs t WHERE t.client_id = c.id) AS tariff,
           (SELECT jsonb_agg(to_jsonb(i) ORDER BY i.created_at, i.id)
              FROM manager_invoices i WHERE i.client_id = c.id) AS invoices,
           n.id AS contract_id, n.number, n.version, n.status AS contract_status,
           n.card_version AS contract_card_version,
           n.signed_at, n.payment_confirmed_at, n.file_key,
           (SELECT max(k.sent_at) FROM manager_contract_codes k WHERE k.contract_id = n.id) AS code_sent_at,
           v.state AS delivery_state, v.reason AS delivery_reason, v.channels AS delivery_channels,
           v.expires_at AS delivery_expires_at,
           (SELECT jsonb_agg(to_jsonb(a) ORDER BY a.at, a.id)
              FROM delivery_attempts a WHERE a.delivery_id = v.id) AS delivery_attempts
      FROM manager_clients c
      JOIN users u ON u.id = c.user_id
      LEFT JOIN users_passports p ON p.user_id = c.user_id
      LEFT JOIN LATERAL (SELECT * FROM manager_contracts m
                          WHERE m.client_id = c.id AND m.status NOT IN ('void', 'declined')
                          ORDER BY m.version DESC LIMIT 1) AS n ON true
      LEFT JOIN LATERAL (SELECT o.delivery_id FROM manager_contract_codes o
                          WHERE o.contract_id = n.id ORDER BY o.sent_at DESC, o.id LIMIT 1) AS newest ON true
      LEFT JOIN deliveries v ON v.id = newest.delivery_id
     WHERE c.id = :client_id
    """
)


@dataclass(frozen=True)
class Card:
    """`row` has the columns of `READ`; the passport in it is sealed."""

    row: RowMapping
    open: bool

    @property
    def devices(self) -> list[dict[str, Any]]:
        return self.row["devices"] or []

    @property
    def invoices(self) -> list[dict[str, Any]]:
        return self.row["invoices"] or []

    @property
    def next_step(self) -> WizardStep:
        return step_of(self.row, len(self.devices), self.row["tariff"] is not None)


async def read_card(
    session: AsyncSession, client_id: UUID, reader: Manager, at: datetime, *, noted: bool
) -> Card | None:
    """With `noted`, a full read records an access event; `open` is False for a card of another manager."""
    values = {
        "client_id": client_id,
        "manager_id": reader.id,
        "sees_all": reader.is_super_admin,
        "noted": noted,
        "access_id": uuid4(),
        "at": at,
    }
    connection = await session.connection()
    row = (await connection.execute(READ, values)).mappings().first()
    if row is None:
        return None
    return Card(row, sees_all(row["assigned_manager_id"], reader.id, super_admin=reader.is_super_admin))
