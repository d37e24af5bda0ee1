"""A contract that somebody has signed."""

from domain.kernel.actor import Actor
from models import Client, Contract
from tests.onboarding_setup import OnboardingSetup


async def signed_by(onboarding: OnboardingSetup, client: Client, actor: Actor) -> Contract:
    applied = await onboarding.sign(client, actor=actor)
    assert applied.state.contract is not None
    return await onboarding.row(Contract, applied.state.contract.id)
