"""Contracts, codes, signatures and certificates."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import seal_settings
import wiring
from activities.contracts.agreement import Agreements
from activities.contracts.certificate import CertificateActivities
from activities.contracts.code import CodeActivities
from activities.contracts.code_delivery import CodeChannels
from activities.contracts.contract import ContractActivities, RenderingActivities, Terms
from activities.contracts.sealing import FormerCertificates, SealingActivities, publish
from activities.contracts.signature import SignatureActivities
from documents.contracts.agreement import published
from documents.contracts.coverage import check_executor
from domain.contracts.contract import Executor
from domain.contracts.refusals import Unprintable
from domain.deliveries.code_channels import code_channels
from domain.deliveries.delivery import Channel
from models.contracts import erase
from seal_settings import SealSettings
from settings import MissingSettings, Settings
from worker.parts import Parts
from worker.schedules import Job
from worker.subject import Subject
from worker.subjects.deliveries import carriers
from workflows.contracts.stamping import StampingWorkflow
from workflows.kernel.names import CORE_QUEUE, DOCUMENTS_QUEUE, SEAL_QUEUE

log = logging.getLogger("privet.worker")


def build_core(parts: Parts) -> Sequence[object]:
    settings, steps = parts.settings, parts.steps
    agreement = published()
    agreements = Agreements(agreement.version, agreement.sha256)
    rules = wiring.code_rules(settings)
    channels = CodeChannels(code_channels(settings.code_channels), frozenset(carriers(parts)))
    if off := [one.value for one in channels.order if one is not Channel.SUPPORT_CHAT and one not in channels.on]:
        log.warning("CODE_CHANNELS: passed over, because their settings are missing: %s", ", ".join(off))
    needs_confirmed_phone = settings.signing_needs_confirmed_phone
    codes = CodeActivities(steps, rules, channels=channels, needs_confirmed_phone=needs_confirmed_phone)
    try:
        check_executor(executor(settings))
    except Unprintable as wrong:
        raise MissingSettings(f"Cannot start, EXECUTOR_…: {wrong.detail}") from None
    terms = Terms(executor(settings), timedelta(hours=settings.offer_hours))
    return (
        codes,
        ContractActivities(steps, codes, agreements, terms),
        SignatureActivities(steps, agreements, needs_confirmed_phone=needs_confirmed_phone),
    )


def build_documents(parts: Parts) -> Sequence[object]:
    return RenderingActivities(parts.steps, parts.storage), FormerCertificates(parts.steps)


def build_seal(parts: Parts) -> Sequence[object]:
    settings, steps, storage = _own(parts), parts.steps, parts.storage
    secrets, stamping = seal_settings.signature_secrets(settings), wiring.stamping(settings, parts.http)
    seal = seal_settings.seal(settings)
    return (
        SealingActivities(steps, storage, secrets, stamping),
        CertificateActivities(steps, storage, seal, secrets, settings.web_url, stamping),
    )


async def publish_what_verifies(parts: Parts) -> None:
    """Raises `MissingSettings` for a revocation of a certificate that is not ours."""
    settings = _own(parts)
    seals, secrets = seal_settings.seal(settings).trusted, seal_settings.signature_secrets(settings)
    try:
        await publish(parts.sessions, seals, seal_settings.revocations(settings.seal_revoked), secrets, parts.now)
    except ValueError as wrong:
        raise MissingSettings(f"Cannot start, SEAL_REVOKED: {wrong}") from None


def _own(parts: Parts) -> SealSettings:
    """The worker of the seal's queue starts with these; no other has them."""
    if not isinstance(parts.settings, SealSettings):
        raise TypeError("the sealing process needs its own settings")
    return parts.settings


def executor(settings: Settings) -> Executor:
    return Executor(
        name=settings.executor_name,
        inn=settings.executor_inn,
        ogrn=settings.executor_ogrn,
        address=settings.executor_address,
        phone=settings.executor_phone,
        email=settings.executor_email,
    )


SUBJECT: Final = Subject(
    activities={CORE_QUEUE: build_core, DOCUMENTS_QUEUE: build_documents, SEAL_QUEUE: build_seal},
    workflows={CORE_QUEUE: (StampingWorkflow,)},
    jobs=(Job("stamp-certificates", StampingWorkflow.run, timedelta(minutes=10), CORE_QUEUE),),
    prepare={SEAL_QUEUE: publish_what_verifies},
    erasure=erase,
)
