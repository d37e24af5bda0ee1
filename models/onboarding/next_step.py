"""The next step of a client as his rows have it, for a card and for a list of them."""

from collections.abc import Mapping
from typing import Any

from domain.clients.status import ClientStatus
from domain.contracts.status import ContractStatus
from domain.onboarding.process import ContractState, OnboardingState, WizardStep, next_step


def step_of(row: Mapping[Any, Any], devices: int, tariff_applied: bool) -> WizardStep:
    """`row` has `id`, `status`, `card_version`, `passport_complete`, and of the newest contract that stands its
    `contract_id`, `number`, `version`, `contract_status` and `contract_card_version`."""
    status = ClientStatus(row["status"])
    return next_step(
        OnboardingState(
            client_id=row["id"],
            status=status,
            passport_complete=bool(row["passport_complete"]),
            devices=devices,
            tariff_applied=tariff_applied,
            contract=_contract(row, status) if row["contract_id"] else None,
        )
    )


def _contract(row: Mapping[Any, Any], status: ClientStatus) -> ContractState:
    """As `models.onboarding` has it: a signed contract is outdated only by what asks for an amendment."""
    contract_status = ContractStatus(row["contract_status"])
    signed = contract_status is ContractStatus.SIGNED
    changed = row["contract_card_version"] != row["card_version"]
    return ContractState(
        id=row["contract_id"],
        number=row["number"],
        version=row["version"],
        status=contract_status,
        outdated=status is ClientStatus.AWAITING_CONTRACT if signed else changed,
    )
