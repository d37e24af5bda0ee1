"""Ways through an onboarding whose histories are kept: together they pass every kind of event of the workflow."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from domain.onboarding.deadline import LEFT_AFTER
from tests.workflows.fake_card import OFFER, RIGHT_CODE
from tests.workflows.onboarding_driver import CLIENT, MANAGER, OTHER, OnboardingDriver
from workflows.onboarding.workflow import OnboardingWorkflow as Steps


async def straight_through(anna: OnboardingDriver) -> None:
    """Photos, one of them replaced; signed on the manager's device, paid, processed."""
    await anna.does(Steps.save_profile)
    await anna.does(Steps.save_passport)
    await anna.does(Steps.attach_passport_photo)
    await anna.does(Steps.attach_passport_photo)
    await anna.does(Steps.add_device)
    await anna.does(Steps.attach_device_photo)
    await anna.does(Steps.change_device)
    await anna.does(Steps.apply_tariff)
    await anna.does(Steps.generate_contract)
    await anna.signs()
    await anna.card.tried("certify_signature")
    await anna.does(Steps.confirm_payment)
    await anna.ends()


async def void_and_wrong_codes(anna: OnboardingDriver) -> None:
    """Voided, made anew, wrong codes, an outdated version, declined, and signed by the client himself at last."""
    await anna.gets_a_contract()
    await anna.does(Steps.void_contract)
    await anna.does(Steps.generate_contract)
    await anna.is_refused(Steps.confirm_code, code="000000")
    await anna.is_refused(Steps.save_profile, OTHER)
    await anna.does(Steps.save_passport)
    await anna.is_refused(Steps.confirm_code, code=RIGHT_CODE)
    made = await anna.does(Steps.generate_contract)
    await anna.does(Steps.decline_contract, CLIENT, contract=made.contract_id)
    anna.card.fails("store_contract", ConnectionError("the store restarts"))
    anna.card.fails("sign_contract", ConnectionError("the database restarts"))
    made = await anna.does(Steps.generate_contract)
    await anna.does(Steps.agree, CLIENT)
    await anna.does(Steps.request_code, CLIENT)
    await anna.does(Steps.sign_contract, CLIENT, contract=made.contract_id, code=RIGHT_CODE)


async def amendment(anna: OnboardingDriver) -> None:
    """A device after the signature: a second contract, a second invoice, both paid."""
    await anna.gets_a_contract()
    await anna.signs()
    await anna.does(Steps.add_device)
    await anna.does(Steps.remove_device)
    await anna.does(Steps.add_device)
    await anna.does(Steps.generate_contract)
    await anna.signs()
    await anna.does(Steps.confirm_payment)
    await anna.does(Steps.confirm_payment)
    await anna.ends()


async def nobody_answers(anna: OnboardingDriver) -> None:
    """The offer lapses, the next one is signed, its invoice falls overdue, and so does a bill."""
    await anna.gets_a_contract()
    await anna.waits(OFFER + timedelta(hours=1))
    await anna.does(Steps.generate_contract)
    await anna.waits(timedelta(hours=1))
    await anna.does(Steps.request_code)
    await anna.signs()
    await anna.does(Steps.bill)
    await anna.waits(timedelta(days=10))
    await anna.does(Steps.confirm_payment)
    await anna.does(Steps.confirm_payment)
    await anna.ends()


async def changing_hands(anna: OnboardingDriver) -> None:
    """Taken and left, taken by another, released, taken over, with a photo that goes."""
    await anna.does(Steps.save_profile, MANAGER)
    await anna.waits(LEFT_AFTER + timedelta(hours=1))
    await anna.does(Steps.save_passport, OTHER)
    await anna.does(Steps.attach_passport_photo, OTHER)
    await anna.does(Steps.remove_passport_photo, OTHER)
    await anna.does(Steps.release, OTHER)
    await anna.does(Steps.take_over, MANAGER)
    await anna.does(Steps.remove_device_photo, MANAGER)


async def code_by_sms(anna: OnboardingDriver) -> None:
    """The code goes out of the house: its delivery is started beside the next step."""
    await anna.gets_a_contract()
    anna.card.undelivered = (anna.client_id,)
    await anna.does(Steps.request_code)
    await anna.card.until(lambda: not anna.card.undelivered)
    await anna.signs()
    await anna.card.tried("certify_signature")
    await anna.does(Steps.confirm_payment)
    await anna.ends()


SCENARIOS: dict[str, Callable[[OnboardingDriver], Awaitable[None]]] = {
    "straight-through": straight_through,
    "void-and-wrong-codes": void_and_wrong_codes,
    "amendment": amendment,
    "nobody-answers": nobody_answers,
    "changing-hands": changing_hands,
    "code-by-sms": code_by_sms,
}
