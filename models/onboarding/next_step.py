"""The next step of a client, computed from rows of a card or a list."""

from collections.abc import Mapping
from typing import Any

from domain.clients.status import ClientStatus
from domain.contracts.status import ContractStatus, is_outdated
from domain.onboarding.process import ContractState, OnboardingState, WizardStep, next_step


def step_of(row: Mapping[Any, Any], devices: int, tariff_applied: bool) -> WizardStep:
    """`row` has `id`, `status`, `card_version`, `passport_complete`, and of the newest contract in force its
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
    contract_status = ContractStatus(row["contract_status"])
    return ContractState(
        id=row["contract_id"],
        number=row["number"],
        version=row["version"],
        status=contract_status,
        outdated=is_outdated(contract_status, row["contract_card_version"], row["card_version"], status),
    )
