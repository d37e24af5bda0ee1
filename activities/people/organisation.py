"""Changes of an organisation's settings."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.conversations.auto_reply import check_rules
from domain.conversations.canned_reply import check_canned
from domain.kernel.refusal import NotAuthenticated
from models.conversations.auto_reply_rules import rules_of
from models.people.organisation import Organisation

GONE: Final = "Организации этой учётной записи больше нет."


async def change_organisation(session: AsyncSession, organisation_id: UUID, changes: Mapping[str, Any]) -> Organisation:
    """Set the given columns and check the result as a whole."""
    organisation = found(await Organisation.locked(session, organisation_id))
    for name, value in changes.items():
        setattr(organisation, name, value)
    check_rules(rules_of(organisation))
    check_canned(organisation.canned_replies)
    session.add(organisation)
    await session.flush()
    return organisation


def found(organisation: Organisation | None) -> Organisation:
    if organisation is None:
        raise NotAuthenticated(GONE)
    return organisation
